"""The steps of a build, in order, and what is said of each."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from bundle import binaries, contents, debian, icons, licences, stage, texts

MEGA = 1_000_000


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


class Build:
    """One build of the checkout in `root`; everything comes to lie in `build`."""

    def __init__(self, root: Path, build: Path) -> None:
        self.root, self.build = root, build
        self.work = build / "bundle"
        self.made = self.work / "dist" / contents.NAME
        self.version = stage.version(root)
        self.packed: list[Path] = []

    # The folder

    def folder(self) -> None:
        """The folder that can be started."""
        staged = self.work / "stage"
        say("Laying out Python and the packages ...")
        stage.lay_out(self.root, staged)
        icons.write_containers(self.root / "assets" / "app-icon.svg", staged, contents.PROGRAM)
        say("PyInstaller collects Qt and the libraries in C (a minute or two) ...")
        self._freeze(staged)
        self._furnish()

    def _freeze(self, staged: Path) -> None:
        shutil.rmtree(self.work / "dist", ignore_errors=True)
        env = {**os.environ, "PLAYGROUND_STAGE": str(staged), "PLAYGROUND_VERSION": self.version}
        command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
        command += ["--distpath", str(self.work / "dist"), "--workpath", str(self.work / "work")]
        spec = self.root / "packaging" / "bundle" / "bundle.spec"
        subprocess.run([*command, str(spec)], check=True, env=env)

    def _furnish(self) -> None:
        """What stands beside the program."""
        inside = self._inside_of_mac() if sys.platform == "darwin" else self.made
        if sys.platform != "win32":
            (inside / "playground-python").symlink_to("playground")
        if sys.platform == "darwin":  # the link has to be within the seal; "-" is a signature without a name
            application = str(self.work / "dist" / "Route Playground.app")
            subprocess.run(["codesign", "--force", "--deep", "--sign", "-", application], check=True)
        licences.collect(self._beside() / "licences", stage.runtime_distributions(), self.root)
        glibc = ""
        if sys.platform == "linux":
            binaries.strip(self.made)
            glibc = binaries.oldest_system(self.made)
            self._furnish_linux()
        words = texts.read_me(self.version, sys.platform, glibc)
        (self._beside() / "READ ME.txt").write_text(words, encoding="utf-8")

    def _beside(self) -> Path:
        """Where papers go: an application of macOS is signed and takes no strange files."""
        folder = self.work / "dist" / "papers" if sys.platform == "darwin" else self.made
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _inside_of_mac(self) -> Path:
        return self.work / "dist" / "Route Playground.app" / "Contents" / "MacOS"

    def _furnish_linux(self) -> None:
        share = self.made / "share"
        icons.write_hicolor(self.root / "assets" / "app-icon.svg", share, texts.NAME)
        (share / "applications").mkdir()
        (share / "metainfo").mkdir()
        entry = texts.desktop_entry(contents.PROGRAM)
        (share / "applications" / f"{texts.NAME}.desktop").write_text(entry, encoding="utf-8")
        about = texts.metainfo(self.version, self._date())
        (share / "metainfo" / f"{texts.ID}.metainfo.xml").write_text(about, encoding="utf-8")
        for name in ("install.sh", "uninstall.sh"):
            shutil.copy(self.root / "packaging" / "bundle" / name, self.made)

    def _date(self) -> str:
        """The day of the last commit, so that the same source makes the same words; else today."""
        try:
            command = ["git", "log", "-1", "--format=%cs"]
            said = subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True).stdout
        except (OSError, subprocess.CalledProcessError):
            return f"{datetime.now(UTC):%Y-%m-%d}"
        return said.strip()

    # Archives and packages

    def packages(self) -> None:
        """What is given to people, for the system at hand."""
        if sys.platform == "linux":
            self._pack_linux()
        elif sys.platform == "darwin":
            self._pack_mac()
        else:
            self._pack_windows()

    def _stem(self, system: str) -> Path:
        return self.build / f"{contents.NAME}-{self.version}-{system}-{platform.machine().lower()}"

    def _pack_linux(self) -> None:
        say("Packing the archive ...")
        archive = self._stem("linux").with_name(self._stem("linux").name + ".tar.gz")
        with tarfile.open(archive, "w:gz", compresslevel=6) as file:
            file.add(self.made, contents.NAME, filter=_nobodys)
        self.packed.append(archive)
        if shutil.which("dpkg-deb") is None:
            say("Left out: the Debian package, for there is no dpkg-deb here.")
            return
        say("Packing the Debian package ...")
        glibc = binaries.oldest_system(self.made)
        carried = frozenset(binaries.carried(self.made))
        facts = debian.Facts(self.version, self._date(), glibc, carried)
        self.packed.append(debian.make(self.made, self.root, self.work, self.build, facts))

    def _pack_mac(self) -> None:
        """`ditto` keeps the links and the signature, which zipping in Python would lose."""
        archive = self._stem("macos").with_name(self._stem("macos").name + ".zip")
        folder = self.work / "dist" / "for-mac"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.work / "dist" / "papers", folder)
        shutil.move(str(self.work / "dist" / "Route Playground.app"), folder)
        subprocess.run(["ditto", "-c", "-k", "--sequesterRsrc", str(folder), str(archive)], check=True)
        shutil.move(str(folder / "Route Playground.app"), self.work / "dist")
        self.packed.append(archive)

    def _pack_windows(self) -> None:
        name = self._stem("windows").name
        made = shutil.make_archive(str(self.build / name), "zip", self.made.parent, contents.NAME)
        self.packed.append(Path(made))
        compiler = shutil.which("iscc")
        if compiler is None:
            say("Left out: the installer, for there is no Inno Setup (iscc) here.")
            return
        script = self.root / "packaging" / "bundle" / "windows.iss"
        given = {
            "Version": self.version,
            "Folder": self.made,
            "Out": self.build,
            "Stage": self.work / "stage",
        }
        command = [compiler, "/Q", *(f"/D{key}={value}" for key, value in given.items()), str(script)]
        subprocess.run(command, check=True)
        self.packed.append(self.build / f"{contents.NAME}-{self.version}-setup.exe")

    # What it weighs

    def report(self) -> None:
        """Print what each part weighs, and keep it in `build/bundle-weights.json`."""
        folder = self.made
        if sys.platform == "darwin":
            folder = self.work / "dist" / "Route Playground.app"
        found = contents.weights(sizes(folder))
        packed = {path.name: path.stat().st_size for path in self.packed}
        kept = {"unpacked": sum(found.values()), "parts": found, "packed": packed}
        self.build.mkdir(exist_ok=True)
        (self.build / "bundle-weights.json").write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
        say(table(found, packed))


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def sizes(folder: Path) -> list[tuple[str, int]]:
    """Every file of a folder with its bytes; a link weighs nothing."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [(path.relative_to(folder).as_posix(), path.stat().st_size) for path in paths]


def table(parts: dict[str, int], packed: dict[str, int]) -> str:
    """Megabytes of each part, and of what is given to people."""
    rows = [*parts.items(), ("Together", sum(parts.values())), *packed.items()]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {size / MEGA:7.1f} MB" for name, size in rows)
