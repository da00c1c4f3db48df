"""Rule 17 without an error: a cookie that the browser does not keep or does not send back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playground.core.fixes import Fix
from playground.core.plain_words.drawers import header
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import rewrite, shown, told, ways
from playground.core.problems import Place, Problem

MOST_BYTES = 4093
"""What browsers keep of a cookie, its name included, at least; most keep no more."""

_SECURE = re.compile(r"""(SESSION_COOKIE_SECURE['"]?\]?\s*=\s*)True\b""")


def problems(facts: Facts) -> Iterator[Problem]:
    """The cookies that an answer sets."""
    for key, value in facts.trip.response_headers:
        if key.lower() != "set-cookie":
            continue
        name = value.partition("=")[0]
        if len(value.partition(";")[0].encode()) > MOST_BYTES:
            yield _too_large(facts, name, value)
        elif re.search(r";\s*secure\b", value, re.IGNORECASE) and not _is_secure(facts):
            yield _secure(facts, name, value)


def _is_secure(facts: Facts) -> bool:
    return header(facts.trip, "x-forwarded-proto").lower() == "https"


def _too_large(facts: Facts, name: str, value: str) -> Problem:
    size = len(value.partition(";")[0].encode())
    return Problem(
        f"The cookie {shown(name, 30)} is too large: browsers drop it.",
        place=facts.place,
        original=f"Set-Cookie: {shown(value, 200)}",
        rule_id="secret-key",
        why=f"It has {size:,} bytes, and browsers keep about 4,000. Flask's session is a cookie, whole.",
        fixes=(told("Keep less in the session"),),
    )


def _secure(facts: Facts, name: str, value: str) -> Problem:
    fix, place = _plain(facts)
    return Problem(
        f"The cookie {shown(name, 30)} goes over https only, and this is http.",
        place=place or facts.place,
        original=f"Set-Cookie: {shown(value, 200)}",
        rule_id="secret-key",
        why="A cookie that is marked Secure does not come back over http, so the session is empty each time.",
        fixes=ways(fix) or (told("Leave Secure out while you try it"),),
    )


def _plain(facts: Facts) -> tuple[Fix | None, Place | None]:
    """The line that says so, switched off."""
    for file in facts.files:
        for number, line in enumerate(facts.text(file).splitlines() if file.endswith(".py") else (), start=1):
            found = _SECURE.search(line)
            if found is not None:
                place = Place(file, number)
                return rewrite("Set it to False", place, found[0], f"{found[1]}False"), place
    return None, None
