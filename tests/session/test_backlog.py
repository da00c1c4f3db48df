"""What waits to be made live and to be read, whoever says so and when."""

from __future__ import annotations

import pytest

from playground.session.backlog import Backlog


@pytest.fixture
def backlog() -> Backlog:
    """One of a project whose app is live, and whose files are all read."""
    one = Backlog()
    assert one.is_behind
    assert one.take("app.py") is None
    assert one.is_behind
    one.arrived()
    assert not one.is_behind
    return one


def test_what_was_written_is_taken_once(backlog: Backlog) -> None:
    backlog.wrote(["app.py"])
    backlog.wrote(["page.html"])
    assert backlog.is_behind
    assert backlog.take("app.py") == {"app.py", "page.html"}
    assert backlog.is_behind  # until it is live
    backlog.arrived()
    assert not backlog.is_behind
    assert backlog.take("app.py") == frozenset()


def test_what_was_touched_is_to_be_read_too(backlog: Backlog) -> None:
    backlog.touched({"app.py", "page.html"})
    assert backlog.take("app.py") == {"app.py", "page.html"}
    backlog.arrived()
    assert backlog.is_behind
    with backlog.reading(frozenset({"app.py"})):
        assert backlog.is_behind
    assert not backlog.is_behind


def test_what_is_touched_while_it_is_read_is_to_be_read_again(backlog: Backlog) -> None:
    for files in (frozenset({"app.py"}), frozenset[str]()):
        backlog.touched({"app.py"})
        with backlog.reading(files):
            backlog.touched({"app.py"})
        backlog.take("app.py")
        backlog.arrived()
        assert backlog.is_behind
        with backlog.reading(files):
            pass
        assert not backlog.is_behind


def test_what_could_not_be_read_is_still_unread(backlog: Backlog) -> None:
    backlog.touched({"app.py"})
    backlog.take("app.py")
    backlog.arrived()
    with pytest.raises(OSError, match="gone"), backlog.reading(frozenset()):
        raise OSError("gone")
    assert backlog.is_behind


def test_an_app_taken_from_elsewhere_is_loaded_whole_even_where_its_files_went_before(
    backlog: Backlog,
) -> None:
    backlog.wrote(["app.py", "wsgi.py"])
    assert backlog.take("app.py") == {"app.py", "wsgi.py"}  # the folder is about to say: now it is wsgi.py
    backlog.arrived()
    assert backlog.take("wsgi.py") is None
    backlog.arrived()
    assert backlog.take("wsgi.py") == frozenset()


def test_everything_is_more_than_some_files(backlog: Backlog) -> None:
    backlog.everything()
    backlog.wrote(["app.py"])
    assert backlog.is_behind
    assert backlog.take("app.py") is None
    backlog.touched({"other.py"})
    backlog.begin()  # another folder
    assert backlog.take("app.py") is None
    backlog.arrived()
    assert not backlog.is_behind
