"""What the system says of this machine: its addresses in the networks that it is in, and its names.

Everything here asks the system anew, which takes about a millisecond, and sends nothing to anybody.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Iterable
from contextlib import closing
from typing import NamedTuple

from playground.core.hosts import IpAddress, names_of

_log = logging.getLogger(__name__)

VIRTUAL = (
    "br-",
    "bridge",
    "cni",
    "docker",
    "flannel",
    "hyper-v",
    "lxc",
    "lxdbr",
    "podman",
    "tailscale",
    "tap",
    "tun",
    "utun",
    "vboxnet",
    "vethernet",
    "veth",
    "virbr",
    "virtual",
    "vmnet",
    "vmware",
    "wg",
    "wsl",
    "zt",
)
"""How a word begins in the name of an adapter that leads to containers or a tunnel, not to the room."""
_ANYWHERE = {socket.AF_INET: "203.0.113.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses that are nobody's: which of ours would be used to reach them is the one of the default route."""


class Own(NamedTuple):
    """One address of this machine, the adapter that has it, and how many of its bits are the network's."""

    address: IpAddress
    adapter: str
    prefix: int

    @property
    def network(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
        """The addresses that are reached without a router."""
        return ipaddress.ip_network((str(self.address), self.prefix), strict=False)

    @property
    def is_virtual(self) -> bool:
        """Whether it leads to containers or through a tunnel."""
        words = self.adapter.lower().replace("(", " ").split()
        return any(word.startswith(VIRTUAL) for word in words)


def own() -> tuple[Own, ...]:
    """All addresses of this machine, with those that nobody else can reach; none where the system fails."""
    import ifaddr

    try:
        found = [(adapter.nice_name, ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips]
    except OSError as error:
        _log.warning("The addresses of this machine can't be listed: %s", error)
        return ()
    texts = ((ip.ip if isinstance(ip.ip, str) else ip.ip[0], name, ip.network_prefix) for name, ip in found)
    return tuple(Own(ipaddress.ip_address(text), name, prefix) for text, name, prefix in texts)


def of_the_network() -> tuple[str, ...]:
    """Under which addresses others can reach this machine, the likeliest first."""
    return ordered(own(), tuple(filter(None, map(_default, _ANYWHERE))))


def ordered(found: Iterable[Own], first: Iterable[str] = ()) -> tuple[str, ...]:
    """Those that others can reach: IPv4 before IPv6, ``first`` before the others, virtual ones last."""
    usual = frozenset(first)

    def rank(one: Own) -> tuple[bool, bool, bool]:
        return one.is_virtual, one.address.version == 6, str(one.address) not in usual

    reached = sorted(filter(_is_reachable, found), key=rank)  # stable: else as the system lists them
    return tuple(dict.fromkeys(str(one.address) for one in reached))


def _is_reachable(one: Own) -> bool:
    address = one.address
    return not (
        address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    )


def _default(family: socket.AddressFamily) -> str:
    """The address of ours that the default route uses; empty where there is none. Sends nothing."""
    try:
        with closing(socket.socket(family, socket.SOCK_DGRAM)) as probe:
            probe.connect((_ANYWHERE[family], 9))
            return str(probe.getsockname()[0])
    except OSError as error:
        _log.debug("no default route for %s: %s", family.name, error)
        return ""


def names() -> frozenset[str]:
    """What this machine is called, also with ``.local`` behind it; without asking anybody else."""
    said = socket.gethostname()
    short = said.partition(".")[0]
    return names_of((said, short, f"{short}.local"))


def full_name() -> str:
    """The name with its domain, as far as the system can tell; may take seconds where DNS is slow."""
    return socket.getfqdn()


def url(address: str, port: int) -> str:
    """What to type into a browser."""
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"
