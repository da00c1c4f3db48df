"""Problems at the lines of an editor: what its marks say, and a menu of what would mend them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtWidgets import QMenu

from playground.core.fixes import Fix
from playground.core.problems import Problem
from playground.gui.icons import icon
from playground.gui.widgets.code_editor import CodeEditor, Mark


def between(problems: Iterable[Problem], file: str, first: int, last: int) -> list[Problem]:
    """Those of some lines of a file, both ends included."""
    return [
        one
        for one in problems
        if one.place is not None
        and one.place.file == file
        and one.place.line is not None
        and first <= one.place.line <= last
    ]


def marks_of(problems: Iterable[Problem]) -> tuple[Mark, ...]:
    """What an editor marks; the tool tip says what is wrong and why."""
    return tuple(
        Mark(one.place.line, one.place.column, _tip(one), one.warns)
        for one in problems
        if one.place is not None and one.place.line is not None
    )


def words_of(problems: Sequence[Problem]) -> str:
    """The first two of a file, each with its line, and how many there are beside them."""
    lines = [
        f"{'' if one.warns else '⚠ '}{_line(one)}{one.sentence} {one.hint}".rstrip() for one in problems[:2]
    ]
    more = len(problems) - len(lines)
    return "\n".join([*lines, f"… and {more} more"] if more else lines)


def _line(problem: Problem) -> str:
    return f"Line {problem.place.line}: " if problem.place and problem.place.line else ""


def _tip(problem: Problem) -> str:
    more = problem.why or problem.hint
    keys = "Ctrl+. mends it." if problem.fixes else ""
    return "\n".join(filter(None, (problem.sentence, more, keys)))


def offer_fixes(
    editor: CodeEditor,
    problems: Sequence[Problem],
    chosen: Callable[[Fix], None],
    told: Callable[[Problem], None],
) -> QMenu:
    """Open a menu at the cursor: the fixes of each problem, and why it is one."""
    menu = QMenu(editor)
    menu.setObjectName("problems.menu")
    menu.setAccessibleName("What would mend this line")
    menu.aboutToHide.connect(menu.deleteLater)
    for at, problem in enumerate(problems):
        if at:
            menu.addSeparator()
        for fix in problem.fixes:
            _entry(menu, fix.label, "edit" if fix.mend else "copy", partial(chosen, fix))
        _entry(menu, f"Why? {problem.sentence}", "info", partial(told, problem))
    menu.popup(editor.viewport().mapToGlobal(editor.cursorRect().bottomLeft()))
    actions = menu.actions()
    if actions:
        menu.setActiveAction(actions[0])
    return menu


def _entry(menu: QMenu, words: str, picture: str, act: Callable[[], None]) -> None:
    action = menu.addAction(icon(picture), words.replace("&", "&&"))
    action.triggered.connect(lambda _: act())
