"""What forms and queries hold, as pairs to be read; of a file that was sent, its name and its size."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterator

from playground.core.exchanges import Pairs
from playground.core.units import human_size

_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^;,\s]+))', re.IGNORECASE)
_DISPOSITION = re.compile(r"content-disposition:\s*form-data([^\r\n]*)", re.IGNORECASE)
_TYPE = re.compile(rb"content-type:\s*([^;\r\n]+)", re.IGNORECASE)
PLAIN, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


def query_pairs(path: str) -> Pairs:
    """The pairs of an address's query, decoded; values that are empty, too."""
    return _split(path.partition("?")[2].partition("#")[0])


def form_pairs(body: bytes, content_type: str) -> Pairs:
    """The pairs of a form that was sent; nothing where the body is none, or is not what it says it is."""
    media = content_type.partition(";")[0].strip().lower()
    if media == PLAIN:
        return _split(body.decode("utf-8", "replace"))
    if media == MULTIPART:
        return tuple(_parts(body, content_type))
    return ()


def _split(text: str) -> Pairs:
    return tuple(urllib.parse.parse_qsl(text, keep_blank_values=True))


def _parts(body: bytes, content_type: str) -> Iterator[tuple[str, str]]:
    """Each part is split off by hand: an email parser takes a second for a body that was made to be nasty."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        return
    for part in re.split(rb"(?:^|\r?\n)--" + re.escape((boundary[1] or boundary[2]).encode()), body)[1:]:
        head, empty_line, data = part.partition(b"\r\n\r\n")
        said = _DISPOSITION.search(head.decode("utf-8", "replace"))
        if said is not None and empty_line:
            yield _param(said[1], "name"), _value(said[1], head, data)


def _value(said: str, head: bytes, data: bytes) -> str:
    file = _param(said, "filename")
    if not file:
        return data.decode("utf-8", "replace")
    kind = _TYPE.search(head)
    words = (file, human_size(len(data)), kind[1].decode("ascii", "replace") if kind else "")
    return " · ".join(filter(None, words))


def _param(said: str, name: str) -> str:
    found = re.search(rf';\s*{name}="((?:[^"\\\\]|\\\\.)*)"', said, re.IGNORECASE)
    return found[1].replace('\\"', '"').replace("%22", '"') if found else ""
