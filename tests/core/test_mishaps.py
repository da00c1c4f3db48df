"""The account of a mistake of ours: enough to find it, nothing of what is the person's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from playground.core.mishaps import is_of_project, is_ours, mishap_of
from playground.core.problems import refuse
from playground.core.units import human_time

SECRET = "what Ada typed"


def raised(work: Callable[[], object]) -> BaseException:
    try:
        work()
    except BaseException as error:  # noqa: BLE001  (to be looked at)
        return error
    raise AssertionError("nothing was raised")


def in_project(folder: Path, source: str) -> Callable[[], object]:
    """A function ``view`` of a project."""
    names: dict[str, Callable[[], object]] = {}
    file = folder / "app.py"
    file.write_text(source)
    exec(compile(source, str(file), "exec"), names)
    return names["view"]


def test_our_own_lines_are_told_with_their_source() -> None:
    told = mishap_of(raised(lambda: human_time(None)))  # type: ignore[arg-type]
    assert told.where.startswith("playground/core/units.py, line ")
    assert told.account.splitlines()[-1].startswith(told.kind)
    assert str(Path.cwd()) not in told.account


@pytest.mark.parametrize(
    "kind", [KeyError, ValueError, LookupError, UnicodeError, type("Own", (Exception,), {})]
)
def test_a_message_that_may_hold_what_was_typed_is_left_out(kind: type[Exception]) -> None:
    def fail() -> None:
        raise kind(SECRET)

    told = mishap_of(raised(fail))
    assert SECRET not in told.account
    assert kind.__name__ in told.account


def test_what_speaks_of_code_alone_is_told() -> None:
    assert "'NoneType' object has no attribute 'x'" in mishap_of(raised(lambda: None.x)).account  # type: ignore[attr-defined]


def test_of_a_failed_file_the_reason_is_told_and_not_its_name(tmp_path: Path) -> None:
    told = mishap_of(raised((tmp_path / "diary of Ada").read_text))
    assert "No such file" in told.account
    assert "Ada" not in told.account and str(tmp_path) not in told.account


def test_what_it_came_from_is_told_first() -> None:
    def fail() -> None:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise TypeError("not that") from error

    account = mishap_of(raised(fail)).account
    assert account.index("KeyError") < account.index("TypeError: not that")
    assert SECRET not in account


def test_one_that_goes_in_circles_ends() -> None:
    def again(depth: int = 0) -> int:
        return again(depth + 1)

    account = mishap_of(raised(again)).account
    assert "more …" in account
    assert len(account.splitlines()) < 100


def test_a_file_of_the_project_has_no_name(tmp_path: Path) -> None:
    view = in_project(tmp_path, "def view():\n    return 1 / 0\n")
    account = mishap_of(raised(view)).account
    assert "a file of the project, line 2, in view" in account
    assert "1 / 0" not in account and str(tmp_path) not in account


def test_the_project_is_told_from_us(tmp_path: Path) -> None:
    view = in_project(tmp_path, "import json\n\ndef view():\n    return json.loads('{')\n")
    error = raised(view)
    assert is_of_project(error, str(tmp_path)), "the library that it called last is nobody's"
    assert not is_of_project(error, "")
    assert not is_ours(error.__traceback__)


def test_a_mistake_of_ours_in_what_a_project_calls_is_ours(tmp_path: Path) -> None:
    view = in_project(
        tmp_path,
        "from playground.core.units import human_time\n\ndef view():\n    human_time(None)\n",
    )
    error = raised(view)
    assert not is_of_project(error, str(tmp_path))
    assert is_ours(error.__traceback__)


def test_nothing_is_held_on_to() -> None:
    assert mishap_of(refuse("x")) == mishap_of(refuse("x"))
