"""Which host a request is for, read from what it says itself, and whether that host is us.

Any page on the web may send requests to a name of its own that leads to this machine (DNS rebinding), and
would then be allowed to read the answers. Such a request carries that name as its ``Host``; so what is not a
name or an address of this machine is not answered. The port is not compared: behind ``ssh -L``, say, it is
another one.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST = 253
"""Characters of a name at most, as DNS has it."""
SHOWN = 60
"""Characters of what was sent that a sentence repeats."""

_PORT = r"(?::[0-9]{0,5})?"
_PLAIN = re.compile(rf"([A-Za-z0-9._-]+){_PORT}")
_BRACKETS = re.compile(rf"\[([0-9A-Fa-f:.]+)\]{_PORT}")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


class HostError(ValueError):
    """What a request says of its host can't be taken; the text is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Host:
    """A name in small letters without a closing dot; of an address its text in the one usual spelling."""

    name: str
    address: IpAddress | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def is_loopback(self) -> bool:
        """Whether it means this machine wherever it is said."""
        if self.address is not None:
            return self.address.is_loopback
        return self.name == "localhost" or self.name.endswith(".localhost")


def asked_for(header: str | None, target: str = "", *, http10: bool = False) -> Host | None:
    """The host that a request asks for; None for one of HTTP/1.0, which need not say.

    ``header`` is its ``Host``, None where there is none; several are joined by commas, as waitress does.
    ``target`` is what the request line names between ``//`` and the path, where it is a whole address.

    Raises:
        HostError: it says none, several, or what is none.
    """
    said = read(header) if header is not None else None
    if said is None and not http10:
        raise HostError("The request has no Host header, and HTTP/1.1 asks for one.")
    if not target:
        return said
    meant = read(target)
    if said is not None and said != meant:
        raise HostError(f"The request line asks for {_shown(target)}, and the Host header for {said}.")
    return meant


@lru_cache(maxsize=512)
def read(text: str) -> Host:
    """One host with or without a port.

    Raises:
        HostError: it is none.
    """
    if not text:
        raise HostError("The Host header is empty.")
    found = _BRACKETS.fullmatch(text)
    address = address_of(found[1]) if found else None
    if address is not None:
        return Host(str(address), address)
    plain = _PLAIN.fullmatch(text)
    name = plain[1].lower().removesuffix(".") if plain else ""
    if not is_name(name):
        raise HostError(f"{_shown(text)} is not the name of a host.")
    address = address_of(name)
    return Host(name, address) if address is None else Host(str(address), address)


def is_name(name: str) -> bool:
    """Whether it can be a name, or an address of four numbers: labels of letters, digits, ``-`` and ``_``."""
    return 0 < len(name) <= LONGEST and all(map(_LABEL.fullmatch, name.split(".")))


def address_of(text: str) -> IpAddress | None:
    """An address in its one usual spelling; one of IPv4 that IPv6 wraps is that of IPv4. Else None."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def names_of(texts: Iterable[object]) -> frozenset[str]:
    """Names as they are compared: small, in ASCII (as browsers send them), without port and closing dot.

    What can't be a name is left out. One that begins with a dot stays so, and stands for what ends with it.
    """
    found = (_compared(text) for text in texts if isinstance(text, str))
    return frozenset(name for name in found if name)


def _compared(text: str) -> str:
    address = address_of(text)
    if address is not None:
        return str(address)
    try:
        plain = text.strip().encode("idna" if not text.isascii() else "ascii").decode("ascii")
    except UnicodeError:
        return ""
    try:
        return "." * plain.startswith(".") + str(read(plain.removeprefix(".")))
    except HostError:
        return ""


def is_one_of(host: Host, names: frozenset[str]) -> bool:
    """Whether a host is among names (see ``names_of``)."""
    if host.address is not None or host.name in names:
        return host.name in names
    labels = host.name.split(".")
    return any("." + ".".join(labels[at:]) in names for at in range(1, len(labels)))


def foreign(host: Host) -> str:
    """The sentence for a host that is not us."""
    what = "a name" if host.address is None else "an address"
    return f"{_shown(str(host))} is not {what} of this machine."


def _shown(text: str) -> str:
    """What was sent, in a sentence: short, and without what can't be seen."""
    plain = "".join(each if each.isascii() and each.isprintable() else "?" for each in text[: SHOWN + 1])
    return f"“{plain}”" if len(plain) <= SHOWN else f"“{plain[:SHOWN]}…”"
