"""The project as the snapshot shows it: what its source says, joined with the running app's map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from playground.core.changes import Change, LiveState, ProjectState
from playground.core.fixes import Mend
from playground.core.joining import Joining, Running, as_written
from playground.core.problems import ProblemError, refuse
from playground.core.proposals import CleanUp, Wanted
from playground.core.routes import Route

if TYPE_CHECKING:
    from playground.project.python.standing import Standing

Text = Callable[[str], str]


class JoinedPicture:
    """Keeps what the source says and shows it joined.

    ``source``, ``show`` and ``move`` are for one thread at a time: whoever publishes. The rest looks once,
    and may be asked on the project lane meanwhile: it is that lane which says what the source says.
    ``settled`` says whether the last joining had source and app in step.
    """

    def __init__(self) -> None:
        self.source: ProjectState | None = None
        self.settled = True
        self._joining = Joining()
        self._shown: tuple[Route, ...] = ()

    def show(self, live: LiveState, is_behind: bool, text: Text) -> ProjectState | None:
        """The project to show. ``is_behind``: the source is newer than what ``live`` was made of.

        ``text`` reads a file, to say why a route of it is not in the running app.
        """
        source, held_back = self.source, live.problem is not None
        self.settled = not is_behind
        if source is None:
            self._joining, self._shown = Joining(), ()
            return None
        rules = live.map if live.loaded else None
        running = Running(rules, not is_behind and not held_back, held_back and not is_behind)
        around = _Around(text)
        routes = self._joining.join(source.routes, running, source.owners, around.keeps_out)
        same = len(routes) == len(self._shown) and all(map(_is, routes, self._shown))
        self._shown = self._shown if same else routes
        return replace(source, routes=self._shown)

    @property
    def added(self) -> tuple[str, ...]:
        """The endpoints of routes that only the running app has, and whose views are in the project."""
        return tuple(row.endpoint for row in self._shown if not row.in_source and row.file)

    def move(self, lines: Mapping[str, int]) -> bool:
        """Take in where views are now; says whether there is something new to show."""
        moved = lines != self._joining.lines and any(
            not row.in_source and lines.get(row.endpoint, row.line) != row.line for row in self._shown
        )
        if moved:
            self._joining.lines = lines
        return moved

    def written(self, route: Route) -> Route:
        """The route of the source that a shown one stands for; refuses one that no line of it declares."""
        if not route.in_source:
            raise refuse(f"No line of the source declares {route.full_rule}.", route.why_not)
        return as_written(route, self.source.routes if self.source is not None else ())

    def wanted(self, wanted: Wanted) -> Wanted:
        """What is wanted of a shown route, said of the one in the source."""
        if isinstance(wanted, CleanUp | Mend) or wanted.route is None:
            return wanted
        return replace(wanted, route=self.written(wanted.route))

    def followed(self, change: Change) -> Change:
        """A change of the source with the key under which its route is shown."""
        shown = self._shown
        if change.key is None or any(route.key == change.key for route in shown):
            return change
        rows = (row for row in shown if row.in_source and self.written(row).key == change.key)
        key = next((row.key for row in rows), change.key)
        return replace(change, key=key)


def _is(one: Route, other: Route) -> bool:
    return one is other


class _Around:
    """What keeps routes out, going by the files as they are now; each is read once, and only when asked."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._files: dict[str, Standing | None] = {}

    def keeps_out(self, route: Route) -> str:
        if route.region is None or route.region.text[:1] not in " \t":
            return ""
        if route.file not in self._files:
            self._files[route.file] = self._read(route.file)
        standing = self._files[route.file]
        return standing.keeps_out(route.line) if standing is not None else ""

    def _read(self, file: str) -> Standing | None:
        from playground.project.python.standing import Standing

        try:
            return Standing(self._text(file), file)
        except ProblemError:
            return None
