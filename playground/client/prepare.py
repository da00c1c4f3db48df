"""From a request as the panel holds it to what goes on the wire: address, headers, body.

Pure functions, shared by the sender and by *Copy as curl*, so that both send the same.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlencode, urlsplit

from playground.core.address import add_pairs
from playground.core.exchanges import BodyKind, Pairs, RequestSpec
from playground.core.names import check_header
from playground.core.problems import refuse

_METHOD = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_CONTENT_TYPES = {
    BodyKind.JSON: "application/json",
    BodyKind.FORM: "application/x-www-form-urlencoded",
    BodyKind.TEXT: "text/plain; charset=utf-8",
}


def full_url(spec: RequestSpec, base_url: str) -> str:
    """The whole address to send to, without fragment.

    Raises:
        ProblemError: it is none that a request can go to.
    """
    url = spec.url.strip()
    if url.startswith("/"):
        if not base_url:
            raise refuse("The server is stopped.", "Start it, then send again.")
        url = base_url.rstrip("/") + url
    elif not re.match(r"https?://", url, re.IGNORECASE):
        raise refuse(*_what_is_wrong(url), field="url")
    url = add_pairs(url.partition("#")[0], spec.query)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        hint = "Write it like http://127.0.0.1:5000/users."
        raise refuse(f"This is not an address: {url}.", hint, field="url", original=str(error)) from None
    if not host or port == 0:
        raise refuse(
            "The address names no computer.", "Write it like http://127.0.0.1:5000/users.", field="url"
        )
    return url


def _what_is_wrong(url: str) -> tuple[str, str]:
    if not url:
        return "There is no address.", "Write a path like /users, or an address like http://example.com."
    if re.match(r"[A-Za-z][\w+.-]*://", url):
        return (
            f"Requests go to http:// or https://, not {url.partition('://')[0]}://.",
            "Change the beginning.",
        )
    return f"This is not an address: {url}.", f"Write /{url} for this server, or http://{url} for another."


def method_of(spec: RequestSpec) -> str:
    """The method in capitals, any word that HTTP can carry.

    Raises:
        ProblemError: it is not one word.
    """
    method = spec.method.strip().upper()
    if not _METHOD.fullmatch(method):
        raise refuse(f'"{method}" can\'t be a method.', "Write one word, like GET.", field="methods")
    return method


def headers_of(spec: RequestSpec) -> Pairs:
    """The person's headers, and the content type of the body where they name none.

    Raises:
        ProblemError: HTTP can't carry one of them.
    """
    for name, value in spec.headers:
        check_header(name, value)
    given = tuple((name, value.strip()) for name, value in spec.headers)
    names = {name.lower() for name, _ in given}
    if spec.body_kind is BodyKind.NONE or "content-type" in names:
        return given
    return (*given, ("Content-Type", _CONTENT_TYPES[spec.body_kind]))


def body_of(spec: RequestSpec) -> bytes | None:
    """The bytes of the body, UTF-8; None for a request without one."""
    if spec.body_kind is BodyKind.NONE:
        return None
    text = urlencode(spec.form, errors="replace") if spec.body_kind is BodyKind.FORM else spec.body
    return text.encode("utf-8", "replace")


def is_loopback(url: str) -> bool:
    """Whether an address leads to this computer itself."""
    host = (urlsplit(url).hostname or "").lower()
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
