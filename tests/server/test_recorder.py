"""What is noted of each request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from playground.core.trips import Value
from playground.server.short_repr import short_repr

if TYPE_CHECKING:
    from conftest import Served


@pytest.fixture
def pages(served: Served) -> Served:
    served.folder.write("templates/user.html", "{{ user_id }} {{ colour }}")
    served.edit(
        "app.py",
        """
        from flask import Flask, render_template, request
        app = Flask(__name__)

        class Odd:
            def __repr__(self):
                raise ValueError("no")

        @app.context_processor
        def more():
            return {"colour": "green"}

        @app.get("/users/<int:user_id>")
        def user(user_id):
            return render_template("user.html", user_id=user_id, odd=Odd(), long="x" * 9999)

        @app.post("/echo")
        def echo():
            return dict(request.headers), 201
        """,
    )
    return served


def test_a_request_is_found_by_its_identifier(pages: Served) -> None:
    pages.get("/users/7?page=2", headers={"X-Playground-Request": "abc"})
    pages.get("/users/8")
    record = pages.app.recorder.find("abc")
    assert record is not None
    assert (record.method, record.path, record.status) == ("GET", "/users/7?page=2", 200)
    assert (record.endpoint, record.rule) == ("user", "/users/<int:user_id>")
    assert record.values == (Value("user_id", "int", "7"),)
    assert record.seconds > 0
    assert pages.app.recorder.find("nothing") is None


def test_the_app_does_not_see_the_identifier(pages: Served) -> None:
    answer = pages.get("/echo", method="POST", body=b"", headers={"X-Playground-Request": "abc"})
    assert answer.status == 201
    assert "playground" not in answer.text.lower()


def test_a_template_knows_the_page_that_last_showed_it(pages: Served) -> None:
    pages.get("/users/7")
    pages.get("/users/8?x=1")
    pages.get("/missing")
    use = pages.app.recorder.last_for_template("user.html")
    assert use is not None
    assert (use.method, use.path) == ("GET", "/users/8?x=1")
    variables = dict(use.variables)
    assert variables["user_id"] == "8"
    assert variables["colour"] == "'green'"
    assert "request" not in variables
    assert "ValueError" in variables["odd"] or "Odd" in variables["odd"]
    assert len(variables["long"]) <= 200
    assert pages.app.recorder.last_for_template("other.html") is None


def test_what_matched_nothing_is_noted_too(pages: Served) -> None:
    pages.get("/missing", headers={"X-Playground-Request": "lost"})
    record = pages.app.recorder.find("lost")
    assert record is not None
    assert (record.status, record.endpoint, record.rule) == (404, "", "")


def test_a_replaced_app_is_not_held(pages: Served) -> None:
    import gc
    import weakref

    old = weakref.ref(pages.app.slot.app)  # type: ignore[type-var]
    pages.get("/users/7")
    pages.edit("app.py", "from flask import Flask\napp = Flask(__name__)\n")
    gc.unfreeze()  # what was loaded is set aside; it is swept later
    gc.collect()
    assert old() is None


def test_a_short_repr_is_short() -> None:
    for value in ("x" * 10_000, list(range(10_000)), {"a": "b" * 9999}, 10**5000, b"x" * 999):
        assert len(short_repr(value)) <= 200


def test_what_a_preview_asks_for_is_known_as_that(pages: Served) -> None:
    recorder, engine = pages.app.recorder, {"User-Agent": "Mozilla QtWebEngine/6 Chrome/1"}
    recorder.expect("GET", "/users/7?a=1")
    pages.get("/users/7?a=1")
    pages.get("/users/7?a=2", headers=engine)
    pages.get("/users/7?a=1", headers=engine)
    pages.get("/users/7?a=1", headers=engine)
    pages.get("/users/8", headers={"X-Playground-Request": "abc"})
    seen = [(line.window, line.preview) for line in recorder.lines()]
    assert seen == [(False, False), (False, False), (True, True), (False, False), (True, False)]
    found = recorder.trip(3)
    assert found is not None and found.preview
