"""Rule 30: HTML that shows as text, and text of a request that acts as HTML."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

from playground.core.fixes import Fix
from playground.core.plain_words.drawers import body_text, drawers_of
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import label, mend, rewrite, shown, told, ways
from playground.core.plain_words.source import View
from playground.core.problems import Place, Problem
from playground.core.trips import Stage, Trip

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")

_ELEMENT = re.compile(r"<([A-Za-z]\w*)\b[^<>]*>.*</\1\s*>|<(?:br|hr|img)\b[^<>]*>", re.DOTALL)


def problems(facts: Facts) -> Iterator[Problem]:
    """What the page shows as text though it is HTML, or takes for HTML though it came from outside."""
    trip = facts.trip
    page = _page(trip)
    if not page or trip.status >= 400:
        return
    found = _acts(facts, page) or _shows(facts, page)
    if found is not None:
        yield found


def _page(trip: Trip) -> str:
    kind = next((value for key, value in trip.response_headers if key.lower() == "content-type"), "")
    return trip.response_body.data.decode("utf-8", "replace") if kind.startswith("text/html") else ""


def _sent(trip: Trip) -> str:
    """All that the request brought, as one text."""
    return "\n".join((unquote_plus(trip.path), unquote_plus(body_text(trip)), body_text(trip)))


def _values_sent(trip: Trip) -> dict[str, str]:
    """What came by name: converters' values, query, form."""
    drawers = drawers_of(trip)
    pairs = (*((value.name, _literal(value.text)) for value in trip.values), *drawers.query, *drawers.form)
    sent = _sent(trip)  # a subdomain that is none is <invalid> to Werkzeug, which nobody sent
    return {name: text for name, text in pairs if _TAG.search(text) and text in sent}


def _literal(text: str) -> str:
    """The text of a ``repr``; empty where it is that of no text, or was cut."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return ""
    return value if isinstance(value, str) else ""


def _acts(facts: Facts, page: str) -> Problem | None:
    """A value that came with the request stands in the page as HTML."""
    repeated = {name: text for name, text in _values_sent(facts.trip).items() if text in page}
    if not repeated:
        return None
    written = "\n".join((View.of(facts).text, *(facts.text(one.file) for one in facts.templates)))
    name = next((name for name, text in repeated.items() if text not in written), "")
    if not name:
        return None
    fix, place = _escape(facts, name)
    return Problem(
        f"{shown(name, 30)} came with the request, and the page takes it for HTML.",
        place=place or facts.place,
        original="",
        rule_id="escaping",
        why="Whoever sends a link or a form could put a script of theirs into this page. Jinja escapes what "
        "{{ }} prints in .html templates; |safe and text that Python joins are not escaped.",
        fixes=ways(fix) or (told("Write escape() around it"),),
    )


def _escape(facts: Facts, name: str) -> tuple[Fix | None, Place | None]:
    """The value is escaped: ``|safe`` is taken away, or the view escapes it."""
    for template in facts.templates:
        for number, line in enumerate(facts.text(template.file).splitlines(), start=1):
            found = re.search(rf"\{{\{{-?\s*{re.escape(name)}(\s*\|\s*safe)\b", line)
            if found is not None:
                place = Place(template.file, number)
                return rewrite("Take |safe away", place, found[0], found[0].replace(found[1], "")), place
    view = View.of(facts)
    for node in view.nodes():
        if (
            isinstance(node, ast.FormattedValue)
            and isinstance(node.value, ast.Name)
            and node.value.id == name
        ):
            where = view.place()
            if where is not None and view.route is not None:
                return mend(
                    label(f"Escape {name}"),
                    "escape_name",
                    where.file,
                    view.route.line,
                    name=name,
                    end=str(view.route.end_line),
                ), _line_of(view, name)
    return None, None


def _line_of(view: View, name: str) -> Place | None:
    for number, line in enumerate(view.lines):
        if view.route is not None and f"{{{name}" in line:
            return Place(view.route.file, view.route.line + number)
    return None


def _shows(facts: Facts, page: str) -> Problem | None:
    """A variable of the template that holds HTML of the app's own, and was escaped."""
    step, sent = facts.step(Stage.TEMPLATE), _sent(facts.trip)
    for value in step.values if step is not None else ():
        text = _literal(value.text)
        if value.type != "str" or text in sent or not _is_shown(_plain(page), text):
            continue
        fix, place = _safe(facts, value.name)
        return Problem(
            f"{shown(value.name, 30)} holds HTML, and the page shows it as text.",
            place=place or facts.place,
            original="",
            rule_id="escaping",
            why=f"Jinja escapes what {{{{ {value.name} }}}} prints: < becomes &lt;. Markup and |safe say "
            "that a text is HTML; do that only with text of your own.",
            fixes=ways(fix) or (told("Write |safe behind it"),),
        )
    return None


def _is_shown(page: str, text: str) -> bool:
    """Whether a text with a whole element of HTML stands in the page as text, and not where code is shown."""
    before, found, _ = page.partition(html.escape(text))
    in_code = re.search(r"<(?:code|pre|textarea|title|option)\b[^<>]*>\s*\Z|=[\"'][^\"'<>]*\Z", before)
    return bool(found) and in_code is None and _ELEMENT.search(text) is not None


def _plain(page: str) -> str:
    """The page with quotes escaped as ``html.escape`` does it; Jinja writes them as numbers."""
    return page.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


def _safe(facts: Facts, name: str) -> tuple[Fix | None, Place | None]:
    step = facts.step(Stage.TEMPLATE)
    file = next((one.file for one in facts.templates if step is not None and one.name == step.name), "")
    for number, line in enumerate(facts.text(file).splitlines() if file else (), start=1):
        found = re.search(rf"\{{\{{(-?\s*){re.escape(name)}(\s*-?)\}}\}}", line)
        if found is not None:
            new = f"{{{{{found[1]}{name}|safe{found[2]}}}}}"
            return rewrite("It is my own: write |safe", Place(file, number), found[0], new), Place(
                file, number
            )
    return None, None
