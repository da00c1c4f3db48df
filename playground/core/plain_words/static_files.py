"""Rule 18: a style sheet, a script or a picture that is not found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename
from urllib.parse import quote, unquote, urlsplit

from playground.core.exchanges import RequestSpec
from playground.core.fixes import Fix
from playground.core.plain_words.addresses import is_of_browsers
from playground.core.plain_words.drawers import header
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import label, nearest, rewrite, shown, there_are, told, ways
from playground.core.plain_words.source import line_of
from playground.core.problems import Place, Problem

SUFFIXES = (
    *(".css", ".js", ".mjs", ".map", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".avif"),
    *(".woff", ".woff2", ".ttf", ".mp3", ".mp4", ".webm", ".pdf"),
)
_NOT_FOUND = "404 Not Found: The requested URL was not found on the server. " + (
    "If you entered the URL manually please check your spelling and try again."
)


def problems(facts: Facts) -> Iterator[Problem]:
    """Why a file that a page asks for was not found."""
    trip = facts.trip
    if trip.status != 404 or is_of_browsers(trip):
        return
    path = unquote(urlsplit(trip.path).path)
    if trip.endpoint == "static" or trip.endpoint.endswith(".static"):
        yield _not_in_static(facts, path)
    elif not trip.rule and path.lower().endswith(SUFFIXES):
        yield _not_static(facts, path)


def _original(facts: Facts) -> str:
    error = facts.error
    return f"{error.type}: {error.message}" if error is not None else _NOT_FOUND


def _not_in_static(facts: Facts, path: str) -> Problem:
    value = next((one.text.strip("'\"") for one in facts.trip.values if one.name == "filename"), "")
    name = value or path.partition("/static/")[2]
    names = facts.static()
    near = next((one for one in names if basename(one) == basename(name)), "") or nearest(name, names, 0.6)
    where = _referred(facts, name)
    if near and near.lower() == name.lower():
        sentence = f"static has {shown(near, 40)}: upper and lower case differ."
    elif near:
        sentence = f"static has no {shown(name, 40)}; there is {shown(near, 40)}."
    else:
        sentence = f"There is no static file {shown(name, 40)}."
    return Problem(
        sentence,
        place=where,
        original=_original(facts),
        rule_id="static-file",
        why=f"Flask looked for {name} in the static folder.{there_are(names, 6)}{_page(facts)}",
        fixes=ways(_named(facts, name, near, where) or _ask_for(path, name, near))
        or (told(label(f"Put {basename(name)} into static/")),),
    )


def _page(facts: Facts) -> str:
    page = urlsplit(header(facts.trip, "referer")).path
    return f" The page {page} asked for it." if page else ""


def _referred(facts: Facts, name: str) -> Place | None:
    """The line of a template that names the file."""
    for template in facts.templates:
        for number, line in enumerate(facts.text(template.file).splitlines(), start=1):
            if name and re.search(rf"['\"/]{re.escape(name)}['\"]", line):
                return Place(template.file, number)
    return None


def _named(facts: Facts, name: str, near: str, where: Place | None) -> Fix | None:
    line = line_of(facts, where)
    if where is None or not near or line.count(name) != 1:
        return None
    return rewrite(label(f"Write {near}"), where, name, near)


def _ask_for(path: str, name: str, near: str) -> Fix | None:
    """The request for the file that is there, where no template names the other one."""
    if not near or not path.endswith(name):
        return None
    url = quote(path.removesuffix(name) + near)
    return Fix(label(f"Send GET {url}"), request=RequestSpec(url=url))


def _not_static(facts: Facts, path: str) -> Problem:
    """An address beside the page that asked: ``href="style.css"`` on ``/blog/`` is ``/blog/style.css``."""
    name = basename(path)
    names = facts.static()
    there = next((one for one in names if path.endswith(f"/{one}")), "")
    there = there or next((one for one in names if basename(one) == name), "")
    near = there or nearest(name, names, 0.7)
    fix, where = _written(facts, path, near)
    ask = Fix("Ask for it in static", request=RequestSpec(url=f"/static/{near}")) if near else None
    if near:
        sentence = f"{shown(path, 40)} is no address of a file; {shown(near, 40)} lies in static."
    else:
        sentence = f"{shown(path, 40)} is no rule, and static has no {shown(name, 30)}."
    return Problem(
        sentence,
        place=where,
        original=_original(facts),
        rule_id="static-file",
        why="Flask serves files from the folder static only, at /static/. An address without / in front "
        f"goes by the page that it stands on.{_page(facts)}",
        fixes=ways(fix, ask) or (told(label(f"Put {name} into static/")),),
    )


def _written(facts: Facts, path: str, near: str) -> tuple[Fix | None, Place | None]:
    """Where a template has that address, and ``url_for`` in its place."""
    name = basename(path)
    for template in facts.templates:
        for number, line in enumerate(facts.text(template.file).splitlines(), start=1):
            found = re.search(rf"(?:href|src)=(['\"])([^'\"{{}}]*{re.escape(name)})\1", line)
            if found is not None and path.endswith(found[2].lstrip("./")):
                place = Place(template.file, number)
                if not near:
                    return None, place
                quote = "'" if found[1] == '"' else '"'
                call = f"url_for({quote}static{quote}, filename={quote}{near}{quote})"
                new = f"{found[1]}{{{{ {call} }}}}{found[1]}"
                return rewrite("Write url_for", place, f"{found[1]}{found[2]}{found[1]}", new), place
    return None, None
