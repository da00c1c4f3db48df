"""Reading one Python file from its tree alone: nothing of it is run, no other file is looked at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import nullcontext

from playground.core.heap import heap
from playground.core.pieces import FAILURES, pieces
from playground.core.problems import ProblemError
from playground.project.python.source import Source, refuse_too_deep
from playground.project.python.syntax import first_line, grouped
from playground.project.python.tolerance import MaskedSource, faults_of
from playground.project.reading.broken_routes import held_on_to, hold_imports, with_broken_routes
from playground.project.reading.modules import ModuleReading, Outline
from playground.project.reading.rereading import bound_by, find_window, reread
from playground.project.reading.walking import SHORTCUTS, Reader

__all__ = ["SHORTCUTS", "Reader", "read_module", "read_tolerantly"]


def read_module(source: Source) -> ModuleReading:
    """Read one file. Raises ProblemError where it does not parse.

    The last readings of a few files are kept: what an edit leaves is read when it is checked, again when it
    is found on the disk, and once more when the next edit begins; and most of the next one is as it was.
    """
    known = _recent.get(source.file)
    if known is None or known.source.data != source.data:
        fresh = Source(source.file, source.data)
        with refuse_too_deep(source.file):
            again = reread(known, fresh, Reader) if known is not None else None
            known = again if again is not None else _read_afresh(fresh)
    _recent.pop(source.file, None)
    _recent[source.file] = known  # the last one to be forgotten; where reading fails the old one stays
    while len(_recent) > _MOST_RECENT:
        _recent.pop(next(iter(_recent)), None)
    return known


def read_tolerantly(source: Source, before: ModuleReading | None = None) -> ModuleReading:
    """As ``read_module``, and where the file does not parse all that can still be read of it.

    ``problem`` then says what is wrong. ``before`` is what was known of the file: what its statements at
    fault said is held on to as far as they still look like it. Raises ProblemError where nothing can be read.
    """
    try:
        return read_module(source)
    except ProblemError as error:
        known = _broken.get(source.file)
        if before is None and known is not None and known.source.data == source.data:
            return known
        reading = _read_again_in_part(source) or _read_around_faults(source, before)
        if reading is None:
            raise
        reading = with_broken_routes(reading, error.problem)
    if before is not None:
        return held_on_to(reading, before)
    _broken.clear()
    _broken[source.file] = reading
    return reading


def _read_again_in_part(source: Source) -> ModuleReading | None:
    """The reading where all that changed since the file parsed is inside of functions; None elsewhere."""
    known = _recent.get(source.file)
    window = find_window(known, source) if known is not None else None
    if known is None or window is None:
        return None
    faults = faults_of(source.text[window.start : window.end])
    if faults is None:
        return None
    spans = tuple((window.start + start, window.start + end) for start, end in faults)
    try:
        return reread(known, MaskedSource(source.file, source.data, spans), Reader)
    except ProblemError:  # what is at fault reaches further than what changed
        return None


def _read_around_faults(source: Source, before: ModuleReading | None) -> ModuleReading | None:
    faults = faults_of(source.text)
    if faults is None:
        return None
    masked = MaskedSource(source.file, source.data, faults)
    seed = ModuleReading(source.file, masked)
    if before is not None:
        hold_imports(seed, before)
    try:
        return _read_afresh(masked, seed)
    except ProblemError:
        return None


_broken: dict[str, ModuleReading] = {}
_LONG = 100_000
_MOST_RECENT = 6
_recent: dict[str, ModuleReading] = {}


def _read_afresh(source: Source, seed: ModuleReading | None = None) -> ModuleReading:
    """The tree of a long file is not looked through for garbage while it is there."""
    with heap.at_rest() if len(source.data) > _LONG else nullcontext():
        return _read_whole(seed or ModuleReading(source.file, source))


def _read_whole(found: ModuleReading) -> ModuleReading:
    source = found.source
    groups = list(_groups(source))
    reader = Reader(found, [node for nodes in groups for node in nodes])
    special = []
    for nodes in groups:
        reader.special = False
        reader.names(nodes, "")
        special.append(reader.special)
    routes = []
    for at, nodes in enumerate(groups):
        reader.special, before = special[at], len(reader.found.routes)
        reader.walk(nodes, "")
        special[at] = reader.special
        routes.append(len(reader.found.routes) - before)
    starts = [source.line_starts[first_line(nodes[0]) - 1] for nodes in groups]
    binds = [None if odd else bound_by(nodes) for nodes, odd in zip(groups, special, strict=True)]
    reader.found.outline = Outline([0, *starts[1:]], binds or [None], routes or [0])
    return reader.found


def _groups(source: Source) -> Iterator[list[ast.stmt]]:
    """The statements of the file, those that share a line together."""
    try:
        body = [node for piece in pieces(source.program, keep_lines=True) for node in piece.tree.body]
    except FAILURES:
        body = source.tree.body  # it raises what Python says of the whole
    yield from grouped(body)
