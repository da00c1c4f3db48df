"""The lines of a frame's code as they were loaded, which its file may not say any more; what failed in them.

A module of the project knows what it was compiled of, also while its successor is live already. A template's
text is with Jinja's loader. What is installed does not change, and is read from its file.
"""

from __future__ import annotations

import linecache
from collections.abc import Iterator
from importlib.util import decode_source
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType

from flask import current_app, has_app_context

from playground.server.imports import FreshLoader
from playground.server.last_good import LastGoodLoader
from playground.server.loaded import LoadedFile
from playground.server.tracing_frames import grown_in
from playground.server.tracing_templates import template_of

AROUND = 5
"""Lines that are kept before and after the one that failed."""
LONGEST = 400
"""Characters of a line that are kept."""
TALLEST = 12
"""Lines that an expression may take to be marked as a whole."""
OF_STRING = "<template>"
"""What Jinja calls the file of a template that a view gave as text."""
Lines = list[str]


class Sources:
    """Finds lines for the frames of one exception, and remembers them: the same files come again."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], Lines] = {}
        self._windows: dict[tuple[str, int, int, int], tuple[str, ...]] = {}
        self.of_string = ""
        """The text of the template that the view gave itself."""

    def lines(self, frame: FrameType) -> Lines:
        """All lines of the frame's file as they were loaded; none where they are not those that ran."""
        code, file = frame.f_code, loaded_file(frame)
        if is_template(frame):
            return self._template(code.co_filename)
        if file is None:
            return linecache.getlines(code.co_filename, frame.f_globals)
        if not _is_current(file, code):
            return []
        key = (file.path, id(file.data))
        if key not in self._known:
            self._known[key] = _split(decode_source(file.data))
        return self._known[key]

    def of_file(self, path: str) -> Lines:
        """The lines of a file that did not parse, as it is on the disk."""
        try:
            return _split(decode_source(Path(path).read_bytes()))
        except (OSError, ValueError, SyntaxError):  # gone by now, or no text in the encoding that it names
            return []

    def _template(self, path: str) -> Lines:
        if path == OF_STRING:
            return _split(self.of_string)
        key = (path, 0)
        if key not in self._known:
            good = _good_template(path)
            self._known[key] = _split(good) if good is not None else self._on_disk(path)
        return self._known[key]

    def _on_disk(self, path: str) -> Lines:
        try:
            return _split(Path(path).read_text(encoding="utf-8", errors="replace"))
        except (OSError, ValueError):  # one that has no file
            return []

    def window(self, path: str, lines: Lines, line: int, end: int) -> tuple[int, tuple[str, ...]]:
        """The lines from some before ``line`` to some after ``end``, and the number of the first."""
        if not 1 <= line <= len(lines):
            return 0, ()
        first, last = max(1, line - AROUND), min(len(lines), max(line, end) + AROUND)
        key = (path, id(lines), first, last)
        if key not in self._windows:
            self._windows[key] = tuple(each.rstrip("\r\n")[:LONGEST] for each in lines[first - 1 : last])
        return first, self._windows[key]


def is_template(frame: FrameType) -> bool:
    """Whether the frame stands for a line of a template."""
    return "__jinja_exception__" in frame.f_globals or template_of(frame) is not None


def line_in_source(frame: FrameType, line: int) -> int:
    """The line as it counts in what was loaded: edits above, or Jinja, may have moved it."""
    template = template_of(frame)
    if template is not None:
        return template.get_corresponding_lineno(line)
    file = loaded_file(frame)
    return line + grown_in(file, frame.f_code) if file is not None else line


def extent(frame: FrameType, at: int, line: int, lines: Lines) -> tuple[int, int, int]:
    """What failed of a line: the character it begins at, its last line, and the character after it there.

    ``at`` is the instruction, ``line`` its line in ``lines``. Nothing, where it is the whole line anyway.
    """
    nothing = (-1, line, -1)
    if is_template(frame) or at < 0 or not 1 <= line <= len(lines):
        return nothing
    begin, end, column, end_column = _position(frame.f_code, at)
    if begin is None or end is None or column is None or end_column is None:
        return nothing
    last = line + end - begin
    if last > len(lines) or end - begin > TALLEST:
        return nothing
    marked = _characters(lines[line - 1], column), last, _characters(lines[last - 1], end_column)
    text = lines[line - 1].rstrip()
    is_whole = last == line and marked[0] <= len(text) - len(text.lstrip()) and marked[2] >= len(text)
    return nothing if is_whole else marked


def _position(code: CodeType, at: int) -> tuple[int | None, int | None, int | None, int | None]:
    found = next(islice(code.co_positions(), at // 2, None), None)
    return found if found is not None else (None, None, None, None)


def _characters(text: str, at: int) -> int:
    """Python counts in bytes of UTF-8."""
    return len(text.encode("utf-8", "surrogatepass")[:at].decode("utf-8", "ignore"))


def loaded_file(frame: FrameType) -> LoadedFile | None:
    """What the module of the frame was compiled of; None for what is not the project's."""
    loader = frame.f_globals.get("__loader__")
    file = loader.loaded if isinstance(loader, FreshLoader) else None
    return file if file is not None and file.path == frame.f_code.co_filename else None


def _is_current(file: LoadedFile, code: CodeType) -> bool:
    """Whether the text is the one that this code is of: a body may be replaced while it runs."""
    now = file.codes.get(code.co_qualname)
    return now is None or now is code


def _good_template(path: str) -> str | None:
    """The text of a template that was compiled, by the name of its file."""
    return next((text for text, file in _good_templates() if file == path), None)


def _good_templates() -> Iterator[tuple[str, str | None]]:
    loader = current_app.jinja_env.loader if has_app_context() else None
    if isinstance(loader, LastGoodLoader):
        yield from list(loader.good.values())


def _split(text: str) -> Lines:
    return text.removesuffix("\n").split("\n")
