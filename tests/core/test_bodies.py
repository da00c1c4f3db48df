"""The body of a view, as the form shows it when an answer becomes Python."""

from __future__ import annotations

import pytest

from playground.core.bodies import body_of


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ('@app.get("/")\ndef index():\n    return "a"', 'return "a"'),
        ('def index():\n    """Doc."""\n    x = 1\n\n    return x\n', "x = 1\n\nreturn x"),
        ('    @app.get("/")\n    def index():\n        # why\n        return "a"', '# why\nreturn "a"'),
        ("def index(): return 1", "return 1"),
        ("async def index():\n\tif x:\n\t\treturn 1\n\treturn 2", "if x:\n\treturn 1\nreturn 2"),
        ('def index():\n    return """a\n    b"""', ""),
        ('def index():\n    return """a\nb"""', ""),
        ("def index():\n    x = 1\n# y = 2\n    return x", ""),
        ("x = 1", ""),
        ("def index(:\n", ""),
        ('def index():\n    """Only a docstring."""', ""),
    ],
)
def test_the_body_alone(code: str, body: str) -> None:
    assert body_of(code) == body


def test_code_that_is_nested_too_deeply_has_no_body() -> None:
    assert body_of("def deep():\n    return " + "-" * 50_000 + "1\n") == ""
