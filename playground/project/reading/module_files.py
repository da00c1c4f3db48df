"""Which file of the project an imported name comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from playground.project.reading.modules import module_name


class ModuleFiles:
    """The project's modules by their dotted names.

    The project's folder may itself be the package, or hold it in a folder such as ``src``: a name that ends
    as just one module's does, or the other way round, is taken for that one.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self._files = {module_name(file): file for file in files}
        self._by_end: dict[str, list[str]] = {}
        for module in self._files:
            for end in _ends(module):
                self._by_end.setdefault(end, []).append(module)

    def find(self, target: str) -> tuple[str, str] | None:
        """The file in which a full dotted name lives, and what is left of the name there."""
        parts = target.split(".")
        for look in (self._files.get, self._by_ends):  # app.app is app of app.py rather than a module app
            for cut in range(len(parts), 0, -1):
                file = look(".".join(parts[:cut]))
                if file is not None:
                    return file, ".".join(parts[cut:])
        own = self._files.get("")  # the folder's own __init__.py
        return (own, target) if own is not None else None

    def _by_ends(self, module: str) -> str | None:
        ends = [*self._by_end.get(module, ()), *(end for end in _ends(module) if end in self._files)]
        return self._files[ends[0]] if len(ends) == 1 else None


def _ends(module: str) -> Iterator[str]:
    """What a dotted name ends with: ``b.c`` and ``c`` of ``a.b.c``."""
    while "." in module:
        module = module.partition(".")[2]
        yield module
