"""What the bundle says of itself: desktop entry, AppStream, control file, and what a person reads."""

from __future__ import annotations

from collections.abc import Iterable

NAME, TITLE, ID = "route-playground", "Route Playground", "io.github.route_playground.RoutePlayground"
SUMMARY = "Teach, learn and prototype with Flask"
MIME_TYPES = ("inode/directory", "text/x-python")
"""An app.py can't be told from other Python by its type: offered for all, we open the folder of the file."""


def desktop_entry(program: str) -> str:
    """The entry that starts `program`, a path or a name on the PATH."""
    return f"""[Desktop Entry]
Type=Application
Version=1.4
Name={TITLE}
GenericName=Flask Playground
Comment={SUMMARY}
Exec={_quoted(program)} open %f
Icon={NAME}
Terminal=false
Categories=Development;WebDevelopment;
Keywords=Flask;Python;Web;HTTP;Routes;Jinja;Server;
MimeType={";".join(MIME_TYPES)};
StartupNotify=true
StartupWMClass={TITLE}
"""


def _quoted(program: str) -> str:
    """As the specification wants a program with unusual signs in its path."""
    if all(sign.isalnum() or sign in "/._-" for sign in program):
        return program
    for sign in '\\\\"`$':
        program = program.replace(sign, "\\\\" + sign)
    return '"' + program.replace("%", "%%") + '"'


def metainfo(version: str, date: str) -> str:
    """What software centres show."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>{ID}</id>
  <metadata_license>CC0-1.0</metadata_license>
  <project_license>MIT</project_license>
  <name>{TITLE}</name>
  <summary>{SUMMARY}</summary>
  <description>
    <p>
      Routes by form, templates live, requests answered, all in an ordinary Flask folder. You press New route,
      say what it answers, and it is there: in the form, in the code, on the map and on a server that runs.
    </p>
    <p>
      Every request shows its way through Flask: the rule that matched, the values that its converters made,
      the view, the template, and what came back. One that failed says why, with the edit that mends it.
    </p>
  </description>
  <launchable type="desktop-id">{NAME}.desktop</launchable>
  <icon type="stock">{NAME}</icon>
  <developer id="io.github.route_playground">
    <name>The Route Playground authors</name>
  </developer>
  <categories>
    <category>Development</category>
    <category>WebDevelopment</category>
  </categories>
  <provides>
    <binary>playground</binary>
  </provides>
  <supports>
    <control>keyboard</control>
    <control>pointing</control>
  </supports>
  <requires>
    <display_length compare="ge">1024</display_length>
  </requires>
  <content_rating type="oars-1.1"/>
  <releases>
    <release version="{version}" date="{date}"/>
  </releases>
</component>
"""


def control(
    version: str, architecture: str, kilobytes: int, depends: Iterable[str], recommends: Iterable[str]
) -> str:
    """The control file of the Debian package."""
    return f"""Package: {NAME}
Version: {version}
Architecture: {architecture}
Maintainer: The Route Playground authors <route-playground@localhost>
Installed-Size: {kilobytes}
Depends: {", ".join(depends)}
Recommends: {", ".join(recommends)}
Section: education
Priority: optional
Description: {SUMMARY}
 Routes by form, templates live, requests answered, all in an ordinary Flask
 folder, which works just as well without this program.
 .
 Every request shows its way through Flask; one that failed says why, with the
 edit that mends it. Python, Flask and Qt are inside: nothing else is needed,
 and no network.
"""


def dependencies(table: str, carried: set[str], glibc: str) -> tuple[list[str], list[str]]:
    """What the package depends on and what it recommends, from the table of system libraries.

    Libraries that the bundle carries itself are left out; fonts and what serves Wayland are recommended.
    """
    depends, recommends = [f"libc6 (>= {glibc})", "libgcc-s1", "libstdc++6"], []
    for line in table.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        when, what, package, *_ = line.split()
        if when == "run" and what not in carried and "/" not in what:
            depends.append(_alternatives(package))
        elif when == "wayland" or (when == "run" and "/" in what):
            recommends.append(_alternatives(package))
    return depends, recommends


def _alternatives(package: str) -> str:
    plain, bracket, _ = package.partition("[")
    return f"{plain}t64 | {plain}" if bracket else plain


def copyright_file(mit: str) -> str:
    """Who may do what, for Debian."""
    terms = "\n".join(f" {line}" if line else " ." for line in mit.strip().splitlines())
    return f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: {TITLE}
Comment: The package carries Python, Flask, Qt and others. Their licences are in
 /usr/lib/{NAME}/licences.

Files: *
Copyright: The Route Playground authors
License: Expat
{terms}
"""


def read_me(version: str, system: str, glibc: str = "") -> str:
    """The first thing to read in the folder."""
    start = {
        "linux": f"""Start it:        ./playground
Put it in the menu (for you alone, nobody has to be asked):   ./install.sh
Take it out again:                                            ./uninstall.sh

It needs Linux with glibc {glibc} or later, and a desktop.""",
        "darwin": "Drag Route Playground to Applications, and open it.",
        "win32": "Double click Route Playground. In a terminal, playground.exe does the same.",
    }[system]
    return f"""{TITLE} {version}
{SUMMARY}

{start}

Python, Flask and Qt are inside. Nothing has to be installed, no network is needed.

Settings are kept in your user folder. With an empty file named "portable" beside the program,
everything is kept in the folder "data" next to it: for a stick, or a shared drive.

playground --help lists what can be done in a terminal. playground-python is the Python inside:

    playground-python -m flask --app app run

The licences of all parts are in the folder "licences".
"""
