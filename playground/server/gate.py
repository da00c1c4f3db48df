"""Who is let in to the app: asked of each request before any of the project's code runs.

A request that this window sent, proved by a secret, may ask for any host: that is how subdomains and
``host_matching`` are tried out. Any other is answered only if its ``Host`` is localhost, an address or a name
of this machine, a name that the app itself says is its own (``SERVER_NAME``, ``TRUSTED_HOSTS``, the host of a
rule), or one that was named to ``serve``. What others claim the host to be (``X-Forwarded-Host``) counts for
nothing.
"""

from __future__ import annotations

import html
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from playground.core.hosts import Host, HostError, address_of, asked_for, foreign, is_one_of, names_of
from playground.server import addresses

if TYPE_CHECKING:
    from flask import Flask

DOOR = "playground.door"
"""Where the server leaves in the environment by which door a request came; the app never sees it."""
NETWORK = "playground.network"
"""Set in the environment of what came by a door that the network reaches, for all to see."""
AGAIN = 2.0
"""Seconds after which a host that is not known has the system asked again: a machine may change networks."""
NAME_AGAIN = 300.0
"""The same for the name with its domain, which may take a while to be told."""

PAGE = """<!doctype html>
<html lang="en">
<title>{title}</title>
<h1>{title}</h1>
<p>{reason}</p>
<p>{hint}</p>
"""
_FOREIGN = (
    "The app answers to localhost, and to the addresses and names of the machine that it runs on: open it by "
    "one of those. What is meant to be a name of its own belongs in its config, as SERVER_NAME or in "
    "TRUSTED_HOSTS."
)
_FAR = (
    "It answers to those who are in the same network as the machine that it runs on. Its owner may serve it "
    "to everybody with: playground serve --host 0.0.0.0"
)


class Door(NamedTuple):
    """By which socket a request came: one that the network reaches, too, or one of this machine alone.

    ``near`` lets in only those who are in a network of ours. ``target`` is the host in the request line,
    where that is a whole address.
    """

    shared: bool = False
    near: bool = False
    target: str = ""


class Refusal(NamedTuple):
    """Why a request is not let in, as its sender reads it: nothing in it says what this machine is called."""

    status: str
    reason: str
    hint: str

    @property
    def page(self) -> bytes:
        """A small page."""
        title = f"{self.status}: not answered here"
        told = {"title": title, "reason": self.reason, "hint": self.hint}
        return PAGE.format_map({name: html.escape(text) for name, text in told.items()}).encode()


class Gate:
    """Decides for one server. ``further`` are names that it answers to as well. Any thread may ask."""

    def __init__(self, further: Iterable[str] = ()) -> None:
        self.further = names_of(further)
        self._machine = _Machine()

    def refusal(self, environ: Mapping[str, Any], door: Door, app: Flask | None) -> Refusal | None:
        """Why this request is not to reach the app; None where it may."""
        header = environ.get("HTTP_HOST")
        is_old = header is None and environ.get("SERVER_PROTOCOL") == "HTTP/1.0" and not door.shared
        try:
            host = asked_for(header, door.target, http10=is_old)
        except HostError as error:
            return Refusal("400 Bad Request", str(error), _FOREIGN)
        if host is not None and not self._is_ours(host, app):
            return Refusal("400 Bad Request", foreign(host), _FOREIGN)
        if door.near and not self._machine.is_near(environ.get("REMOTE_ADDR", "")):
            return Refusal("403 Forbidden", "This app is shared with its own network alone.", _FAR)
        return None

    def _is_ours(self, host: Host, app: Flask | None) -> bool:
        return (
            host.is_loopback
            or self._machine.has(host)
            or is_one_of(host, self.further)
            or (app is not None and is_one_of(host, names_of_app(app)))
        )


def names_of_app(app: Flask) -> frozenset[str]:
    """The names that an app says are its own: with ``SERVER_NAME`` also those below it, as for subdomains."""
    said = dict.get(app.config, "SERVER_NAME")  # past what a project may have made of its config
    trusted = dict.get(app.config, "TRUSTED_HOSTS")
    below = (f".{said}",) if said else ()
    rules = _hosts_of_rules(app) if app.url_map.host_matching else ()
    return names_of((said, *below, *(trusted if isinstance(trusted, list | tuple | set) else ()), *rules))


def _hosts_of_rules(app: Flask) -> Iterator[str]:
    """Hosts that rules name outright: one with a parameter could be anybody's."""
    return (rule.host for rule in app.url_map.iter_rules() if rule.host and "<" not in rule.host)


class _Machine:
    """The addresses and names of this machine, asked of the system again where that may matter."""

    def __init__(self) -> None:
        self._own: tuple[addresses.Own, ...] = ()
        self._known: frozenset[str] = frozenset()
        self._looked = self._named = float("-inf")
        self._full = ""

    def has(self, host: Host) -> bool:
        """Whether a host is this machine."""
        if host.name in self._known:
            return True
        return (self._has_news() and host.name in self._known) or self._has_full_name(host)

    def _has_news(self) -> bool:
        """Ask the system, unless it was asked just now."""
        if time.monotonic() - self._looked < AGAIN:
            return False
        self._looked = time.monotonic()
        self._own = addresses.own()
        self._known = addresses.names() | {str(address_of(str(one.address))) for one in self._own}
        return True

    def _has_full_name(self, host: Host) -> bool:
        """Whether it is our name with its domain; only asked where it begins like one."""
        first, dot, _ = host.name.partition(".")
        if not dot or first not in self._known:
            return False
        if time.monotonic() - self._named > NAME_AGAIN:
            self._named = time.monotonic()
            self._full = next(iter(names_of((addresses.full_name(),))), "")
        return host.name == self._full

    def is_near(self, client: str) -> bool:
        """Whether a client is in a network of ours, or in one that the internet does not reach."""
        if is_private(client) or self._is_neighbour(client):
            return True
        return self._has_news() and self._is_neighbour(client)

    def _is_neighbour(self, client: str) -> bool:
        address = address_of(client)
        return address is not None and any(
            address in one.network for one in self._own if one.address.version == address.version
        )


@lru_cache(maxsize=1024)
def is_private(client: str) -> bool:
    """Whether an address is one of those that any house or school may use within itself."""
    address = address_of(client)
    return address is not None and not address.is_global
