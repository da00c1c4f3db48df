"""What can be told of a text that is typed into the Shell, and the way back through what was run before."""

from __future__ import annotations

import pytest

from playground.core.shell import is_unfinished, legible, without_prompts
from playground.core.shell_history import LONGEST, MOST, History, added


@pytest.mark.parametrize(
    "text",
    [
        "f(",
        "x = [1,\n2,",
        '"""a\nb',
        "x = 1 + \\",
        "@app.get('/')",
        "for i in range(3):",
        "for i in range(3): print(i)",
        "for i in range(3):\n    print(i)",
        "def f():\n    return 1\n\n    x = 2",
        "x = 1\nif x:\n    pass",
        "if x:\n    pass\nelse:",
        "with a:\n    b  # a comment",
        "try:\n    a\nexcept* E:\n    b",
    ],
)
def test_python_waits_for_more(text: str) -> None:
    assert is_unfinished(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n ",
        "x",
        "x = 1\ny = 2",
        "for i in range(3): print(i)\n",
        "for i in range(3):\n    print(i)\n    ",
        "def f():\n    return 1\n\nf()",
        "x = = 1",
        "print('a)",
        "x = 1\n  y = 2",
        "# a comment",
        "x is 1",
        "f(" + "(" * 300_000,
        "\0",
        "a = '\\d'",
    ],
)
def test_what_is_finished_is_run_also_where_it_is_wrong(text: str) -> None:
    assert not is_unfinished(text)


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("x = 1\n", "x = 1\n"),
        ("a\r\nb\rc", "a\nb\nc"),
        (">>> x = 1", "x = 1"),
        (">>> for i in x:\n...     i\n...\n1\n2\n>>> y\n3\n", "for i in x:\n    i\n\ny"),
        ("    >>> f(\n    ...   1)\n    2", "f(\n  1)"),
        ("x >>> y", "x >>> y"),
        ("...", "..."),
        ("", ""),
    ],
)
def test_code_from_a_session_loses_its_prompts_and_answers(pasted: str, code: str) -> None:
    assert without_prompts(pasted) == code


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\tä\n", "plain\tä\n"),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x\x1b[2K", "x"),
        ("10 %\r20 %\r\n", "10 %\n20 %\n"),
        ("a\0b\x08\udcff\u2028", "a\\x00b\\x08\\udcff\\u2028"),
    ],
)
def test_what_only_a_terminal_understands_is_left_out(text: str, shown: str) -> None:
    assert legible(text) == shown


def test_up_goes_back_and_down_returns_to_what_was_typed() -> None:
    history = History(["a = 1", "b = 2", "c = 3"])
    assert history.older("") == "c = 3"
    assert history.older("c = 3") == "b = 2"
    assert history.newer("b = 2") == "c = 3"
    assert history.newer("c = 3") == ""
    assert history.newer("") is None
    assert history.older("") == "c = 3"


def test_up_finds_what_begins_as_what_is_typed() -> None:
    history = History(["app.name", "b = 2", "app.url_map", "c"])
    assert history.older("app") == "app.url_map"
    assert history.older("app.url_map") == "app.name"
    assert history.older("app.name") is None
    assert history.newer("app.name") == "app.url_map"
    assert history.newer("app.url_map") == "app"
    assert history.older("nothing") is None


def test_what_is_edited_begins_a_new_way_back() -> None:
    history = History(["a", "ab", "b"])
    assert history.older("") == "b"
    assert history.older("a") == "ab"


def test_each_text_is_there_once_and_the_number_is_bounded() -> None:
    history = History(str(n) for n in range(MOST + 10))
    assert len(history.entries) == MOST
    history.add("500\n")
    assert history.entries[-1] == "500" and history.entries.count("500") == 1
    history.add("  \n")
    history.add("x" * (LONGEST + 1))
    assert history.entries[-1] == "500"
    assert len(added(history.entries, "new")) == MOST


def test_what_was_kept_comes_before_what_was_run_meanwhile() -> None:
    history = History()
    history.add("now")
    history.know(["long ago", "now", "yesterday"])
    assert history.entries == ("long ago", "yesterday", "now")
