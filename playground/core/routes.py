"""Routes and their owners as written in the source, and drafts of them as forms hold them."""

from __future__ import annotations

from dataclasses import dataclass, field

from playground.core.answers import Answer, AnswerKind

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
"""The methods that the form offers, in its order."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The object that routes are added to: the Flask app or a blueprint.

    ``name`` is what people and endpoints call it (a blueprint's name, ``app`` for the app);
    ``variable`` is the Python name that holds it in ``file``; ``prefix`` is the whole prefix its
    rules get, from blueprint and registration; ``registered`` is False for a blueprint
    that no source line registers on an app. ``app`` is the name of the app whose map has its routes.
    """

    name: str
    variable: str
    kind: str = "app"  # "app" or "blueprint"
    prefix: str = ""
    file: str = ""
    line: int = 1
    registered: bool = True
    app: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A piece of a file as it was read: ``text`` (``\\n`` newlines) from byte ``start`` to ``end``."""

    file: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Route:
    """One route as written: one rule of one view function; equal by content.

    ``rule`` is as in the source, without the owner's prefix; ``full_rule`` has it. ``methods``
    are those declared (upper case, sorted in form order), GET where nothing is said; HEAD and
    OPTIONS only where written. ``line`` to ``end_line`` and ``region`` hold the whole
    statement, its decorators included. ``editable`` is False where the form can't own the route;
    ``why_not`` then says why. ``parameters`` are the names of the function's parameters.
    ``sibling_rules`` are the rules of other decorators on the same function.
    ``live`` says whether the running app's map has it: None where no app is loaded to ask. ``in_source`` is
    False for a rule that only the running app knows (an extension's, ``/static``); ``region`` is None then.
    ``why_not_live`` says what keeps a route out of the running app, where ``live`` is False.
    ``note`` says under what condition the source makes it (an ``if`` around it, a subdomain).
    """

    rule: str
    methods: tuple[str, ...]
    endpoint: str
    function: str
    owner: str
    prefix: str = ""
    file: str = ""
    line: int = 1
    end_line: int = 1
    doc: str = ""
    answer: Answer = field(default_factory=lambda: Answer(AnswerKind.PYTHON))
    editable: bool = True
    why_not: str = ""
    parameters: tuple[str, ...] = ()
    sibling_rules: tuple[str, ...] = ()
    region: Region | None = None
    live: bool | None = None
    in_source: bool = True
    note: str = ""
    why_not_live: str = ""

    @property
    def full_rule(self) -> str:
        """The rule as the app's map has it: prefix and rule joined as Flask joins them."""
        if not self.prefix:
            return self.rule
        if not self.rule:
            return self.prefix
        return "/".join((self.prefix.rstrip("/"), self.rule.lstrip("/")))

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same while the code of the view changes: endpoint and rule."""
        return (self.endpoint, self.rule)

    @property
    def title_method(self) -> str:
        """The method to show on a badge: the first declared one."""
        return self.methods[0] if self.methods else "GET"


@dataclass(frozen=True, slots=True)
class NewBlueprint:
    """A blueprint to make together with a route: its name, prefix and file (``users.py``)."""

    name: str
    prefix: str
    file: str


@dataclass(frozen=True, slots=True)
class RouteDraft:
    """A route as a form or a command line describes it; nothing is checked yet.

    ``owner`` is the name of an existing ``Owner``; ``new_blueprint`` asks for one to be made
    and wins over ``owner``. ``function`` may be empty when adding: a name is made from the rule.
    """

    rule: str
    methods: tuple[str, ...] = ("GET",)
    function: str = ""
    doc: str = ""
    owner: str = "app"
    answer: Answer = field(default_factory=lambda: Answer(AnswerKind.TEXT, "Hello"))
    new_blueprint: NewBlueprint | None = None

    @classmethod
    def of(cls, route: Route) -> RouteDraft:
        """The draft that describes a route exactly as it is written."""
        return cls(route.rule, route.methods, route.function, route.doc, route.owner, route.answer)
