"""What Jinja says of a template that it can't read, and the form that is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playground.core.fixes import Fix
from playground.core.plain_words.saying import label, mend, nearest, rewrite, shown, told, ways
from playground.core.problems import Place

TAGS = (
    *("for", "endfor", "if", "elif", "else", "endif", "block", "endblock", "extends", "include", "import"),
    *("from", "macro", "endmacro", "call", "endcall", "filter", "endfilter", "set", "endset", "with"),
    *("endwith", "autoescape", "endautoescape", "raw", "endraw"),
)
FOREIGN = {
    "foreach": "for",
    "elseif": "elif",
    "elsif": "elif",
    "fi": "endif",
    "end": "",
    "endforeach": "endfor",
}
FILTERS = (
    *("abs", "attr", "batch", "capitalize", "center", "default", "dictsort", "escape", "filesizeformat"),
    *("first", "float", "forceescape", "format", "groupby", "indent", "int", "items", "join", "last"),
    *("length", "list", "lower", "map", "max", "min", "pprint", "random", "reject", "rejectattr", "replace"),
    *("reverse", "round", "safe", "select", "selectattr", "slice", "sort", "string", "striptags", "sum"),
    *("title", "tojson", "trim", "truncate", "unique", "upper", "urlencode", "urlize", "wordcount"),
    *("wordwrap", "xmlattr"),
)
_LIKE = {
    "capitalise": "capitalize",
    "uppercase": "upper",
    "lowercase": "lower",
    "size": "length",
    "json": "tojson",
}

Said = tuple[str, tuple[Fix, ...]]


def corrected(message: str, line: str, place: Place | None, before: Sequence[str] = ()) -> Said:
    """The sentence, and the edits of that line that would mend it; ``before`` are the lines above it."""
    said = (
        _other_end(message, line, place, before)
        or _open(message, line, place)
        or _tag(message, line, place)
        or _filter(message, line, place)
        or _else_if(message, line, place)
        or _twice(message)
    )
    return said or ("Jinja can't read this line of the template.", (told("Look at that line"),))


def _change(text: str, place: Place | None, line: str, old: str, new: str) -> Fix | None:
    return rewrite(label(text), place, old, new) if place is not None and old and old in line else None


def _tag(message: str, line: str, place: Place | None) -> Said | None:
    found = re.match(r"Encountered unknown tag '(\w+)'", message)
    if found is None:
        return None
    name = found[1]
    written = re.search(rf"\{{%-?\s*{name}\b[^%]*%\}}", line)
    inner = written[0][2:-2].strip("- ") if written else ""
    meant = FOREIGN.get(name) or nearest(name, TAGS, 0.7)
    if meant:
        fix = (
            _change(f"Write {meant}", place, line, inner, re.sub(rf"^{name}\b", meant, inner))
            if inner
            else None
        )
        return f"Jinja has no tag {name}; it is called {meant}.", ways(fix) or (told(f"Write {meant}"),)
    printed = _change(f"Print {name}", place, line, written[0] if written else "", f"{{{{ {inner} }}}}")
    if inner == name or inner.startswith((f"{name}.", f"{name}|", f"{name} |")):
        return f"{name} is a variable: {{{{ }}}} prints it.", ways(printed) or (
            told("Write {{ }} around it"),
        )
    return f"Jinja has no tag {name}.", (told("Look at the spelling"),)


def _filter(message: str, line: str, place: Place | None) -> Said | None:
    found = re.match(r"No (filter|test) named '(\w+)'", message)
    if found is None:
        return None
    kind, name = found[1], found[2]
    meant = _LIKE.get(name) or nearest(name, FILTERS, 0.6)
    if kind == "test" or not meant:
        return f"Jinja has no {kind} {shown(name, 30)}.", (told("Look at the spelling"),)
    written = re.search(rf"\|\s*{name}\b", line)
    new = re.sub(rf"{name}$", meant, written[0]) if written else ""
    fix = _change(f"Write {meant}", place, line, written[0] if written else "", new)
    return f"Jinja has no filter {shown(name, 30)}; it is called {meant}.", ways(fix) or (
        told(f"Write {meant}"),
    )


def _other_end(message: str, line: str, place: Place | None, before: Sequence[str]) -> Said | None:
    """A block that ends as another kind does, where none of that kind is open: ``end`` for ``endfor``."""
    found = re.search(r"unknown tag '(end\w*)'.+needs to be closed is '(\w+)'", message, re.DOTALL)
    written = re.search(rf"\{{%[-+]?\s*{found[1]}\b\s*[-+]?%\}}", line) if found is not None else None
    if found is None or written is None:
        return None
    name, block = found[1], found[2]
    above = "\n".join((*before, line[: written.start()]))
    opened = len(re.findall(rf"\{{%[-+]?\s*{name[3:]}\b", above)) if name != "end" else 0
    if opened > len(re.findall(rf"\{{%[-+]?\s*{name}\b", above)):
        return None
    wanted = f"end{block}"
    fix = _change(f"Write {wanted}", place, line, written[0], written[0].replace(name, wanted))
    return f"A {block} ends with {wanted}, not with {name}.", ways(fix) or (told(f"Write {wanted}"),)


def _open(message: str, line: str, place: Place | None) -> Said | None:
    """A block whose end is missing: at the end of the file, or before the end of the block around it."""
    found = re.search(r"looking for .+needs to be closed is '(\w+)'", message, re.DOTALL)
    if found is None:
        return None
    block, wanted = found[1], f"end{found[1]}"
    sentence = f"The {block} is never closed: {wanted} is missing."
    other = re.match(r"Encountered unknown tag '(\w+)'", message)
    ending = re.search(rf"[ \t]*\{{%-?\s*{other[1]}\b[^%]*%\}}", line) if other is not None else None
    if other is not None and not other[1].startswith("end"):
        return None
    if place is not None and ending is not None:
        fix = rewrite(
            label(f"Add {{% {wanted} %}} above it"), place, ending[0], f"{{% {wanted} %}}\n{ending[0]}"
        )
        return sentence, ways(fix)
    if place is None:
        return sentence, (told(f"Write {wanted}"),)
    fix = mend(label(f"Add {{% {wanted} %}} at the end"), "close_block", place.file, place.line, tag=wanted)
    return sentence, ways(fix)


def _else_if(message: str, line: str, place: Place | None) -> Said | None:
    if "got 'if'" not in message or not re.search(r"\belse\s+if\b", line):
        return None
    old = re.search(r"\belse\s+if\b", line)
    fix = _change("Write elif", place, line, old[0] if old else "", "elif")
    return "Jinja writes elif for else if.", ways(fix)


def _twice(message: str) -> Said | None:
    found = re.match(r"block '(\w+)' defined twice", message)
    if found is None:
        return None
    return f"The block {shown(found[1], 30)} is there twice.", (told("Rename one of the two blocks"),)
