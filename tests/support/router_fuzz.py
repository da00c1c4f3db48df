"""Random rules and random requests to hold the router's explanation against, all from one seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from flask import Flask
from werkzeug.routing import BaseConverter, MapAdapter, ValidationError


class Slug(BaseConverter):
    """A converter of an app's own, which refuses some of what looks right."""

    regex = "[a-z]+"

    def to_python(self, value: str) -> str:
        if "q" in value:
            raise ValidationError(value)
        return value.upper()


KINDS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    # as it is written, texts that it takes, texts that look right and are refused
    ("a", ("a",), ()),
    ("bc", ("bc",), ()),
    ("{}", ("a", "x9", "ü"), ()),
    ("string(length=2):{}", ("bc", "12"), ()),
    ("string(minlength=2, maxlength=3):{}", ("bc", "abc"), ()),
    ("int:{}", ("5", "42", "٣"), ()),
    ("int(min=3, max=10):{}", ("3", "5"), ("2", "42")),
    ("int(fixed_digits=2):{}", ("42", "05"), ("5", "123")),
    ("int(signed=True):{}", ("-5", "5"), ()),
    ("float:{}", ("1.5", "2.0"), ()),
    ("path:{}", ("a/b", "a", "x/5/y"), ()),
    ("any(a, bc):{}", ("a", "bc"), ()),
    ("uuid:{}", ("123e4567-e89b-12d3-a456-426614174000",), ()),
    ("slug:{}", ("abc", "a"), ("q", "aqa")),
)
MIXED = (
    ("v<int:{0}>", ("v5", "v42")),
    ("<{0}>.html", ("a.html", "x.html")),
    ("<int:{0}>-<int:{1}>", ("1-2",)),
)
METHODS = ("GET", "POST", "PUT", "DELETE")
SLIPS = ("", "a", "A", "bc", "x", "5", "99", "1.5", "-5", "v5", "a.htm", "q", "zz", "٣", "a b")


@dataclass
class Written:
    """A rule as it was put together: each segment's text, and what would go there."""

    texts: list[str] = field(default_factory=list)
    samples: list[tuple[str, ...]] = field(default_factory=list)
    slash: bool = False
    endpoint: str = ""
    options: dict[str, object] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        return "/" + "/".join(self.texts) + ("/" if self.slash and self.texts else "")


def view(**values: object) -> str:
    return ""


class Fuzz:
    """Random rules and requests, all from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def is_so(self, chance: float) -> bool:
        return self.chance.random() < chance

    def app(self) -> tuple[Flask, list[Written]]:
        """An app of up to six rules."""
        mode = self.chance.choice(("plain", "plain", "plain", "subdomain", "host"))
        app = Flask(
            "fuzz", static_folder=None, host_matching=mode == "host", subdomain_matching=mode == "subdomain"
        )
        if mode == "subdomain":
            app.config["SERVER_NAME"] = "example.com"
        app.url_map.strict_slashes = self.is_so(0.8)
        app.url_map.merge_slashes = self.is_so(0.8)
        app.url_map.converters["slug"] = Slug
        crowded = self.is_so(0.5)
        rules = [self.written(mode, crowded=crowded) for _ in range(self.chance.randint(1, 6))]
        share = self.is_so(0.3)  # endpoints have several rules, and the map lists those together
        for number, written in enumerate(rules):
            written.endpoint = f"view{number % 2 if share else number}"
            app.add_url_rule(written.rule, written.endpoint, view, **written.options)  # type: ignore[arg-type]
        return app, rules

    def written(self, mode: str, *, crowded: bool) -> Written:
        """A rule; the ``crowded`` ones of an app often take the same paths."""
        written = Written(slash=self.is_so(0.35))
        for number in range(self.chance.choice((1, 1, 1, 2) if crowded else (0, 1, 1, 2, 2, 2, 3))):
            if self.is_so(0.15):
                text, takes = self.chance.choice(MIXED)
                written.texts.append(text.format(f"m{number}", f"n{number}"))
                written.samples.append(takes)
            else:
                text, samples, _ = self.chance.choice(KINDS)
                written.texts.append(f"<{text.format(f'p{number}')}>" if "{" in text else text)
                written.samples.append(samples)
        several = len(METHODS) if crowded and self.is_so(0.7) else self.chance.choice((1, 1, 2))
        options: dict[str, object] = {"methods": self.chance.sample(METHODS, several)}
        if self.is_so(0.2):
            options["strict_slashes"] = self.is_so(0.5)
        if self.is_so(0.2):
            options["merge_slashes"] = self.is_so(0.5)
        if self.is_so(0.04):
            options["build_only"] = True
        if self.is_so(0.04):
            options["websocket"], options["methods"] = True, ["GET"]
        if mode == "subdomain" and self.is_so(0.7):
            options["subdomain"] = self.chance.choice(("api", "www", "<who>"))
        if mode == "host" and self.is_so(0.9):
            options["host"] = self.chance.choice(("a.test", "b.test", "<who>.test"))
        written.options = options
        return written

    def path(self, rules: list[Written]) -> str:
        """A path of one of the rules, with some slips in it."""
        written = self.chance.choice(rules)
        segments = [self.chance.choice(takes) for takes in written.samples] + [""] * written.slash
        for _ in range(self.chance.choice((0, 0, 1, 1, 2))):
            self.slip(segments)
        return "/" + "/".join(segments)

    def slip(self, segments: list[str]) -> None:
        what = self.chance.choice(("replace", "replace", "add", "drop", "end", "refuse"))
        at = self.chance.randint(0, len(segments))
        if what == "add":
            segments.insert(at, self.chance.choice(SLIPS))
        elif what == "end":
            segments.append("")
        elif segments and what == "drop":
            segments.pop(at - 1)
        elif segments and what == "replace":
            segments[at - 1] = self.chance.choice(SLIPS)
        elif segments:
            segments[at - 1] = self.chance.choice([text for _, _, bad in KINDS for text in bad])

    def bound(self, app: Flask) -> MapAdapter:
        if app.url_map.host_matching:
            return app.url_map.bind(self.chance.choice(("a.test", "b.test", "c.other")))
        subdomain = self.chance.choice(("", "api", "www", "zz")) if app.subdomain_matching else ""
        return app.url_map.bind("example.com", subdomain=subdomain)


def at(adapter: MapAdapter, path: str) -> MapAdapter:
    """The same map and host for another path."""
    of = adapter.map
    subdomain = None if of.host_matching else adapter.subdomain
    bound = of.bind(adapter.server_name, subdomain=subdomain, path_info=path)
    bound.websocket = adapter.websocket
    return bound
