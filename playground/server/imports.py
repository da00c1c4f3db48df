"""How a project's own modules are found and imported: always fresh, never cached, never in the way.

Three things make the ordinary import system unfit for a playground, and each is answered here:

* bytecode caching serves stale code when a file is rewritten with the same size within a second, so
  ``FreshLoader`` compiles from source and neither reads nor writes bytecode;
* a folder on ``sys.path`` offers its ``calendar.py`` to everybody in the process, so the folder is never
  put there: ``ProjectImports`` looks at who is importing and answers the project's own code only;
* an imported module stays in ``sys.modules``, so the project's modules are taken out before each load,
  put back when it fails, and are gone when the project is closed. No other module is ever touched.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    PathFinder,
    SourceFileLoader,
)
from pathlib import Path
from types import CodeType, ModuleType
from typing import ClassVar

from playground.server import loggers
from playground.server.loaded import Compiled, LoadedFile, stamp_of

OWN_PACKAGE = str(Path(__file__).resolve().parent.parent) + os.sep
"""The playground itself: never a project's module, not even where the project is its own checkout."""


class FreshLoader(SourceFileLoader):
    """Loads a module from its source alone; ``loaded`` is what that was, for as long as the module lives."""

    loaded: LoadedFile | None = None
    files: ClassVar[dict[str, LoadedFile]] = {}
    """What was compiled of each file of a project that is open, by path."""

    def get_code(self, fullname: str) -> CodeType:
        """Compile the source as it is on disk now; every complaint about it names the file."""
        (code,) = self._compiled(self.get_filename(fullname), Compiled.whole)
        return code

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, and remember where its names are."""
        path = self.get_filename(module.__name__)
        codes = self._compiled(path, Compiled.in_parts)
        self.files[path].namespace = vars(module)
        for code in codes:
            exec(code, vars(module))

    def _compiled(self, path: str, how: Callable[[bytes, str], Compiled]) -> list[CodeType]:
        stamp = stamp_of(path)
        data = self.get_data(path)
        try:
            compiled = how(data, path)
        except SyntaxError as error:
            error.filename = error.filename or path
            raise
        except ValueError as error:  # null bytes, on Python 3.11.3 and before
            raise SyntaxError(str(error), (path, 1, 0, "")) from error
        file = LoadedFile(path, data, compiled, stamp)
        file.imported_twice = path in self.files
        self.files[path] = self.loaded = file
        return compiled.codes


class ProjectImports(MetaPathFinder):
    """Finds the modules of one project, for the code of that project.

    ``folder`` is the project's, resolved; ``root`` is where its top-level names are looked up: the folder,
    or the one above a package as ``flask run`` has it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.root = self.folder

    # -- what belongs to the project -------------------------------------------------------------

    def holds(self, path: str | None) -> bool:
        """Whether a file is the project's own: in the folder, not installed, not the playground."""
        if not path or "site-packages" in path:
            return False
        if path != self.folder and not path.startswith(self.folder + os.sep):
            return False
        return not (path.startswith(OWN_PACKAGE) and OWN_PACKAGE.startswith(self.folder + os.sep))

    def relative(self, path: str) -> str:
        """The file's name within the folder, with ``/`` between its parts."""
        return Path(path).relative_to(self.folder).as_posix()

    def modules(self) -> dict[str, ModuleType]:
        """Those of ``sys.modules`` that were made from the project's source."""
        return {
            name: module
            for name, module in sys.modules.copy().items()
            if name != "__main__" and isinstance(module, ModuleType) and self._owns(module)
        }

    def _owns(self, module: ModuleType) -> bool:
        file = vars(module).get("__file__")
        if isinstance(file, str):
            return file.endswith(".py") and self.holds(file)
        portions = vars(module).get("__path__")  # a folder without __init__.py
        return isinstance(portions, list) and any(self.holds(portion) for portion in portions)

    def names(self) -> Iterator[str]:
        """The top-level module names that the project offers."""
        for place in self._places():
            for entry in sorted(Path(place).iterdir()):
                if entry.suffix == ".py":
                    yield entry.stem
                elif (entry / "__init__.py").is_file():
                    yield entry.name

    # -- the import system asks ----------------------------------------------------------------------

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The project's module of that name, if it is the project that asks for it."""
        if path is not None:  # a part of a package: the package's owner answers
            return self._look_in(fullname, [portion for portion in path if self.holds(portion)])
        if fullname in sys.builtin_module_names:
            return None
        distance = self._distance_to_project()
        if distance is None or (distance and self.is_elsewhere(fullname)):
            return None
        spec = self._look_in(fullname, self._places(fullname))
        # A folder that merely has the name of an installed package gives way to it, as everywhere.
        return None if spec and spec.loader is None and self.is_elsewhere(fullname) else spec

    def _places(self, fullname: str = "") -> list[str]:
        """Where a top-level name is looked up: as ``flask`` does, then in the folder itself.

        Of the folder above a package only that package is looked at: the rest of it is not the project's.
        """
        above = not f"{self.root}{os.sep}".startswith(f"{self.folder}{os.sep}")
        first = [self.root] if not above or fullname == Path(self.folder).name else []
        added = [entry for entry in sys.path if self.holds(entry)]
        return list(dict.fromkeys([*first, *added, self.folder]))

    def _look_in(self, fullname: str, folders: Iterable[str]) -> ModuleSpec | None:
        namespace: ModuleSpec | None = None
        for folder in folders:
            finder = FileFinder(
                folder, (ExtensionFileLoader, EXTENSION_SUFFIXES), (FreshLoader, SOURCE_SUFFIXES)
            )
            spec = finder.find_spec(fullname)
            if spec and spec.loader:
                return spec
            namespace = namespace or spec
        return namespace

    def is_elsewhere(self, fullname: str) -> bool:
        """Whether something that is installed, or Python itself, has a module of that name."""
        spec = PathFinder.find_spec(fullname)
        return spec is not None and spec.loader is not None and not self.holds(spec.origin)

    def _distance_to_project(self) -> int | None:
        """0: the project's code is importing; 1: another's code on its behalf; None: it is not involved."""
        distance = 0
        frame = sys._getframe(2)
        while frame is not None:
            by = str(frame.f_globals.get("__name__", ""))
            loading = by == __name__ and frame.f_locals.get("self") is self  # in bring_in
            if loading or self.holds(frame.f_code.co_filename):
                return distance
            if by.partition(".")[0] != "importlib":
                distance = 1
            if frame.f_back is None:
                break
            frame = frame.f_back
        return None

    # -- coming and going ------------------------------------------------------------------------------

    def open(self) -> None:
        """Take part in imports; again and again is as good as once."""
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)

    def close(self) -> None:
        """Take the project's modules, their loggers and its path entries out of the process."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        loggers.take_out(self.clear())

    def files(self) -> dict[str, LoadedFile]:
        """What was compiled of the project's files, by path."""
        return {path: file for path, file in FreshLoader.files.copy().items() if self.holds(path)}

    def clear(self) -> dict[str, ModuleType]:
        """Take the project's modules out of ``sys.modules`` and return them."""
        for path in self.files():
            FreshLoader.files.pop(path, None)
        gone = self.modules()
        for name in gone:
            sys.modules.pop(name, None)
        sys.path[:] = [entry for entry in sys.path if not self.holds(entry)]
        forget_finders(self.holds)
        return gone

    def bring_in(self, name: str) -> ModuleType:
        """Import a module of the project; being on the stack is what lets it be found."""
        return importlib.import_module(name)


def forget_finders(gone: Callable[[str], bool]) -> None:
    """Let Python forget what it knows of folders, and look anew at all others.

    Other threads may import at the same time, which adds to it.
    """
    for entry in list(sys.path_importer_cache):
        if gone(entry):
            sys.path_importer_cache.pop(entry, None)
    importlib.invalidate_caches()
