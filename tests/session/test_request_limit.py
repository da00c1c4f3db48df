"""How long a view may take, as a person sets it, as it is kept, and as it is handed to the server."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.core.problems import ProblemError
from playground.session.limits import DEFAULT_LIMIT, check_limit, read_limit
from playground.session.session import Session


@pytest.fixture
def session() -> Iterator[Session]:
    opened = Session()
    yield opened
    opened.close()


def test_at_first_it_is_half_a_minute(session: Session) -> None:
    assert session.request_limit == DEFAULT_LIMIT == 30.0


@pytest.mark.parametrize("limit", [5.0, 0.5, None])
def test_it_is_there_the_next_time(session: Session, limit: float | None) -> None:
    assert session.set_request_limit(limit) == limit
    assert session.request_limit == limit
    assert Session().request_limit == limit


def test_one_for_this_time_alone_is_not_kept(session: Session) -> None:
    session.set_request_limit(2, keep=False)
    assert session.request_limit == 2.0
    assert Session().request_limit == DEFAULT_LIMIT


@pytest.mark.parametrize("kept", ["10", '"soon"', "true", "[]", "-1", "0", "NaN", "Infinity", "1e300", "{}"])
def test_a_file_changed_by_hand_to_nonsense_gives_the_default(home: Path, kept: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.json").write_text(f'{{"request_limit": {kept}}}')
    assert Session().request_limit == (10.0 if kept == "10" else DEFAULT_LIMIT)


def test_other_settings_stay(session: Session, home: Path) -> None:
    session.home.set("theme", "dark")
    session.set_request_limit(None)
    assert json.loads((home / "settings.json").read_text()) == {"theme": "dark", "request_limit": None}


@pytest.mark.parametrize("nonsense", [-1, 0, 0.01, math.nan, math.inf, 1e9])
def test_what_can_not_be_kept_to_is_refused_and_changes_nothing(session: Session, nonsense: float) -> None:
    with pytest.raises(ProblemError, match="0 for no limit"):
        session.set_request_limit(nonsense)
    assert session.request_limit == DEFAULT_LIMIT


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("30", 30.0),
        (" 2.5 ", 2.5),
        ("2,5", 2.5),
        ("10 s", 10.0),
        ("90 seconds", 90.0),
        ("0", None),
        ("None", None),
    ],
)
def test_a_limit_is_read_as_people_write_it(text: str, limit: float | None) -> None:
    assert read_limit(text) == limit


@pytest.mark.parametrize("text", ["", "soon", "1 min", "-3", "nan", "inf", "1e99", "0x10"])
def test_what_is_no_limit_is_refused_in_words(text: str) -> None:
    with pytest.raises(ProblemError) as refused:
        read_limit(text)
    assert refused.value.problem.field == "limit"
    assert refused.value.problem.hint
    assert check_limit(1) == 1.0
