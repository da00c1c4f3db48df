"""Values as the session gives them, made by hand: a 404, a match and a failed view, to show in panels."""

from __future__ import annotations

from playground.core.exchanges import Match, RequestSpec
from playground.core.explanations import Explanation, Near, Stop
from playground.core.fixes import Fix, Mend
from playground.core.insight import Insight
from playground.core.problems import Place, Problem
from playground.core.trips import Raised, Stage, Step, Trip, Value

ACCEPT = Fix(
    "Accept any text: <user_id>",
    Mend(
        "change_rule",
        given=(("endpoint", "get_user"), ("rule", "/users/<int:user_id>"), ("new", "/users/<user_id>")),
    ),
)
ADD = Fix("Add GET /users/<string:name>", Mend("add_route", given=(("rule", "/users/<string:name>"),)))
SEND = Fix("Send /users/1", request=RequestSpec("GET", "/users/1"))

NOT_FOUND = Explanation(
    Match("GET", "/users/abc", "not_found"),
    ("No rule of this app fits.",),
    (
        Near(
            "/users/<int:user_id>",
            "get_user",
            ("GET",),
            "/users/",
            "abc",
            Stop.CONVERTER,
            '`int` takes digits only (`\\d+`); "abc" has none',
            "user_id",
        ),
        Near("/users", "create_user", ("POST",), "/users", "/abc", Stop.MORE, "nothing may follow `/users`"),
        Near("/files/<path:name>", "file", ("GET",), "/", "users", Stop.SEGMENT, "begins with `/files/`"),
    ),
    (ACCEPT, ADD, SEND),
)
MATCHED = Explanation(
    Match("GET", "/users/42", "match", "/users/<int:user_id>", "get_user", (("user_id", "42"),)),
    ("`/users/<int:user_id>` is the only rule that takes this path.",),
    (Near("/users", "create_user", ("POST",), "/users", "/42", Stop.MORE, "nothing may follow `/users`"),),
)
REFUSED = Problem(
    'The converter int does not take "abc".',
    rule_id="converter-refused",
    why="The rule is in app.py, line 9: `int` takes digits only.",
    place=Place("app.py", 9),
    original="404 Not Found: The requested URL was not found on the server.",
    fixes=(ACCEPT, SEND),
)
CRASHED = Problem(
    "The view divided by zero.",
    rule_id="plain-500",
    why="In app.py, line 12, `total / count` was run with count = 0.",
    place=Place("app.py", 12),
    original="ZeroDivisionError: division by zero",
    fixes=(SEND, Fix("Install it", command="pip install it"), Fix("Look at what count is.")),
)


def trip(
    path: str = "/users/42", status: int = 200, *, number: int = 1, steps: tuple[Step, ...] | None = None
) -> Trip:
    """A trip with the usual stages."""
    value = Value("user_id", "int", "42")
    usual = (
        Step(Stage.REQUEST, f"GET {path}", seconds=0.0001),
        Step(Stage.ROUTE, "/users/<int:user_id>", values=(value,), at=0.0001, seconds=0.0001),
        Step(Stage.VIEW, "get_user", Place("app.py", 15), (value,), 0.0002, 0.0002),
        Step(Stage.RESPONSE, "jsonify", at=0.0004, seconds=0.0001, note="200 OK · application/json"),
    )
    return Trip(
        number,
        f"id{number}",
        "GET",
        path,
        status=status,
        rule="/users/<int:user_id>" if status == 200 else "",
        endpoint="get_user" if status == 200 else "",
        steps=usual if steps is None else steps,
    )


MISSED = Insight(trip("/users/abc", 404, steps=()), NOT_FOUND, (REFUSED,))
ANSWERED = Insight(trip(), MATCHED)
FAILED = Insight(
    Trip(2, "id2", "GET", "/users/42", status=500, raised=(Raised("ZeroDivisionError", "division by zero"),)),
    MATCHED,
    (CRASHED,),
)
