"""Why a request got no answer, and each way out that is offered: it is taken, and the running app answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from playground.core.explanations import Explanation, Stop
from playground.core.fixes import Fix, Mend
from playground.core.problems import ProblemError
from playground.session.session import Session

APP = """\
from flask import Flask
from books import bp

app = Flask(__name__)
app.register_blueprint(bp, url_prefix="/api")


@app.get("/users/<int:user_id>")
def user(user_id):
    return f"user {user_id}"


@app.post("/users")
def create_user():
    return "made"


@app.get("/about")
def about():
    return "about"


@app.get("/old/")
def old():
    return "old"


@app.post("/post/")
def post():
    return "post"


@app.get("/n/<int(max=10):n>")
def n(n):
    return f"n {n}"


@app.get("/t/<float(signed=True):t>")
def t(t):
    return f"t {t}"


@app.get("/tags/<tag>")
def tag(tag):
    return f"tag {tag}"


@app.get("/files/<path:name>")
def files(name):
    return name
"""
BOOKS = """\
from flask import Blueprint

bp = Blueprint("books", __name__)


@bp.get("/books")
def index():
    return "books"


@bp.get("/books/<int:book_id>")
def show(book_id):
    return f"book {book_id}"
"""


@pytest.fixture
def shop(session: Session, tmp_path: Path) -> Iterator[Session]:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.py").write_text(APP, encoding="utf-8")
    (folder / "books.py").write_text(BOOKS, encoding="utf-8")
    session.open(folder)
    session.go_live()
    session.start_server(0)
    yield session
    session.stop_server()


def told(session: Session, method: str, path: str) -> Explanation:
    explanation = session.explain(method, path)
    assert explanation is not None
    return explanation


def ask(session: Session, method: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    url = session.snapshot.server.url.rstrip("/") + path
    answer = requests.request(method, url, headers=headers, timeout=20)
    return answer.status_code, answer.text


def take(session: Session, fix: Fix, method: str, path: str) -> tuple[int, str]:
    """Do what a fix says; what the request is answered then."""
    if fix.request is not None:
        return ask(session, fix.request.method, fix.request.url, dict(fix.request.headers))
    assert fix.mend is not None
    session.apply_proposal(session.propose(fix.mend))
    assert session.go_live().problem is None
    return ask(session, method, path)


WAYS = (
    ("GET", "/users/abc", "Accept any text: <user_id>", (200, "user abc")),
    ("GET", "/users/abc", "Add GET /users/<string:name>", (200, "Hello")),
    ("GET", "/users/abc", "Write a 404 page", (404, "There is no page at this address.")),
    ("GET", "/api/books/abc", "Accept any text: <book_id>", (200, "book abc")),
    ("GET", "/api/books/abc", "Add GET /api/books/<string:name>", (200, "Hello")),
    ("GET", "/t/5", "Send GET /t/5.0", (200, "t 5.0")),
    ("GET", "/t/5", "Accept any text: <t>", (200, "t 5")),
    ("GET", "/users/-5", "Accept a minus, too", (200, "user -5")),
    ("GET", "/n/99", "Send GET /n/10", (200, "n 10")),
    ("GET", "/n/99", "Accept 99, too: <int(max=99):n>", (200, "n 99")),
    ("PUT", "/users", "Let it take PUT", (200, "made")),
    ("PUT", "/users", "Send POST /users", (200, "made")),
    ("PUT", "/users", "Add PUT /users", (200, "Hello")),
    ("PUT", "/api/books/5", "Let it take PUT", (200, "book 5")),
    ("POST", "/n/99", "Send GET /n/10", (200, "n 10")),
    ("GET", "/about/", "Send GET /about", (200, "about")),
    ("GET", "/about/", "Take a slash, too: /about/", (200, "about")),
    ("GET", "/about/", "Add GET /about/", (200, "Hello")),
    ("GET", "/About", "Send GET /about", (200, "about")),
    ("GET", "/abuot", "Send GET /about", (200, "about")),
    ("GET", "/abuot", "Add GET /abuot", (200, "Hello")),
    ("GET", "/books", "Send GET /api/books", (200, "books")),
    ("GET", "/api/about", "Send GET /about", (200, "about")),
    ("GET", "/users/", "Add GET /users/", (200, "Hello")),
    ("GET", "/post", "Let it take GET", (200, "post")),
    ("GET", "/post", "Add GET /post", (200, "Hello")),
    ("GET", "/old", "Send GET /old/", (200, "old")),
    ("GET", "/old", "Drop the slash: /old", (200, "old")),
    ("GET", "/tags/a/b", "Accept slashes, too: <path:tag>", (200, "tag a/b")),
    ("GET", "/files/", "Send GET /files/docs/notes.txt", (200, "docs/notes.txt")),
    ("GET", "/orders/7", "Add GET /orders/<int:number>", (200, "Hello")),
    ("DELETE", "/orders", "Add DELETE /orders", (200, "Hello")),
    ("GET", "/api/orders", "Add GET /api/orders", (200, "Hello")),
)


@pytest.mark.parametrize(("method", "path", "label", "answer"), WAYS)
def test_each_way_out_leads_to_an_answer(
    shop: Session, method: str, path: str, label: str, answer: tuple[int, str]
) -> None:
    explanation = told(shop, method, path)
    assert explanation.match.outcome in ("not_found", "method_not_allowed", "redirect")
    fixes = {fix.label: fix for fix in explanation.fixes}
    assert label in fixes
    assert all(len(one) <= 40 for one in fixes)
    assert take(shop, fixes[label], method, path) == answer


def test_a_route_goes_to_the_blueprint_whose_prefix_its_path_has(shop: Session) -> None:
    fix = next(fix for fix in told(shop, "GET", "/api/books/abc").fixes if fix.label.startswith("Add"))
    assert fix.mend is not None
    proposal = shop.propose(fix.mend)
    assert list(proposal.after) == ["books.py"]
    assert b'@bp.get("/books/<string:name>")' in (proposal.after["books.py"] or b"")


def test_one_step_takes_a_mend_back(shop: Session) -> None:
    fix = told(shop, "PUT", "/users").fixes[0]
    assert take(shop, fix, "PUT", "/users")[0] == 200
    shop.undo()
    shop.go_live()
    assert ask(shop, "PUT", "/users")[0] == 405


def test_the_picture_of_the_design(shop: Session) -> None:
    explanation = told(shop, "GET", "/users/abc")
    first, *_ = explanation.near
    assert (first.rule, first.matched, first.stopped) == ("/users/<int:user_id>", "/users/", "abc")
    assert (first.stop, first.endpoint, first.parameter) == (Stop.CONVERTER, "user", "user_id")
    assert first.reason == 'int takes digits only (\\d+); "abc" has none'
    reasons = {near.rule: near.reason for near in explanation.near}
    assert reasons["/users"] == "nothing may follow /users"
    assert [fix.label for fix in explanation.fixes] == [
        "Accept any text: <user_id>",
        "Add GET /users/<string:name>",
        "Write a 404 page",
    ]


def test_where_there_is_a_404_page_none_is_offered(shop: Session) -> None:
    page = next(fix for fix in told(shop, "GET", "/users/abc").fixes if fix.label == "Write a 404 page")
    take(shop, page, "GET", "/users/abc")
    assert page.label not in [fix.label for fix in told(shop, "GET", "/users/abc").fixes]


def test_rules_that_the_source_does_not_have_are_not_offered_to_be_changed(shop: Session) -> None:
    explanation = told(shop, "POST", "/static/a.css")
    assert explanation.match.outcome == "method_not_allowed"
    assert [fix.label for fix in explanation.fixes] == ["Send GET /static/a.css"]


def test_what_stands_in_the_prefix_is_not_offered_to_be_changed(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.py").write_text(APP.replace('"/api"', '"/<int:shop>"'), encoding="utf-8")
    (folder / "books.py").write_text(BOOKS, encoding="utf-8")
    session.open(folder)
    session.go_live()
    explanation = told(session, "GET", "/first/books")
    assert explanation.near[0].rule == "/<int:shop>/books"
    labels = [fix.label for fix in explanation.fixes]
    assert "Accept any text: <shop>" not in labels
    assert labels


def test_a_mend_that_is_of_no_use_any_more_is_refused(shop: Session) -> None:
    page = Mend("not_found_page")
    shop.apply_proposal(shop.propose(page))
    with pytest.raises(ProblemError, match="There is such a page already"):
        shop.propose(page)
    gone = Mend("change_rule", given=(("endpoint", "user"), ("rule", "/gone"), ("full", "/x")))
    with pytest.raises(ProblemError, match="not there any more"):
        shop.propose(gone)


def test_a_rule_is_not_moved_out_of_its_blueprints_prefix(shop: Session) -> None:
    given = (("endpoint", "books.show"), ("rule", "/api/books/<int:book_id>"))
    with pytest.raises(ProblemError, match="in the prefix /api"):
        shop.propose(Mend("change_rule", given=(*given, ("full", "/books/<book_id>"))))
    proposal = shop.propose(Mend("change_rule", given=(*given, ("new", "/book/<book_id>"))))
    assert b'@bp.get("/book/<book_id>")' in (proposal.after["books.py"] or b"")


def test_of_two_rules_of_one_function_the_one_that_was_meant_is_changed(
    session: Session, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    text = (
        "from flask import Flask\n\napp = Flask(__name__)\n\n\n"
        '@app.get("/a/<int:x>")\n@app.get("/b/<int:x>")\ndef both(x):\n    return f"both {x}"\n'
    )
    (folder / "app.py").write_text(text, encoding="utf-8")
    session.open(folder)
    session.go_live()
    session.start_server(0)
    fix = told(session, "GET", "/b/five").fixes[0]
    assert fix.label == "Accept any text: <x>"
    assert take(session, fix, "GET", "/b/five") == (200, "both five")
    assert ask(session, "GET", "/a/five")[0] == 404


def test_a_new_route_goes_to_the_app_whose_request_it_was(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    head = "from flask import Flask\n\n{0} = Flask(__name__)\n\n\n"
    text = head + "@{0}.get('/{0}')\ndef {0}_home():\n    return ''\n"
    (folder / "app.py").write_text(text.format("app"), encoding="utf-8")
    (folder / "other.py").write_text(text.format("site"), encoding="utf-8")
    session.open(folder)
    session.choose_app("other:site", keep=False)
    assert session.go_live().problem is None
    mends = {fix.label: fix.mend for fix in told(session, "GET", "/site/new").fixes}
    for label in ("Add GET /site/new", "Write a 404 page"):
        mend = mends[label]
        assert mend is not None
        assert list(session.propose(mend).after) == ["other.py"]


def test_without_an_app_there_is_nothing_to_explain(session: Session, folder: Path) -> None:
    assert session.explain("GET", "/") is None
    session.open(folder)
    assert session.explain("GET", "/") is None


def test_the_address_of_the_running_server_is_told(shop: Session) -> None:
    url = shop.snapshot.server.url.rstrip("/")
    assert told(shop, "GET", "/old").match.location == f"{url}/old/"


def test_the_page_goes_into_the_function_that_makes_the_app(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    lines = APP.replace("from books import bp\n", "").replace(
        'app.register_blueprint(bp, url_prefix="/api")\n', ""
    )
    body = lines.partition("\n\n")[2]
    inside = "".join(f"    {line}" if line.strip() else line for line in body.splitlines(keepends=True))
    (folder / "app.py").write_text(
        f"from flask import Flask\n\n\ndef create_app():\n{inside}\n    return app\n", encoding="utf-8"
    )
    session.open(folder)
    assert session.go_live().problem is None
    session.start_server(0)
    page = next(fix for fix in told(session, "GET", "/users/abc").fixes if fix.label == "Write a 404 page")
    assert take(session, page, "GET", "/users/abc") == (404, "There is no page at this address.")
