"""A program parsed in pieces is the program that Python parses at once, and fails where that fails."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.pieces import FAILURES, PIECE, parse_in_pieces, pieces

STATEMENTS = [
    "import os\n",
    "from __future__ import annotations\n",
    "x = 1\n",
    "x = (1,\n2,\ndef_ )\n".replace("def_ ", "3"),
    '@app.get("/x")\ndef view():\n    return "ä"\n',
    "@one\n\n@two(\n1)\n# between\nasync def both(a, *, b=1):\n\treturn a\n\tpass\n",
    'text = """\ndef inside():\n    @x\n\n@app\n"""\n',
    "class A:\n    def b(self):\n        pass\n\n    c = '''\nclass D:\n'''\n",
    "if x:\n    pass\nelse:\n    pass\n",
    "try:\n    pass\nexcept E:\n    pass\n",
    "a = 1; b = 2\n",
    "def one(): pass\n",
    "# a comment \\\n",
    "\n",
    "\f\n",
    "x = \\\n1\n",
    "match x:\n    case 1:\n        pass\n",
    'f"""\ndef {x}\n"""\n',
    '"\\d"\n',
]
WRONG = [
    "else:\n    pass\n",
    "def (:\n",
    "x = (1,\n",
    "@x\n",
    '"""\n',
    "\\\n",
    "  y\n",
    "def f():\n",
    "if x:\n\ty\n        z\n",
    "\tx\n",
    "x = 1 \\\n",
    "]\n",
]


def outcome(parsed: Callable[[str | bytes], ast.Module], program: str | bytes) -> tuple[object, ...]:
    try:
        return ("tree", ast.dump(parsed(program), include_attributes=True))
    except FAILURES as error:
        return (type(error), str(error), getattr(error, "lineno", None), getattr(error, "offset", None))


def in_small_pieces(program: str | bytes) -> ast.Module:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("playground.core.pieces.PIECE", 10)
        patched.setattr(pieces, "__defaults__", (10,))
        return parse_in_pieces(program)


def plain(program: str | bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(program)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from(STATEMENTS), max_size=14),
    st.lists(st.tuples(st.integers(0, 14), st.sampled_from(WRONG)), max_size=1),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\ufeff", "# coding: latin-1\n", "#!/x\n# coding: utf-8\n"]),
    st.booleans(),
)
def test_a_program_in_pieces_is_the_program(
    statements: list[str], wrong: list[tuple[int, str]], newline: str, head: str, as_bytes: bool
) -> None:
    for at, one in wrong:
        statements.insert(at, one)
    text = "".join(statements).replace("\n", newline)
    program = (head + text).encode("latin-1" if "latin" in head else "utf-8") if as_bytes else text

    assert outcome(in_small_pieces, program) == outcome(plain, program)


def test_a_long_program_comes_in_pieces_of_whole_statements() -> None:
    text = "".join(
        f'@app.get("/{number}")\ndef view_{number}():\n    return "x"\n\n\n' for number in range(3000)
    )

    found = list(pieces(text))

    assert len(found) > 3
    assert all(piece.end - piece.start < 2 * PIECE for piece in found)
    assert [piece.start for piece in found] == [0, *(piece.end for piece in found[:-1])]
    assert all(piece.first == text.count("\n", 0, piece.start) for piece in found)
    assert sum(len(piece.tree.body) for piece in found) == 3000
    assert outcome(parse_in_pieces, text) == outcome(plain, text)


def test_what_can_not_be_cut_is_parsed_at_once() -> None:
    text = 'x = """\n' + "def f():\n" * 10_000 + '"""\n'

    assert outcome(parse_in_pieces, text) == outcome(plain, text)
