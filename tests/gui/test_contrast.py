"""Contrast of every pair of colours that stand upon each other, in all four themes.

The pairs of the style sheet are worked out from its rules as Qt works them out: for each kind of control, in
each state that two of its rules can bring about together, which colour and which ground win. What widgets
paint by themselves is in a table beside the tokens; it is checked against the modules that paint.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from PySide6 import QtWidgets

import playground.gui
from playground.gui.theme import PILLS, _sheet_template, _token_of
from playground.gui.tokens import PAINTED, THEMES, Tokens

SURFACES = ("background", "panel", "sunken", "accent_tint")
"""What controls that have no ground of their own may stand upon."""
WORDS, MARKS, WORDS_HIGH = 4.5, 3.0, 7.0
"""WCAG 2.2: 1.4.3 for words (AA), 1.4.11 for what is no word, 1.4.6 for words in high contrast (AAA)."""
INPUTS = ("QLineEdit", "QAbstractSpinBox", "QComboBox", "QPlainTextEdit", "QTextEdit")
WORDLESS = (
    "divider",
    "QScrollBar",
    "QSlider",
    "QSplitter",
    "QMenu::separator",
    "indicator",
    "arrow",
    "branch",
    "chunk",
)
ANY = {"card": ("QPushButton", "QFrame"), "invalid": INPUTS, "flat": INPUTS, "field": INPUTS}
"""Which classes are given the properties that a rule names for all; where nothing is said, plain surfaces."""
HANDLES = ("QScrollBar::handle", "QSlider::handle:horizontal", "QSlider::groove:horizontal")
_CONDITION = re.compile(r"\[[^\]]+\]|::?[a-z-]+")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


# The rules of the style sheet ---------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """One selector of a rule: the class that it is about, what must hold, and the colours that it gives."""

    kind: str
    part: str
    conditions: frozenset[str]
    order: int
    colours: tuple[tuple[str, str], ...]

    @property
    def weight(self) -> tuple[int, int, int]:
        return len(self.conditions), int(self.kind != "*"), self.order


def declared(body: str) -> dict[str, str]:
    """What a rule says of colours: a token, or "none"."""
    said: dict[str, str] = {}
    for name, value in re.findall(r"([a-z-]+)\s*:\s*([^;]+);", body):
        token = re.search(r"\$([a-z_]+)", value)
        colour = token[1] if token else "none"
        if name in ("border", "border-color"):
            said["border"] = colour
        elif name == "background" or name.endswith("color"):
            said[name] = colour
    return said


@cache
def rules() -> tuple[Rule, ...]:
    found: list[Rule] = []
    sheet = re.sub(r"/\*.*?\*/", "", _sheet_template(), flags=re.DOTALL)
    for order, (selectors, body) in enumerate(re.findall(r"([^{}]+)\{([^}]*)\}", sheet)):
        colours = tuple(declared(body).items())
        for selector in selectors.split(","):
            *around, last = selector.replace(">", " ").split()
            conditions = {f"within {one}" for one in around}
            kind, part = re.split(r"[\[:]", last, maxsplit=1)[0] or "*", ""
            for one in _CONDITION.findall(last):
                if one.startswith("::"):
                    part = one
                else:
                    conditions.add(one)
            found.append(Rule(kind, part, frozenset(conditions), order, colours))
    return tuple(found)


def family(kind: str) -> frozenset[str]:
    made = getattr(QtWidgets, kind, None)
    return frozenset(("*", kind, *(one.__name__ for one in made.__mro__))) if made else frozenset(("*", kind))


def contradicts(state: frozenset[str]) -> bool:
    """Whether one property would have two values, or what is switched off the keyboard or the mouse."""
    named = [one.partition("=")[0] for one in state if "=" in one]
    if len(named) != len(set(named)) or (":disabled" in state and len(state & LIVELY)):
        return True
    kinds = {re.split("[]=]", one.removeprefix("within ").lstrip("["))[0] for one in state}
    if len(OF_ONE_KIND & kinds) > 1:
        return True
    return sum(one.startswith("within") for one in state) > 1


OF_ONE_KIND = frozenset(
    ("primary", "danger", "flat", "link", "segmented", "pill", "card", "shared", "QStatusBar")
)
"""Buttons are of one of these kinds."""
LIVELY = frozenset((":hover", ":pressed", ":focus", ":on"))


@cache
def rules_of(kind: str, part: str) -> tuple[Rule, ...]:
    """Those that can be about it, the weightiest last."""
    classes = family(kind)
    found = (one for one in rules() if one.part == part and one.kind in classes and meant(one, kind))
    return tuple(sorted(found, key=lambda rule: rule.weight))


def meant(rule: Rule, kind: str) -> bool:
    """Whether controls of that kind are given the property that a rule for all asks for."""
    names = [one[1:].partition("=")[0] for one in rule.conditions if one.startswith("[")]
    return rule.kind != "*" or all(kind in ANY.get(name, ("QWidget", "QFrame", "QLabel")) for name in names)


def states(kind: str, part: str) -> set[frozenset[str]]:
    """Those that its rules name, and those that two of them bring about together."""
    named = {rule.conditions for rule in (*rules_of(kind, ""), *rules_of(kind, part))}
    both = {one | other for one, other in combinations(named, 2)}
    return {whole(state) for state in {frozenset[str](), *named, *both} if not contradicts(state)}


def whole(state: frozenset[str]) -> frozenset[str]:
    """What has a property of some value has the property."""
    return state | {f"{one.partition('=')[0]}]" for one in state if "=" in one}


def resolve(kind: str, part: str, state: frozenset[str]) -> dict[str, str]:
    won: dict[str, str] = {}
    state = whole(state)
    for rule in rules_of(kind, part):
        if rule.conditions <= state:
            won.update(rule.colours)
    return won


@dataclass(frozen=True)
class Pair:
    """One colour upon another, and who shows it."""

    ink: str
    ground: str
    where: str


@cache
def elements() -> tuple[tuple[str, str], ...]:
    return tuple(sorted({(rule.kind, rule.part) for rule in rules() if rule.kind != "*"}))


def grounds(won: dict[str, str], kind: str, part: str, state: frozenset[str]) -> tuple[str, ...]:
    own = won.get("background", "none")
    if own == "none" and part:
        own = resolve(kind, "", state).get("background", "none")
    return (own,) if own != "none" else SURFACES


def worked_out() -> Iterator[tuple[str, str, frozenset[str], dict[str, str]]]:
    for kind, part in elements():
        for state in states(kind, part):
            yield kind, part, state, resolve(kind, part, state)


def label(kind: str, part: str, state: frozenset[str]) -> str:
    return f"{kind}{part}{''.join(sorted(state))}"


@cache
def words_of_the_sheet() -> frozenset[Pair]:
    pairs = set()
    for kind, part, state, won in worked_out():
        where = label(kind, part, state)
        if any(one in where for one in WORDLESS):
            continue
        ink = won.get("color") or resolve(kind, "", state).get("color", "text")
        for ground in grounds(won, kind, part, state):
            pairs.add(Pair(ink, ground, where))
            if "placeholder-text-color" in won:
                pairs.add(Pair(won["placeholder-text-color"], ground, where))
        if "selection-color" in won:
            pairs.add(Pair(won["selection-color"], won["selection-background-color"], where))
    return frozenset(pairs)


@cache
def marks_of_the_sheet() -> frozenset[Pair]:
    """Rings around what has the focus, borders of inputs and of what is ticked, handles."""
    pairs = set()
    for kind, part, state, won in worked_out():
        where = label(kind, part, state)
        border = won.get("border", "none")
        if ":disabled" in state:
            continue
        ticked = part == "::indicator"
        typed = kind in INPUTS and not part and "within" not in where
        if border != "none" and (state & {":focus", ":on", '[invalid="true"]'} or ticked or typed):
            pairs |= {Pair(border, ground, where) for ground in SURFACES}
        if f"{kind}{part}" in HANDLES and "background" in won:
            pairs |= {Pair(won["background"], ground, where) for ground in SURFACES[:3]}
    return frozenset(pairs)


def too_faint(tokens: Tokens, pairs: frozenset[Pair], least: float) -> list[str]:
    found: dict[tuple[str, str], str] = {}
    for pair in sorted(pairs, key=lambda pair: (len(pair.where), pair.where)):
        if contrast(getattr(tokens, pair.ink), getattr(tokens, pair.ground)) < least:
            found.setdefault((pair.ink, pair.ground), pair.where)
    return [
        f"{ink} on {ground} is {contrast(getattr(tokens, ink), getattr(tokens, ground)):.2f}: {where}"
        for (ink, ground), where in found.items()
    ]


themes = pytest.mark.parametrize("tokens", THEMES, ids=lambda tokens: tokens.name)


def is_high(tokens: Tokens) -> bool:
    return tokens.name.endswith("contrast")


@themes
def test_words_that_the_style_sheet_colours(tokens: Tokens) -> None:
    assert too_faint(tokens, words_of_the_sheet(), WORDS_HIGH if is_high(tokens) else WORDS) == []


@themes
def test_rings_borders_and_handles_of_the_style_sheet(tokens: Tokens) -> None:
    assert too_faint(tokens, marks_of_the_sheet(), 4.5 if is_high(tokens) else MARKS) == []


def test_the_rules_are_read_as_they_are_meant() -> None:
    """Spot checks, so that a sheet that is read wrongly does not pass for one without faults."""
    assert resolve("QPushButton", "", frozenset()) == {
        "color": "text", "background": "panel", "border": "line"
    }  # fmt: skip
    primary = frozenset(('[primary="true"]',))
    assert resolve("QPushButton", "", primary)["color"] == "on_accent"
    assert resolve("QPushButton", "", primary | {":disabled"})["background"] == "sunken"
    assert resolve("QPushButton", "", primary | {":focus"})["border"] == "text"
    assert resolve("QTreeView", "", frozenset())["background"] == "panel"
    seen = {(pair.ink, pair.ground) for pair in words_of_the_sheet()}
    assert {
        ("on_accent", "accent"),
        ("muted", "hover"),
        ("get", "get_tint"),
        ("accent", "accent_tint"),
    } <= seen
    assert all((_token_of(method), f"{_token_of(method)}_tint") in seen for method in PILLS)
    rings = {(pair.ink, pair.ground) for pair in marks_of_the_sheet()}
    assert {("edge", "panel"), ("accent", "sunken"), ("delete", "panel")} <= rings


# What widgets paint by themselves -----------------------------------------------------------------


def painted(kind: str) -> frozenset[Pair]:
    """The pairs of the table that are words (""), or of a kind of its own (mark, line)."""
    pairs = set()
    for module, lines in PAINTED.items():
        for line in lines:
            inks, _, below = line.partition(" on ")
            first, *others = inks.split()
            said, names = (first, others) if first in ("mark", "line") and others else ("", [first, *others])
            if said == kind:
                pairs |= {Pair(ink, ground, module) for ink in names for ground in below.split()}
    return frozenset(pairs)


@themes
def test_words_that_widgets_paint(tokens: Tokens) -> None:
    assert too_faint(tokens, painted(""), WORDS_HIGH if is_high(tokens) else WORDS) == []


@themes
def test_marks_that_widgets_paint(tokens: Tokens) -> None:
    assert too_faint(tokens, painted("mark"), 4.5 if is_high(tokens) else MARKS) == []


@themes
def test_lines_are_seen_in_high_contrast(tokens: Tokens) -> None:
    """Elsewhere a line that merely parts one thing from another may be as faint as it was drawn."""
    if is_high(tokens):
        pairs = painted("line") | {Pair(line, ground, "") for line in ("line", "edge") for ground in SURFACES}
        assert too_faint(tokens, pairs, 4.5) == []


NAMES = {name for name in Tokens.__dataclass_fields__ if name != "name"} | {"error"}
GUI = Path(playground.gui.__file__).parent


def paints(tree: ast.AST) -> bool:
    """Whether a module takes colours from the theme."""
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("colour", "tokens") for node in ast.walk(tree)
    )


def named_in(tree: ast.AST) -> set[str]:
    """The tokens that a module names where it asks for a colour."""
    found = set()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) == "colour"
        ):
            words = (one for argument in node.args for one in ast.walk(argument))
            found |= {one.value for one in words if isinstance(one, ast.Constant)}
        elif isinstance(node, ast.Attribute) and getattr(node.value, "attr", "") == "tokens":
            found.add(node.attr)
    return found & NAMES


def test_all_that_is_painted_is_in_the_table() -> None:
    """Say in PAINTED (gui/tokens.py) what a module paints upon what; and take out what paints no more."""
    amiss = []
    for file in GUI.rglob("*.py"):
        module, tree = file.relative_to(GUI).with_suffix("").as_posix(), ast.parse(file.read_text("utf-8"))
        if module in ("theme", "tokens"):
            continue
        if paints(tree) != (module in PAINTED):
            amiss.append(module)
        elif left_out := named_in(tree) - set(" ".join(PAINTED.get(module, ())).split()):
            amiss.append(f"{module}: {left_out}")
    assert amiss == []


@themes
def test_icons_in_every_colour_that_they_are_given(tokens: Tokens) -> None:
    given = set()
    for file in GUI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = (
                getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            )
            if name in ("set_icon", "pixmap", "icon") and isinstance(node, ast.Call):
                words = (one for argument in node.args[1:] for one in ast.walk(argument))
                given |= {one.value for one in words if isinstance(one, ast.Constant)} & NAMES - {"on_accent"}
    assert {"text", "muted", "accent"} <= given
    pairs = frozenset(Pair(ink, ground, "an icon") for ink in given for ground in (*SURFACES, "hover"))
    assert too_faint(tokens, pairs, 4.5 if is_high(tokens) else MARKS) == []


@themes
def test_code_in_the_line_of_the_cursor(tokens: Tokens) -> None:
    """Its ground is mixed of two: as much of one as the editor paints over the other."""
    share = float(re.findall(r"setAlphaF\((0?\.\d+)\)", (GUI / "widgets/code_editor.py").read_text())[0])
    code = PAINTED["widgets/highlight"][0].partition(" on ")[0].split()
    for ground in (tokens.panel, tokens.sunken):
        mixed = mix(tokens.hover, ground, share)
        faint = {ink: contrast(getattr(tokens, ink), mixed) for ink in code}
        assert min(faint.values()) >= (WORDS_HIGH if is_high(tokens) else WORDS), faint


def mix(over: str, under: str, share: float) -> str:
    parts = zip(bytes.fromhex(over[1:]), bytes.fromhex(under[1:]), strict=True)
    return "#" + bytes(round(share * one + (1 - share) * other) for one, other in parts).hex()
