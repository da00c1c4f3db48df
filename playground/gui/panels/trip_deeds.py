"""What can be done with a request that was recorded: the words and pictures of it, wherever it is offered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deed:
    """``name`` is the same in signals and object names; ``words`` say all of it, ``short`` fits a button."""

    name: str
    words: str
    short: str
    picture: str
    key: str = ""


OPEN = Deed("open", "Show what Flask did", "X-ray", "xray", "Enter")
DEEDS = (
    Deed("resend", "Send it again", "Send again", "refresh"),
    Deed("curl", "Copy as curl", "Copy as curl", "copy"),
    Deed("show_route", "Show the route", "Show the route", "route"),
    Deed("show_on_map", "Show its way on the map", "Show on the map", "map"),
)
