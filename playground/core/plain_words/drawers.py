"""The four drawers of a request: query, form, JSON and files, and what arrived in each of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl, urlsplit

from playground.core.exchanges import Pairs
from playground.core.trips import Trip

NAMES = {
    "args": "the query",
    "form": "the form",
    "json": "JSON",
    "files": "files",
    "values": "query and form",
    "cookies": "cookies",
    "headers": "headers",
}
"""What each part of ``request`` is called in a sentence."""


@dataclass(frozen=True, slots=True)
class Drawers:
    """What a request brought: the pairs of its query and form, the names of its files, its JSON.

    ``json`` are the keys at the top of a JSON object; ``is_json`` where the body is JSON at all, however
    it is labelled. ``label`` is the media type, lower case.
    """

    query: Pairs = ()
    form: Pairs = ()
    json: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    label: str = ""
    is_json: bool = False

    def keys(self, drawer: str) -> tuple[str, ...]:
        """The names in a drawer, as ``request`` calls it (``args``, ``form``, ``json``, ``files``)."""
        query, form = (tuple(dict.fromkeys(key for key, _ in pairs)) for pairs in (self.query, self.form))
        known = {"args": query, "form": form, "json": self.json, "files": self.files}
        known |= {"values": (*query, *form), "cookies": self.cookies, "headers": self.headers}
        return known.get(drawer, ())

    def holding(self, key: str) -> str:
        """The drawer that has this key; empty where none has."""
        return next((name for name in ("json", "form", "args", "files") if key in self.keys(name)), "")

    def described(self) -> str:
        """What arrived where: ``query: nothing · form: title · JSON: nothing · files: nothing``."""
        json_keys = ", ".join(self.json) or ("a value" if self.is_json else "nothing")
        rows = (
            ("query", ", ".join(self.keys("args"))),
            ("form", ", ".join(self.keys("form"))),
            ("JSON", json_keys),
            ("files", ", ".join(self.files)),
        )
        return " · ".join(f"{name}: {content or 'nothing'}" for name, content in rows)


def header(trip: Trip, name: str) -> str:
    """A header of the request, any case; empty where it did not come."""
    return next((value for key, value in trip.request_headers if key.lower() == name.lower()), "")


def drawers_of(trip: Trip) -> Drawers:
    """What a request brought, read as Flask would; a body that was not kept whole counts as unread."""
    label = header(trip, "content-type").partition(";")[0].strip().lower()
    query = tuple(parse_qsl(urlsplit(trip.path).query, keep_blank_values=True))
    form, files = _form(trip, label)
    value = parsed_json(trip)
    keys = tuple(map(str, value)) if isinstance(value, dict) else ()
    cookies = tuple(
        part.partition("=")[0].strip() for part in header(trip, "cookie").split(";") if part.strip()
    )
    headers = tuple(key for key, _ in trip.request_headers)
    return Drawers(query, form, keys, files, cookies, headers, label, value is not None)


def body_text(trip: Trip) -> str:
    """The body as text, empty where it is none or was not kept whole."""
    if trip.request_body.truncated:
        return ""
    try:
        return trip.request_body.data.decode()
    except UnicodeDecodeError:
        return ""


def parsed_json(trip: Trip) -> object:
    """What the body says as JSON: an object or a list; None for all else, also for a bare number or word."""
    text = body_text(trip).strip()
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _form(trip: Trip, label: str) -> tuple[Pairs, tuple[str, ...]]:
    if label == "application/x-www-form-urlencoded":
        return tuple(parse_qsl(body_text(trip), keep_blank_values=True)), ()
    if label != "multipart/form-data" or trip.request_body.truncated:
        return (), ()
    head = f"Content-Type: {header(trip, 'content-type')}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + trip.request_body.data)
    pairs: list[tuple[str, str]] = []
    files: list[str] = []
    for part in message.iter_parts() if message.is_multipart() else ():
        name = str(part.get_param("name", "", "content-disposition") or "")
        if part.get_filename() is None:
            pairs.append((name, _text(part.get_payload(decode=True))))
        else:
            files.append(name)
    return tuple(pairs), tuple(files)


def _text(content: object) -> str:
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
