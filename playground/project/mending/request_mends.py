"""Mends of what a request or a load showed: files in the wrong place, imports, what stands around a line."""

from __future__ import annotations

import ast
import re
import secrets
from collections.abc import Mapping

from playground.core.fixes import Mend
from playground.core.problems import Place, refuse
from playground.core.proposals import Proposal
from playground.project.editing.imports import add_imports
from playground.project.file_planning import FilePlanner
from playground.project.mending.python_mends import imported
from playground.project.mending.workshop import STALE, Workshop, proposal_of
from playground.project.python.source import Replacement, Source
from playground.project.reading.module_reading import read_module

INDENT = "    "
NEW_APP = "from flask import Flask\n\napp = Flask(__name__)\n"


def _line_at(source: Source, number: int, mend: Mend) -> int:
    """Where a line begins; refused where the file has fewer."""
    if not 0 < number <= len(source.line_starts):
        raise _stale(mend)
    return source.line_starts[number - 1]


def _stale(mend: Mend) -> Exception:
    return refuse(*STALE, place=Place(mend.file, mend.line))


def _statement(source: Source, mend: Mend) -> ast.stmt:
    """The statement at the top of the file that holds the mend's line."""
    for node in source.tree.body:
        if node.lineno <= (mend.line or 1) <= (node.end_lineno or node.lineno):
            return node
    raise _stale(mend)


def _innermost(source: Source, mend: Mend) -> ast.stmt:
    """The smallest statement that holds the mend's line."""
    line = mend.line or 1
    nodes = (node for node in ast.walk(source.tree) if isinstance(node, ast.stmt))
    holding = [node for node in nodes if node.lineno <= line <= (node.end_lineno or node.lineno)]
    if not holding:
        raise _stale(mend)
    return min(holding, key=lambda node: (node.end_lineno or node.lineno) - node.lineno)


def _lines(source: Source, node: ast.stmt) -> tuple[int, int]:
    """From where to where the whole lines of a statement go, without the last newline."""
    start, end = source.span(node)
    for one in getattr(node, "decorator_list", ()):
        start = min(start, source.span(one)[0])
    return source.line_start(start), source.line_end(end)


# -- files -------------------------------------------------------------------------------------------


def make_template(workshop: Workshop, mend: Mend) -> Proposal:
    """A template called ``name`` with a small page in it."""
    return proposal_of(FilePlanner(workshop.folder, workshop.index).new_template(mend.word("name"), None))


def move_file(workshop: Workshop, mend: Mend) -> Proposal:
    """The file goes to ``new``, as it is."""
    return _moved(workshop, {mend.file: mend.word("new")}, f"move {mend.file} to {mend.word('new')}")


def move_folder(workshop: Workshop, mend: Mend) -> Proposal:
    """All files of the folder ``file`` go to the folder ``new``."""
    old, new = mend.file.rstrip("/"), mend.word("new")
    files = [one for one in workshop.picture.files if one.startswith(f"{old}/")]
    return _moved(workshop, {one: f"{new}{one[len(old) :]}" for one in files}, f"rename {old}/ to {new}/")


def _moved(workshop: Workshop, names: Mapping[str, str], label: str) -> Proposal:
    before: dict[str, bytes | None] = {}
    after: dict[str, bytes | None] = {}
    for old, new in names.items():
        path = workshop.folder.joinpath(*old.split("/"))
        if not path.is_file() or workshop.folder.joinpath(*new.split("/")).exists():
            raise refuse(*STALE, place=Place(old))
        before |= {old: path.read_bytes(), new: None}
        after |= {old: None, new: path.read_bytes()}
    if not before:
        raise refuse(*STALE)
    return Proposal(label, before, after)


# -- templates ---------------------------------------------------------------------------------------


def close_block(workshop: Workshop, mend: Mend) -> Proposal:
    """``tag`` (``endfor``) is written at the end of a template."""
    source = workshop.source(mend.file)
    text = source.text
    if not re.search(rf"\{{%[-+]?\s*{mend.word('tag').removeprefix('end')}\b", text):
        raise _stale(mend)
    end = len(text.rstrip("\n"))
    tag = f"\n{{% {mend.word('tag')} %}}"
    return workshop.edited(source, [Replacement(end, end, tag)], f"close the {mend.word('tag')[3:]}")


# -- the app -----------------------------------------------------------------------------------------


def give_secret_key(workshop: Workshop, mend: Mend) -> Proposal:
    """A key of its own, random and lasting, for the app ``app`` that is made at the line."""
    source = workshop.source(mend.file)
    made = _innermost(source, mend)
    start, end = _lines(source, made)
    margin = re.match(r"\s*", source.text[start:])
    line = f'\n{margin[0] if margin else ""}{mend.word("app")}.secret_key = "{secrets.token_hex(16)}"'
    return workshop.edited(source, [Replacement(end, end, line)], "set a secret key")


def make_app(workshop: Workshop, mend: Mend) -> Proposal:
    """``app = Flask(__name__)`` behind the imports."""
    source = workshop.source(mend.file)
    pieces = imported(source, "flask.Flask")
    imports = [one for one in source.tree.body if isinstance(one, ast.Import | ast.ImportFrom)]
    if imports and not any("\n" in one.text for one in pieces):
        end = _lines(source, imports[-1])[1]
        pieces.append(Replacement(end, end, "\n\napp = Flask(__name__)"))
        return workshop.edited(source, pieces, "make an app")
    at = _lines(source, imports[-1])[1] if imports else 0
    text = NEW_APP
    return workshop.edited(source, [Replacement(at, at, f"\n{text}" if imports else text)], "make an app")


def make_app_file(workshop: Workshop, mend: Mend) -> Proposal:
    """A file with an app of one page; refused where there is one already."""
    text = f'{NEW_APP}\n\n@app.get("/")\ndef index():\n    return "Hello"\n'
    return proposal_of(FilePlanner(workshop.folder, workshop.index).new_file(mend.file, text.encode()))


# -- imports -----------------------------------------------------------------------------------------


def import_name(workshop: Workshop, mend: Mend) -> Proposal:
    """``name`` is imported from ``module``."""
    source = workshop.source(mend.file)
    module, name = mend.word("module"), mend.word("name")
    return workshop.edited(source, imported(source, f"{module}.{name}"), f"import {name}")


def import_from_elsewhere(workshop: Workshop, mend: Mend) -> Proposal:
    """``name`` is imported from ``module`` instead of from where it was; ``called`` is its name there."""
    source = workshop.source(mend.file)
    statement = _innermost(source, mend)
    if not isinstance(statement, ast.ImportFrom):
        raise _stale(mend)
    name, called = mend.word("name"), mend.word("called") or mend.word("name")
    gone = next((one for one in statement.names if one.name == name), None)
    if gone is None:
        raise _stale(mend)
    known = gone.asname or (name if called != name else "")
    line = f"from {mend.word('module')} import {called}" + (f" as {known}" if known else "")
    start, end = source.span(statement)
    rest = [source.segment(one) for one in statement.names if one is not gone]
    kept = f"from {'.' * statement.level}{statement.module or ''} import {', '.join(rest)}"
    margin = source.text[source.line_start(start) : start]
    text = f"{kept}\n{margin}{line}" if rest else line
    return workshop.edited(source, [Replacement(start, end, text)], f"import {name} from elsewhere")


# -- where a statement stands ------------------------------------------------------------------------


def move_down(workshop: Workshop, mend: Mend) -> Proposal:
    """A statement at the top of its file goes below where ``below`` gets its value, or below all else."""
    source = workshop.source(mend.file)
    moved, name = _statement(source, mend), mend.word("below")
    after = [one for one in source.tree.body if one.lineno > moved.lineno and not _is_guard(one)]
    found = [one for one in after if not name or _binds(one, name)]
    if not found:
        raise _stale(mend)
    start, end = _lines(source, moved)
    to = _lines(source, found[-1])[1]
    line = source.text[start:end]
    pieces = [Replacement(start, min(end + 1, len(source.text)), ""), Replacement(to, to, f"\n\n{line}")]
    return workshop.edited(source, pieces, f"move {' '.join(line.split())[:40]} down")


def _binds(node: ast.stmt, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return any(isinstance(one, ast.Name) and one.id == name for one in targets)


def _is_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.dump(node.test)


def put_under(workshop: Workshop, mend: Mend) -> Proposal:
    """A statement goes under ``head``: ``with app.app_context():``, ``if __name__ == "__main__":``."""
    source = workshop.source(mend.file)
    node = _innermost(source, mend)
    start, end = _lines(source, node)
    text = source.text[start:end]
    if any(_is_long_text(one) for one in ast.walk(node)):
        raise refuse("A text of several lines would be moved, too.", "Change it by hand.")
    margin = text[: len(text) - len(text.lstrip(" \t"))]
    more = "\t" if "\t" in margin else INDENT
    moved = "\n".join(f"{more}{line}" if line.strip() else line for line in text.split("\n"))
    head = mend.word("head")
    return workshop.edited(
        source, [Replacement(start, end, f"{margin}{head}\n{moved}")], f"put it under {head}"
    )


def _is_long_text(node: ast.AST) -> bool:
    is_text = isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return is_text and node.lineno != node.end_lineno  # type: ignore[attr-defined]  # both kinds have a place


def remove_statement(workshop: Workshop, mend: Mend) -> Proposal:
    """A statement at the top of its file is taken away; ``label`` says why."""
    source = workshop.source(mend.file)
    start, end = _lines(source, _statement(source, mend))
    gone = Replacement(start, min(end + 1, len(source.text)), "")
    return workshop.edited(source, [gone], mend.word("label"))


# -- escaping ----------------------------------------------------------------------------------------


def escape_name(workshop: Workshop, mend: Mend) -> Proposal:
    """``name`` is escaped wherever an f-string of these lines (up to ``end``) has it."""
    source = workshop.source(mend.file)
    name, last = mend.word("name"), int(mend.word("end") or "0")
    start = _line_at(source, mend.line or 1, mend)
    end = source.line_end(_line_at(source, last, mend))
    found = [
        Replacement(start + one.start(1), start + one.end(1), f"escape({name})")
        for one in re.finditer(rf"(?<!\{{)\{{({re.escape(name)})(?=[}}:!])", source.text[start:end])
    ]
    if not found:
        raise _stale(mend)
    reading = read_module(source)
    needed = (
        []
        if reading.imported("escape") == "markupsafe.escape"
        else add_imports(reading, [("markupsafe", "escape")])
    )
    return workshop.edited(source, [*found, *needed], f"escape {name}")


MENDS = {
    "make_template": make_template,
    "move_file": move_file,
    "move_folder": move_folder,
    "close_block": close_block,
    "give_secret_key": give_secret_key,
    "make_app": make_app,
    "make_app_file": make_app_file,
    "import_name": import_name,
    "import_from_elsewhere": import_from_elsewhere,
    "move_down": move_down,
    "put_under": put_under,
    "remove_statement": remove_statement,
    "escape_name": escape_name,
}
