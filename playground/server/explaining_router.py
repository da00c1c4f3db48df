"""What is kept of one app to explain its routing: its rules as read once, their order, and the probes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from flask import Flask
from werkzeug.routing import BaseConverter, MapAdapter, Rule, ValidationError
from werkzeug.routing.converters import NumberConverter, UUIDConverter

from playground.server.explaining_cases import Case, Index
from playground.server.explaining_probes import Converters, Probes, copied
from playground.server.explaining_rules import Form, Piece, form_of

_log = logging.getLogger(__name__)
_HARMLESS = frozenset({BaseConverter.to_python, NumberConverter.to_python, UUIDConverter.to_python})


class Router:
    """The rules of one app. Flask takes no others when it has begun to serve, so it is made once."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._converters = Converters(app.url_map)
        self.probes = Probes(self._converters)
        self.forms = tuple(self._read())
        self.index = Index(self.forms)
        self.by_rule = {id(form.rule): form for form in self.forms}
        self._by_number = {form.number: form for form in self.forms}
        self._firsts: dict[tuple[object, ...], int] | None = None

    def _read(self) -> Iterator[Form]:
        by_host = self.app.url_map.host_matching
        for number, rule in enumerate(self.app.url_map.iter_rules()):
            if rule.build_only:  # it takes no requests
                continue
            try:
                yield form_of(rule, number, self._converters.make, host_matching=by_host)
            except Exception as error:  # noqa: BLE001  a converter of the app's own, or a rule of a class of its own
                _log.info("The rule %s can't be explained: %s", rule.rule, error)

    @property
    def by_host(self) -> bool:
        return self.app.url_map.host_matching

    @cached_property
    def plain(self) -> bool:
        """Whether its map can be asked any path without running code of the app's own."""
        return all(
            form.rule.redirect_to is None
            and all(is_harmless(piece.converter) for piece in (*form.params, *form.host.params))
            for form in self.forms
        )

    def may_send_on(self, form: Form) -> bool:
        """Whether a rule can send the browser on for something else than a slash."""
        rule, url_map = form.rule, self.app.url_map
        if rule.redirect_to is not None or not url_map.redirect_defaults:
            return rule.redirect_to is not None
        return rule.alias or any(other.defaults for other in url_map.iter_rules(rule.endpoint))

    def changed(self, form: Form, text: str = "", method: str = "") -> Form | None:
        """The rule as it would be, were it written like this or took this method; None where it can't be."""
        return self._tried(lambda: copied(form, text, method), form.number)

    def added(self, text: str, method: str) -> Form | None:
        """A rule as it would be, were it added to the app; None where it can't be."""
        of = self.app.url_map
        return self._tried(
            lambda: Rule(
                text,
                methods=[method],
                subdomain=of.default_subdomain,
                strict_slashes=of.strict_slashes,
                merge_slashes=of.merge_slashes,
            ),
            max(self._by_number, default=0) + 1,
        )

    def _tried(self, make: Callable[[], Rule], number: int) -> Form | None:
        try:
            return form_of(make(), number, self._converters.make, host_matching=self.by_host)
        except Exception as error:  # noqa: BLE001  as above
            _log.info("A rule can't be like that: %s", error)
            return None

    def chosen(
        self,
        cases: Iterable[Case],
        adapter: MapAdapter,
        path: str,
        method: str,
        *,
        changed: Form | None = None,
    ) -> Form | None:
        """Which rule Werkzeug chooses before it asks converters; None for a slash, or where none fits.

        ``changed`` stands in for the rule of its number.
        """
        numbers = {number for case in cases for number in (case.form.number, *self._creators(case.form))}
        forms = {number: self._by_number[number] for number in numbers if number in self._by_number}
        if changed is not None:
            forms[changed.number] = changed
        number = self.probes.chosen([forms[one] for one in sorted(forms)], adapter, path, method)
        return None if number is None else forms[number]

    def order(self, form: Form) -> tuple[object, ...]:
        """Compares as Werkzeug tries rules, where a path fits them all."""
        parts = (form.host, *form.parts)
        creators = self._creators(form)
        keys = (
            (part.pattern is not None, part.weight if part.pattern is not None else (), creator)
            for part, creator in zip(parts, creators, strict=True)
        )
        return (*keys, (False, (), form.number))

    def _creators(self, form: Form) -> list[int]:
        """Of each part the number of the rule that brought it in first: parts of equal weight go by that."""
        firsts = self._firsts
        if firsts is None:
            firsts = {}
            for one in self.forms:
                for key in _ways(one):
                    firsts.setdefault(key, one.number)
            self._firsts = firsts
        return [firsts.get(key, form.number) for key in _ways(form)]


def _ways(form: Form) -> Iterator[tuple[object, ...]]:
    """The way to each part of a rule from the beginning, as something to look up."""
    way: tuple[object, ...] = ()
    for part in (form.host, *form.parts):
        way = (way, part.key)
        yield way


def is_harmless(converter: BaseConverter | None) -> bool:
    """Whether its values are made by Werkzeug's code alone."""
    return converter is None or type(converter).to_python in _HARMLESS


def refusing(form: Form, texts: tuple[str, ...], *, ask_all: bool) -> tuple[Piece, str] | None:
    """The parameter whose converter refuses its text, as the router would ask them one after the other.

    Converters of the app's own are asked only with ``ask_all``: for the rule that was chosen, whose
    converters the router has just asked.
    """
    for piece, text in zip(form.params, texts, strict=False):
        if piece.converter is None or not (ask_all or is_harmless(piece.converter)):
            continue
        try:
            piece.converter.to_python(text)
        except ValidationError:
            return piece, text
        except Exception as error:  # noqa: BLE001  it is the app's, and answered differently a moment ago
            _log.info("The converter of %s raised %r", piece.text, error)
    return None
