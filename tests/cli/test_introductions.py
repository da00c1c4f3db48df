"""What the introductions to Flask type into a terminal, beside our words for it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from introductions import SNIPPETS, Snippet
from oracle import flask_routes

if TYPE_CHECKING:
    from conftest import Run

SHOWN = [one for one in SNIPPETS if one.name in ("blueprint", "POST")]


@pytest.mark.parametrize("snippet", SHOWN, ids=[one.name for one in SHOWN])
def test_flask_routes_lists_what_ours_lists(snippet: Snippet, tmp_path: Path, run: Run) -> None:
    for name, text in snippet.files.items():
        (tmp_path / name).write_text(text)
    theirs = flask_routes(tmp_path)
    for words in ((), ("--static",)):
        listed = json.loads(run("routes", tmp_path, "--json", *words).out)
        ours = Counter((row["rule"], tuple(row["methods"]), row["endpoint"]) for row in listed)
        del ours["/static/<path:filename>", ("GET",), "static"]
        assert ours == theirs
