; The installer for Windows, made by Inno Setup 6: for the person who runs it, without administrator rights.
; `dev.py bundle` gives Version, Folder (what is installed), Stage (where the icon is) and Out (where it goes).

[Setup]
AppId={{6E0A2C55-4A6F-4E53-9B0B-6B4E0B5B9A31}
AppName=Route Playground
AppVersion={#Version}
AppPublisher=The Route Playground authors
DefaultDirName={localappdata}\Programs\Route Playground
DefaultGroupName=Route Playground
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile={#Folder}\licences\Route Playground.txt
OutputDir={#Out}
OutputBaseFilename=route-playground-{#Version}-setup
SetupIconFile={#Stage}\playground.ico
UninstallDisplayIcon={app}\Route Playground.exe
UninstallDisplayName=Route Playground
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
ChangesEnvironment=yes
CloseApplications=yes

[Tasks]
Name: desktopicon; Description: "A shortcut on the desktop"; Flags: unchecked
Name: openwith; Description: "Open folders and Python files with it from their context menu"
Name: path; Description: "The command playground in a terminal"; Flags: unchecked

[InstallDelete]
; what an older version had and this one has not would be found before
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{autoprograms}\Route Playground"; Filename: "{app}\Route Playground.exe"
Name: "{autodesktop}\Route Playground"; Filename: "{app}\Route Playground.exe"; Tasks: desktopicon

[Registry]
; An entry of a folder's context menu, and one in "Open with" of Python files; neither takes the place of another.
Root: HKCU; Subkey: "Software\Classes\Directory\shell\RoutePlayground"; ValueType: string; ValueData: "Open with Route Playground"; Flags: uninsdeletekey; Tasks: openwith
Root: HKCU; Subkey: "Software\Classes\Directory\shell\RoutePlayground"; ValueType: string; ValueName: "Icon"; ValueData: "{app}\Route Playground.exe"; Tasks: openwith
Root: HKCU; Subkey: "Software\Classes\Directory\shell\RoutePlayground\command"; ValueType: string; ValueData: """{app}\Route Playground.exe"" open ""%1"""; Tasks: openwith
Root: HKCU; Subkey: "Software\Classes\RoutePlayground.Project"; ValueType: string; ValueData: "Python file"; Flags: uninsdeletekey; Tasks: openwith
Root: HKCU; Subkey: "Software\Classes\RoutePlayground.Project\shell\open"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "Route Playground"; Tasks: openwith
Root: HKCU; Subkey: "Software\Classes\RoutePlayground.Project\shell\open\command"; ValueType: string; ValueData: """{app}\Route Playground.exe"" open ""%1"""; Tasks: openwith
Root: HKCU; Subkey: "Software\Classes\.py\OpenWithProgids"; ValueType: string; ValueName: "RoutePlayground.Project"; ValueData: ""; Flags: uninsdeletevalue; Tasks: openwith
; The command, at the end of the person's own PATH, once.
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Check: IsNotOnPath; Tasks: path

[Run]
Filename: "{app}\Route Playground.exe"; Description: "Start Route Playground"; Flags: nowait postinstall skipifsilent

[Code]
function PathNow: String;
begin
  if not RegQueryStringValue(HKCU, 'Environment', 'Path', Result) then
    Result := '';
end;

function IsNotOnPath: Boolean;
begin
  Result := Pos(';' + Lowercase(ExpandConstant('{app}')) + ';', ';' + Lowercase(PathNow) + ';') = 0;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Whole, Own: String;
  Found: Integer;
begin
  if Step <> usPostUninstall then
    Exit;
  Whole := ';' + PathNow + ';';
  Own := ';' + ExpandConstant('{app}') + ';';
  Found := Pos(Lowercase(Own), Lowercase(Whole));
  if Found = 0 then
    Exit;
  Delete(Whole, Found, Length(Own) - 1);
  RegWriteExpandStringValue(HKCU, 'Environment', 'Path', Copy(Whole, 2, Length(Whole) - 2));
end;
