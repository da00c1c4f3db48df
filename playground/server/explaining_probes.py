"""Maps of a few rules, made to ask Werkzeug itself about them one by one, without any code of the app's.

In them each converter is a stand-in, which has the expression of the app's and takes every text that fits:
so a rule can be asked whether it fits by its shape alone, and several which of them Werkzeug chooses before
any converter has its say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import BaseConverter, Map, MapAdapter, RequestRedirect, Rule
from werkzeug.routing.exceptions import WebsocketMismatch

from playground.server.explaining_rules import Form

KEPT = 512
"""Maps of one rule that are kept for the next question."""


class StandIn(BaseConverter):
    """Looks to the router as another converter does, and takes every text as it is."""

    def __init__(self, url_map: Map, real: BaseConverter) -> None:
        super().__init__(url_map)
        self.regex, self.weight, self.part_isolating = real.regex, real.weight, real.part_isolating


class Converters:
    """The converters of one app, each made once for the arguments that rules give it."""

    def __init__(self, url_map: Map) -> None:
        self._of = url_map
        self._made: dict[tuple[object, ...], BaseConverter] = {}
        self._written: dict[tuple[str, str], BaseConverter] = {}

    def make(self, name: str, arguments: str) -> BaseConverter:
        """The converter as a rule writes it: Werkzeug reads the arguments. Raises what that raises."""
        key = (name, arguments)
        if key not in self._written:
            seen: list[BaseConverter] = []
            written = f"/<{name}({arguments}):x>" if arguments else f"/<{name}:x>"
            self._map(seen).add(Rule(written, endpoint=""))
            self._written[key] = seen[-1]
        return self._written[key]

    def map(self, forms: Iterable[Form]) -> Map:
        """Copies of rules in a map of their own, by the numbers of their forms.

        Nothing in it sends a browser on but the slash at the end.
        """
        made = self._map([])
        for form in forms:
            made.add(copied(form))
        made.update()
        return made

    def _map(self, seen: list[BaseConverter]) -> Map:
        """An empty one with the app's settings; ``seen`` gets the app's converters as rules are added."""
        of = self._of
        made = Map(
            default_subdomain=of.default_subdomain,
            strict_slashes=of.strict_slashes,
            merge_slashes=of.merge_slashes,
            host_matching=of.host_matching,
            redirect_defaults=False,
        )
        for name in of.converters:
            made.converters[name] = self._factory(name, seen)  # type: ignore[assignment]  # it is only called
        return made

    def _factory(self, name: str, seen: list[BaseConverter]) -> Callable[..., BaseConverter]:
        def make(url_map: Map, *args: Any, **named: Any) -> BaseConverter:
            key = (name, args, tuple(sorted(named.items())))
            real = self._made.get(key)
            if real is None:
                real = self._made[key] = self._of.converters[name](self._of, *args, **named)
            seen.append(real)
            return StandIn(url_map, real)

        return make


def copied(form: Form, text: str = "", method: str = "") -> Rule:
    """A rule for another map, or one that is written otherwise or takes one method more.

    ``Rule.empty`` would forget some of it, and may be the app's own code.
    """
    rule = form.rule
    return Rule(
        text or rule.rule,
        endpoint=form.number,
        methods=rule.methods if rule.methods is None or not method else {*rule.methods, method},
        subdomain=rule.subdomain,
        host=rule.host,
        strict_slashes=rule.strict_slashes,
        merge_slashes=rule.merge_slashes,
        websocket=rule.websocket,
    )


class Probes:
    """Asks single rules, and a few together, about a request."""

    def __init__(self, converters: Converters) -> None:
        self._converters = converters
        self._single: dict[int, Map] = {}

    def alone(self, form: Form, adapter: MapAdapter, path: str, method: str) -> str:
        """What one rule says by its shape: ``match``, ``redirect``, ``method``, ``socket`` or ``none``."""
        url_map = self._single.get(form.number)
        if url_map is None:
            if len(self._single) >= KEPT:
                self._single.clear()
            url_map = self._single[form.number] = self._converters.map([form])
        try:
            _bound(url_map, adapter).match(path, method=method)
        except RequestRedirect:
            return "redirect"
        except MethodNotAllowed:
            return "method"
        except WebsocketMismatch:
            return "socket"
        except HTTPException:
            return "none"
        return "match"

    def chosen(self, forms: Iterable[Form], adapter: MapAdapter, path: str, method: str) -> int | None:
        """The number of the one that Werkzeug chooses before converters are asked; None where it is none."""
        try:
            number, _ = _bound(self._converters.map(forms), adapter).match(path, method=method)
        except HTTPException:
            return None
        return int(number)


def _bound(url_map: Map, adapter: MapAdapter) -> MapAdapter:
    """Bound to the request that another adapter is bound to."""
    bound = url_map.bind(
        adapter.server_name,
        script_name=adapter.script_name,
        subdomain=None if url_map.host_matching else adapter.subdomain,
        url_scheme=adapter.url_scheme,
    )
    bound.websocket = adapter.websocket
    return bound
