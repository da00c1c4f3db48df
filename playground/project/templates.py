"""Jinja templates as text: their errors in plain words, and what they refer to.

Only parsing happens here; nothing of a template is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from playground.core.problems import Place, Problem, refuse

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.nodes import Template

GIVEN_BY_FLASK = frozenset(
    """
    request session g config url_for get_flashed_messages range dict lipsum cycler joiner namespace
    self super caller varargs kwargs loop
    """.split()  # noqa: SIM905  (a list of quoted words is hard to read)
)
_TAGS = """
    for endfor if elif else endif block endblock extends include import from macro endmacro call endcall
    filter endfilter set endset with endwith autoescape endautoescape raw endraw
""".split()  # noqa: SIM905  (a list of quoted words is hard to read)
_FROM_ELSEWHERE = {
    "foreach": "Write {% for item in items %} … {% endfor %}.",
    "while": "Jinja loops over a list: {% for item in items %} … {% endfor %}.",
    "elseif": "Write {% elif … %}.",
    "elsif": "Write {% elif … %}.",
    "end": "Say what ends: {% endfor %}, {% endif %} or {% endblock %}.",
    "break": "A loop in Jinja always runs to its end; choose the items with {% for item in items if … %}.",
    "continue": "Choose the items of a loop with {% for item in items if … %}.",
}

_STATEMENT = re.compile(
    r"""
    \{\#.*?\#\}                                                  # a comment
    | \{%[-+]?\s*raw\s*[-+]?%\} .*? \{%[-+]?\s*endraw\s*[-+]?%\}  # text that Jinja leaves alone
    | \{%[-+]?\s*(?P<tag>extends|include|import|from)\b(?P<names>.*?)%\}
    """,
    re.DOTALL | re.VERBOSE,
)
_STRING = re.compile(r"'([^'\\]*)'|\"([^\"\\]*)\"")
_MACRO = re.compile(r"\{%[-+]?\s*macro\s+(\w+)\s*(\([^%]*\))")
_BLOCK = re.compile(r"\{%[-+]?\s*block\s+(\w+)")
_NAME = re.compile(r"[\w.()+@ -]+(?:/[\w.()+@ -]+)*")


@dataclass(frozen=True, slots=True)
class References:
    """The templates that a template names: its parent, and those it includes or imports from.

    ``imports`` are those among ``includes`` whose macros alone it takes: they are not given its variables.
    """

    extends: str = ""
    includes: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()


@cache
def _environment() -> Environment:
    from jinja2 import Environment

    return Environment(autoescape=True)  # only for parsing


@lru_cache(maxsize=1)  # what is asked of a template's text is asked in a row
def parse(text: str) -> Template:
    """The tree of a template; raises TemplateSyntaxError, or RecursionError for what is too deep."""
    from jinja2 import TemplateSyntaxError

    try:
        return _environment().parse(text)
    except ValueError as error:  # a number of more digits than Python reads
        raise TemplateSyntaxError(str(error), 1) from error


def check_template(text: str, name: str) -> Problem | None:
    """The first syntax error of a template, or None. ``name`` is the file that the place names."""
    from jinja2 import TemplateSyntaxError

    try:
        _refuse_twins(parse(text))
    except TemplateSyntaxError as error:
        sentence, hint = _in_plain_words(error.message or "")
        return Problem(sentence, hint, "", Place(name, error.lineno), error.message or "")
    except RecursionError as error:
        return Problem(
            "This template is nested too deeply for Jinja.",
            "Split it into several templates.",
            "",
            Place(name),
            str(error),
        )
    return None


def _refuse_twins(tree: Template) -> None:
    """Raise what Jinja raises for two blocks of one name, which it notices only when it compiles."""
    from jinja2 import TemplateAssertionError
    from jinja2.nodes import Block

    seen: set[str] = set()
    for block in tree.find_all(Block):
        if block.name in seen:
            raise TemplateAssertionError(f"block {block.name!r} defined twice", block.lineno)
        seen.add(block.name)


def _in_plain_words(message: str) -> tuple[str, str]:
    unknown = re.match(r"Encountered unknown tag '(\w+)'", message)
    if unknown:
        still_open = re.search(r"needs to be closed is '(\w+)'", message)
        return _unknown_tag(unknown[1], still_open[1] if still_open else "")
    for pattern, sentence, hint in _MESSAGES:
        found = re.search(pattern, message)
        if found:
            return sentence.format(*found.groups()), hint.format(*found.groups())
    return "Jinja can't read this line.", ""


def _unknown_tag(tag: str, still_open: str) -> tuple[str, str]:
    if tag in _TAGS and still_open:
        return (
            f"{{% {tag} %}} can't stand here: the {{% {still_open} %}} above it is still open.",
            f"Close that first with {{% end{still_open} %}}.",
        )
    if tag in _TAGS:
        return f"{{% {tag} %}} has nothing above it to belong to.", "Remove it, or open its block first."
    sentence = f"Jinja has no tag {{% {tag} %}}."
    if tag in _FROM_ELSEWHERE:
        return sentence, _FROM_ELSEWHERE[tag]
    near = get_close_matches(tag, _TAGS, 1, 0.7)
    if near:
        return sentence, f"Did you mean {{% {near[0]} %}}?"
    return sentence, f"To print a value, write {{{{ {tag} }}}}."


# Jinja's message, the sentence, the hint; braces are doubled for str.format.
_MESSAGES = (
    (
        r"Unexpected end of template.*innermost block that needs to be closed is '(\w+)'",
        "The {{% {0} %}} block is never closed.",
        "Add {{% end{0} %}} where it ends.",
    ),
    (
        r"expected token 'end of print statement', got '(.+)'",
        "The {{{{ … }}}} should end before “{0}”.",
        "Print one expression at a time, and put a quote, comma or operator where one is missing.",
    ),
    (
        r"expected token 'end of statement block', got 'if'",
        "This tag should end before “if”.",
        "For “else if”, write {{% elif … %}}.",
    ),
    (
        r"expected token 'end of statement block', got '='",
        "A single = can't stand here.",
        "To compare, write ==. To set a variable, write {{% set name = value %}}.",
    ),
    (
        r"expected token 'end of statement block', got '(.+)'",
        "This tag should end before “{0}”.",
        "Check what stands between {{% and %}}.",
    ),
    (
        r"Expected an expression, got 'end of print statement'",
        "There is nothing between {{{{ and }}}}.",
        "Write the name of a variable there.",
    ),
    (
        r"Expected an expression, got 'end of statement block'",
        "The tag ends where a value should follow.",
        "Write the value before %}}.",
    ),
    (
        r"[Uu]nexpected end of template|unexpected 'end of template'|got 'end of template'",
        "The template ends in the middle of a tag.",
        "Close it with }}}} or %}}.",
    ),
    (
        r"Missing end of comment tag",
        "A comment that begins with {{# is never closed.",
        "Add #}} where it ends.",
    ),
    (
        r"Missing end of raw directive",
        "The {{% raw %}} block is never closed.",
        "Add {{% endraw %}} where it ends.",
    ),
    (
        r"expected token '(name|string)', got 'end of",
        "The tag ends where a name should follow.",
        "Write it there.",
    ),
    (r"unexpected 'end of", "The tag ends where a value should follow.", "Write the value there."),
    (r"unexpected '[}}]'", "A single “}}” can't stand here.", "A value ends with }}}}, a tag with %}}."),
    (
        r"unexpected char [\"']+['\"]",
        "A quote is opened here and never closed.",
        "Close it with the same quote.",
    ),
    (
        r"unexpected '(.+)', expected '(.+)'",
        "There is a “{0}” where “{1}” should close what was opened.",
        "Match each bracket with its partner.",
    ),
    (
        r"unexpected '(.+)'",
        "The “{0}” is in the wrong place.",
        "Remove it, or complete what stands around it.",
    ),
    (
        r"unexpected char (.+) at \d+",
        "The character {0} can't stand here.",
        "Put text between quotes, and write “and” and “or” as words.",
    ),
    (
        r"expected name or number",
        "A name should follow the dot.",
        "Write it there, and close with }}}} or %}}.",
    ),
    (r"block '(.+)' defined twice", "There are two blocks called “{0}”.", "Give one of them another name."),
    (
        r"expected token 'in', got '(.+)'",
        "A loop needs “in” before “{0}”.",
        "Write {{% for item in items %}}.",
    ),
    (r"expected token '(.+)', got '(.+)'", "There is “{1}” where “{0}” should be.", ""),
)


def references(text: str) -> References:
    """The templates it extends, includes and imports from, as far as they are written as text."""
    named = list(_named(text))
    parents = [name for tag, name in named if tag == "extends"]
    others = tuple(dict.fromkeys(name for tag, name in named if tag != "extends"))
    shown = {name for tag, name in named if tag == "include"}
    return References(
        parents[0] if parents else "", others, tuple(name for name in others if name not in shown)
    )


def _named(text: str) -> Iterator[tuple[str, str]]:
    """Each template that is named: by which tag, and which."""
    for statement in _STATEMENT.finditer(text):
        if statement["tag"] is None:
            continue
        for string in _STRING.finditer(statement["names"]):
            yield statement["tag"], string[1] if string[1] is not None else string[2]


def variables(text: str) -> tuple[str, ...]:
    """The names that a template uses without defining them, as they appear; none while it has errors."""
    from jinja2 import TemplateError, meta, nodes

    try:
        tree = parse(text)
        allow_any(tree)
        missing = meta.find_undeclared_variables(tree) - GIVEN_BY_FLASK
    except (TemplateError, RecursionError):  # check_template is who reports it
        return ()
    used = dict.fromkeys(name.name for name in tree.find_all(nodes.Name))
    return tuple(name for name in used if name in missing)


def allow_any(tree: Template) -> None:
    """Filters and tests of the app's own are not ours to judge; what looks for names stops at them."""
    from jinja2 import nodes

    for filter_ in tree.find_all(nodes.Filter):
        _environment().filters.setdefault(filter_.name, str)
    for test in tree.find_all(nodes.Test):
        _environment().tests.setdefault(test.name, callable)


def blocks(text: str) -> frozenset[str]:
    """The names of the blocks that a template defines."""
    return frozenset(block_names(text))


def block_names(text: str) -> tuple[str, ...]:
    """The same in the order in which they stand."""
    return tuple(dict.fromkeys(_BLOCK.findall(text)))


def macros(text: str) -> tuple[tuple[str, str], ...]:
    """The macros that a template defines, each with its arguments as they are written."""
    return tuple((name, " ".join(given.split())) for name, given in _MACRO.findall(text))


def known_to_jinja() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The filters, tests and globals that Jinja has by itself, and the globals that Flask adds."""
    from jinja2.defaults import DEFAULT_NAMESPACE
    from jinja2.filters import FILTERS
    from jinja2.tests import TESTS

    flasks = ("get_flashed_messages", "url_for")
    tests = (name for name in TESTS if name.isidentifier())
    return tuple(sorted(FILTERS)), tuple(sorted(tests)), tuple(sorted((*DEFAULT_NAMESPACE, *flasks)))


def check_template_name(name: str, taken: Collection[str]) -> None:
    """Refuse a name that is no good for a new template."""
    wrong = _what_is_wrong(name)
    if wrong is None and name in taken:
        wrong = (f"There is already a template called {name}.", "Choose another name.")
    if wrong:
        raise refuse(*wrong, field="template")


def _what_is_wrong(name: str) -> tuple[str, str] | None:
    if not name.strip():
        return "A template needs a name.", "For example page.html."
    if name.startswith(("/", "~")) or re.match(r"[A-Za-z]:", name):
        return "The name has to be relative to the templates folder.", "For example users/list.html."
    if "\\" in name:
        return (
            "A template's name has “/” between its parts, not “\\”.",
            f"Write {name.replace(chr(92), '/')}.",
        )
    if ".." in name.split("/"):
        return "The name must not lead out of the templates folder.", "Leave out the “..”."
    parts = name.split("/")
    if not _NAME.fullmatch(name) or any(part != part.strip() or part.startswith(".") for part in parts):
        return "This name has characters that a file name should not have.", "Use letters, digits, - and _."
    if "." not in parts[-1] or parts[-1].endswith("."):
        return (
            "The name has no ending, so Flask would not know that it is HTML.",
            f"Try {name.rstrip('.')}.html.",
        )
    return None


def fresh_template(name: str, base: str = "") -> str:
    """The text of a new page; it fills the ``content`` block of ``base`` where there is one."""
    title = name.rpartition("/")[2].partition(".")[0].replace("_", " ").replace("-", " ").capitalize()
    if not name.lower().endswith((".html", ".htm", ".jinja", ".jinja2", ".j2")):
        return ""
    if base:
        return f'{{% extends "{base}" %}}\n\n{{% block content %}}\n<h1>{title}</h1>\n{{% endblock %}}\n'
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n  <meta charset="utf-8">\n'
        f"  <title>{title}</title>\n</head>\n<body>\n  <h1>{title}</h1>\n</body>\n</html>\n"
    )
