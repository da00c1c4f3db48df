"""Small line tokenizers for what is edited live and for large answers: Python, Jinja and HTML, CSS, JSON.

``tokenize`` is pure: a line and the state that the line before ended in give coloured spans and the
state for the next line; so a typed character costs one line, and a body of megabytes the lines in view.
Not a parser: wrong code must look reasonable while it is being typed. Kinds of spans are names of theme
tokens. All other languages are coloured by Pygments (see ``lexing``).
"""

from __future__ import annotations

import re
from collections.abc import Callable

Span = tuple[int, int, str]
"""Start and end (in characters of Python) and the theme token of its colour."""
Tokenizer = Callable[[str, int], tuple[list[Span], int]]


def tokenize(language: str, line: str, state: int) -> tuple[list[Span], int]:
    """The coloured spans of one line, and the state to give to the next one (0 at the start)."""
    tokenizer = TOKENIZERS.get(language)
    return tokenizer(line, max(state, 0)) if tokenizer else ([], 0)


# --- Python --------------------------------------------------------------------------------------------

_PYTHON_WORDS = (
    "False None True and as assert async await break case class continue def del elif else except finally "
    "for from global if import in is lambda match nonlocal not or pass raise return try while with yield"
)
_NUMBER = r"\b(?:0[xX][\da-fA-F_]+|\d[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?)\b"
_PYTHON = re.compile(
    r"(?P<comment>\#.*)"
    r"|(?P<triple>\b[rRbBuUfF]{0,2}(?:'''|\"\"\")|(?:'''|\"\"\"))"
    r"|(?P<string>(?:\b[rRbBuUfF]{1,2})?(?:'(?:\\.|[^'\\])*'?|\"(?:\\.|[^\"\\])*\"?))"
    r"|(?P<decorator>^\s*@[\w.]+)"
    r"|(?P<define>\b(?:def|class)(?=\s))(?:\s+(?P<defined>\w+))?"
    r"|(?P<number>" + _NUMBER + ")"
    r"|(?P<word>[^\W\d]\w*)"
)
_KINDS = {
    "comment": "muted",
    "string": "string",
    "decorator": "post",
    "define": "keyword",
    "defined": "post",
    "number": "parameter",
}
_QUOTES = ("'''", '"""')


_PYTHON_KEYWORDS = frozenset(_PYTHON_WORDS.split())


def _python(line: str, state: int) -> tuple[list[Span], int]:
    """State 1 and 2: inside of a string with three single or double quotes."""
    spans: list[Span] = []
    at = 0
    if state:
        at = _end_of(line, 0, _QUOTES[state - 1])
        if at < 0:
            return [(0, len(line), "string")], state
        spans.append((0, at, "string"))
    while found := _PYTHON.search(line, at):
        at = found.end()
        kind = found.lastgroup or ""
        if kind == "triple":
            quotes = found.group()[-3:]
            at = _end_of(line, found.end(), quotes)
            if at < 0:
                spans.append((found.start(), len(line), "string"))
                return spans, _QUOTES.index(quotes) + 1
            spans.append((found.start(), at, "string"))
        elif kind == "word":
            if found.group() in _PYTHON_KEYWORDS:
                spans.append((*found.span(), "keyword"))
        elif kind == "defined":
            spans.append((*found.span("define"), "keyword"))
            spans.append((*found.span("defined"), "post"))
        else:
            spans.append((*found.span(), _KINDS[kind]))
    return spans, 0


def _end_of(line: str, start: int, closing: str) -> int:
    """Where the text after the next ``closing`` begins, backslashes minded; -1 where there is none."""
    at = line.find(closing, start)
    while at > 0 and (at - len(line[:at].rstrip("\\"))) % 2:
        at = line.find(closing, at + 1)
    return at if at < 0 else at + len(closing)


# --- JSON ----------------------------------------------------------------------------------------------

_JSON = re.compile(
    r"(?P<key>\"(?:\\.|[^\"\\])*\")(?=\s*:)|(?P<string>\"(?:\\.|[^\"\\])*\"?)"
    r"|(?P<number>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)|(?P<word>\b(?:true|false|null)\b)"
)
_JSON_KINDS = {"key": "accent", "string": "string", "number": "post", "word": "keyword"}


def _json(line: str, _state: int) -> tuple[list[Span], int]:
    return [(*found.span(), _JSON_KINDS[found.lastgroup or "word"]) for found in _JSON.finditer(line)], 0


# --- CSS -----------------------------------------------------------------------------------------------

_CSS = re.compile(
    r"(?P<open>/\*)|(?P<string>\"[^\"]*\"?|'[^']*'?)|(?P<brace>\{)|(?P<close>\})|(?P<rule>@[\w-]+)"
    r"|(?P<property>[\w-]+)(?=\s*:)|(?P<number>\#[\da-fA-F]{3,8}\b|-?\b\d*\.?\d+(?:%|[a-z]+)?)"
    r"|(?P<word>[.\#]?[A-Za-z_][\w-]*)"
)
_CSS_COMMENT, _CSS_BLOCK = 1, 2


def _css(line: str, state: int) -> tuple[list[Span], int]:
    """State is made of two bits: inside of a comment, inside of a block."""
    spans: list[Span] = []
    at, block = 0, state & _CSS_BLOCK
    if state & _CSS_COMMENT:
        at = line.find("*/") + 2
        if at < 2:
            return [(0, len(line), "muted")], state
        spans.append((0, at, "muted"))
    while found := _CSS.search(line, at):
        at, kind = found.end(), found.lastgroup
        if kind == "open":
            end = line.find("*/", at)
            at = len(line) if end < 0 else end + 2
            spans.append((found.start(), at, "muted"))
            if end < 0:
                return spans, block | _CSS_COMMENT
        elif kind == "brace":
            block = _CSS_BLOCK
        elif kind == "close":
            block = 0
        elif (colour := _css_colour(kind, bool(block))) is not None:
            spans.append((*found.span(), colour))
    return spans, block


def _css_colour(kind: str | None, in_block: bool) -> str | None:
    if kind in ("property", "word") and not in_block:
        return "accent"
    return {"string": "string", "rule": "keyword", "property": "post", "number": "parameter"}.get(kind or "")


# --- HTML and Jinja ------------------------------------------------------------------------------------

_TEXT, _TAG, _COMMENT = 0, 1, 2
_EXPRESSION, _STATEMENT, _NOTE = 4, 8, 12  # Jinja, added to the state of the HTML around it
_JINJA_OPEN = {"{{": _EXPRESSION, "{%": _STATEMENT, "{#": _NOTE}
_JINJA_CLOSE = {_EXPRESSION: "}}", _STATEMENT: "%}", _NOTE: "#}"}
_HTML_MARKS = {
    _TEXT: re.compile(r"\{[{%#]|<!--|</?[A-Za-z][\w:-]*|<![A-Za-z]+"),
    _TAG: re.compile(r"\{[{%#]|/?>|\"[^\"{]*\"?|'[^'{]*'?"),
    _COMMENT: re.compile(r"-->"),
}
_JINJA_STRING = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'")
_JINJA_WORD = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[^\W\d][\w.]*")
_NAMING_WORDS = "block endblock extends include import from macro endmacro call filter raw endraw"
_NAMING_TAGS = frozenset(_NAMING_WORDS.split())
_PLAIN_WORDS = (
    "if elif else endif for endfor in and or not is set endset with endwith do recursive as context without "
    "ignore missing defined undefined none true false None True False loop autoescape endautoescape"
)
_JINJA_WORDS = frozenset(_PLAIN_WORDS.split())


def _markup(line: str, state: int, jinja: bool = True) -> tuple[list[Span], int]:
    spans: list[Span] = []
    at, html, inside = 0, state & 3, state & 12
    while at < len(line) or inside:
        if inside:
            at, inside = _jinja_part(line, at, inside, spans)
            if inside:
                break
            continue
        found = _HTML_MARKS[html].search(line, at)
        if found is None:
            break
        if found.group() in _JINJA_OPEN and jinja:
            inside = _JINJA_OPEN[found.group()]
            at = found.start()
            continue
        html, at = _html_mark(found, html, spans), found.end()
    if html == _COMMENT and not inside:
        _mute_comment(line, spans)
    return spans, html | inside


def _mute_comment(line: str, spans: list[Span]) -> None:
    """Colour the part of a comment that goes on in the next line."""
    start = max(line.rfind("<!--"), 0)
    spans.append((start, len(line), "muted"))


def _html_mark(found: re.Match[str], html: int, spans: list[Span]) -> int:
    """Colour one mark of HTML; the state after it."""
    mark, (start, end) = found.group(), found.span()
    if html == _COMMENT:
        spans.append((max(found.string.rfind("<!--", 0, start), 0), end, "muted"))
        return _TEXT
    if mark == "<!--":
        return _COMMENT
    if mark.startswith("<"):
        spans.append((start, end, "accent"))
        return _TAG
    if mark.endswith(">"):
        spans.append((start, end, "accent"))
        return _TEXT
    if mark[0] in "\"'":
        spans.append((start, end, "string"))
    return html


def _jinja_part(line: str, at: int, inside: int, spans: list[Span]) -> tuple[int, int]:
    """Colour one piece of Jinja from ``at``; where it ends, and the state there."""
    closing = _JINJA_CLOSE[inside]
    opened = line.startswith(("{{", "{%", "{#"), at)
    found = line.find(closing, at + 2 if opened else at)
    end = len(line) if found < 0 else found + 2
    if inside == _NOTE:
        spans.append((at, end, "muted"))
    elif inside == _EXPRESSION:
        spans.append((at, end, "parameter"))
        spans.extend((*text.span(), "string") for text in _JINJA_STRING.finditer(line, at, end))
    else:
        inner = (at + 2 if opened else at, end if found < 0 else found)
        if opened:
            spans.append((at, at + 2, "keyword"))
        spans.extend(_statement(line, *inner))
        if found >= 0:
            spans.append((found, end, "keyword"))
    return end, inside if found < 0 else 0


def _statement(line: str, start: int, end: int) -> list[Span]:
    """Strings and the variables that a statement reads; its own words and the names it makes stay plain."""
    spans: list[Span] = []
    words = list(_JINJA_WORD.finditer(line, start, end))
    tag = words[0].group() if words else ""
    reading = tag not in _NAMING_TAGS and tag not in ("for", "set")
    for found in words:
        word = found.group()
        if word[0] in "\"'":
            spans.append((*found.span(), "string"))
        elif reading and word not in _JINJA_WORDS:
            spans.append((*found.span(), "parameter"))
        reading = reading or (tag == "for" and word == "in") or (tag == "set" and found is not words[0])
    return spans


def _html(line: str, state: int) -> tuple[list[Span], int]:
    return _markup(line, state, jinja=False)


TOKENIZERS: dict[str, Tokenizer] = {
    "python": _python,
    "json": _json,
    "css": _css,
    "html": _html,
    "jinja": _markup,
}
