"""Where the route map puts things: nothing overlaps, shared beginnings are shared, ways are found."""

from __future__ import annotations

from itertools import pairwise
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yardstick import yard

from playground.core.routes import Route
from playground.gui.panels.map_layout import HEIGHT, MapLayout, MapNode, lay_out
from playground.gui.rule_text import rule_pieces, rule_segments


def route(rule: str, methods: str = "GET", function: str = "view", prefix: str = "") -> Route:
    return Route(rule, tuple(methods.split()), function, function, "app", prefix)


def measure(text: str) -> float:
    return 7.2 * len(text)


def laid_out(*rules: str) -> MapLayout:
    return lay_out([route(rule, function=f"view{n}") for n, rule in enumerate(rules)], measure)


def labels(layout: MapLayout, kind: str = "segment") -> list[str]:
    return [node.label for node in layout.nodes if node.kind == kind]


def node(layout: MapLayout, path: str) -> tuple[int, MapNode]:
    return next((i, n) for i, n in enumerate(layout.nodes) if n.path == path and n.kind != "pill")


def overlapping(layout: MapLayout) -> list[tuple[str, str]]:
    """Pairs of nodes that touch, found by a sweep from top to bottom, row by row."""
    found = []
    nodes = sorted(layout.nodes, key=lambda n: n.y)
    for place, upper in enumerate(nodes):
        for lower in nodes[place + 1 :]:
            if lower.y - upper.y >= HEIGHT:
                break
            if upper.x < lower.right and lower.x < upper.right:
                found.append((upper.path, lower.path))
    return found


def test_no_routes_is_a_dot() -> None:
    layout = lay_out([], measure)
    assert [n.kind for n in layout.nodes] == ["root"]
    assert layout.width > 0 and layout.height > 0


def test_a_function_without_a_name_is_called_as_its_endpoint() -> None:
    layout = lay_out([Route("/static/<path:filename>", ("GET",), "static", "<lambda>", "app")], measure)
    assert labels(layout, "pill") == ["GET static"]


def test_routes_that_begin_alike_share_their_boxes() -> None:
    layout = laid_out("/users", "/users/<int:user_id>", "/users/<int:user_id>/posts", "/about")
    assert labels(layout) == ["users", "<int:user_id>", "posts", "about"]
    assert labels(layout, "pill") == ["GET view0", "GET view1", "GET view2", "GET view3"]


def test_a_blueprints_prefix_is_part_of_the_way() -> None:
    layout = lay_out([route("/books/<isbn>", function="book", prefix="/api")], measure)
    pill = layout.pill_of("book", "/api/books/<isbn>")
    assert pill is not None and pill == layout.pill_of("book", "/books/<isbn>")
    assert [layout.nodes[i].label for i in layout.way(pill)] == ["/", "api", "books", "<isbn>", "GET book"]


def test_the_root_route_hangs_on_the_dot() -> None:
    layout = laid_out("/")
    assert [(n.kind, n.parent) for n in layout.nodes] == [("root", -1), ("pill", 0)]


def test_methods_of_one_rule_stand_side_by_side() -> None:
    layout = lay_out(
        [route("/b", "GET", "show"), route("/b", "PUT", "put"), route("/b", "DELETE", "drop")], measure
    )
    pills = [n for n in layout.nodes if n.kind == "pill"]
    assert len({n.y for n in pills}) == 1
    assert all(left.right < right.x for left, right in pairwise(pills))
    many = lay_out([route("/b", "GET", f"f{n}") for n in range(7)], measure)
    assert len({n.y for n in many.nodes if n.kind == "pill"}) == 3  # three in a row


def test_the_pill_of_the_method_asked_for_is_found() -> None:
    same = [Route("/b", (method,), "b", "b", "app") for method in ("GET", "POST")]
    layout = lay_out(same, measure)
    post = layout.pill_of("b", "/b", "POST")
    assert post is not None and layout.nodes[post].label == "POST b"
    assert layout.pill_of("b", "/other") is None


def test_a_box_stands_in_the_middle_of_what_grows_out_of_it() -> None:
    layout = laid_out("/a/x", "/a/y", "/a/z")
    ys = [node(layout, f"/a/{name}")[1].y for name in "xyz"]
    assert node(layout, "/a")[1].y == pytest.approx(ys[1])
    assert ys == sorted(ys)


def test_everything_is_inside_the_size_that_is_given() -> None:
    layout = laid_out("/", "/a", "/a/<path:rest>", "/b/c/d/e/f")
    assert all(n.x >= 0 and n.right <= layout.width for n in layout.nodes)
    assert all(n.y + n.height / 2 <= layout.height and n.y >= 0 for n in layout.nodes)


SEGMENTS = st.sampled_from(["users", "api", "a-very-long-segment", "<name>", "<int:id>", "v<int:n>", "x"])
RULES = st.lists(SEGMENTS, max_size=5).map(lambda parts: "/" + "/".join(parts))


@settings(max_examples=60, deadline=None)
@given(st.lists(RULES, max_size=40))
def test_nothing_overlaps_whatever_the_rules(rules: list[str]) -> None:
    layout = laid_out(*rules)
    assert overlapping(layout) == []
    assert len(labels(layout, "pill")) == len(rules)
    for index, n in enumerate(layout.nodes):
        assert n.parent < index and all(layout.nodes[child].parent == index for child in n.children)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(RULES, min_size=1, max_size=15),
    st.lists(st.sampled_from(["left", "right", "up", "down"]), max_size=20),
)
def test_arrow_keys_always_stay_on_the_map(rules: list[str], walk: list[str]) -> None:
    layout = laid_out(*rules)
    here = 0
    for step in walk:
        here = layout.neighbour(here, step)  # type: ignore[arg-type]
        assert 0 <= here < len(layout.nodes)


def test_arrow_keys_walk_the_tree() -> None:
    layout = laid_out("/users", "/files")
    users, files = node(layout, "/users")[0], node(layout, "/files")[0]
    assert layout.neighbour(0, "right") in (users, files)
    assert layout.neighbour(users, "down") == files
    assert layout.neighbour(files, "up") == users
    assert layout.neighbour(users, "left") == 0
    pill = layout.neighbour(users, "right")
    assert layout.nodes[pill].kind == "pill"
    assert layout.neighbour(pill, "right") == pill
    assert layout.neighbour(0, "left") == 0


@pytest.mark.parametrize(
    ("path", "reached", "complete"),
    [
        ("/", "/", True),
        ("/users", "/users", True),
        ("/users/42", "/users/<int:user_id>", True),
        ("/users/abc", "/users", False),
        ("/users/me", "/users/me", True),
        ("/users/42/posts", "/users/<int:user_id>", False),
        ("/nothing/here", "/", False),
        ("/files/a/b/c.txt", "/files/<path:name>", True),
        ("/v2/status", "/v<int:n>/status", True),
        ("/vx/status", "/", False),
        ("/caf%C3%A9?x=1", "/café", True),
        ("/things/anything", "/things/<made_up:x>", True),
    ],
)
def test_how_far_a_path_gets(path: str, reached: str, complete: bool) -> None:
    layout = laid_out(
        "/users",
        "/users/<int:user_id>",
        "/users/me",
        "/files/<path:name>",
        "/v<int:n>/status",
        "/café",
        "/things/<made_up:x>",
    )
    end = layout.furthest(path)
    assert (layout.nodes[end.node].path, end.complete) == (reached, complete)


def test_a_thousand_routes_take_a_moment() -> None:
    routes = [route(f"/{n % 40}/{n % 200}/<int:id>/{n}", function=f"f{n}") for n in range(2000)]
    began = thread_time()
    layout = lay_out(routes, measure)
    assert thread_time() - began < 50 * yard()
    assert overlapping(layout) == []


def test_a_very_deep_rule_is_no_trouble() -> None:
    layout = laid_out("/" + "/".join("abcdefgh" for _ in range(3000)))
    assert len(layout.nodes) == 3002


@pytest.mark.parametrize(
    ("rule", "segments"),
    [
        ("/", ()),
        ("/users/", ("users",)),
        ("/v<int:n>/x", ("v<int:n>", "x")),
        ('/<any("a/b", c):x>/y', ('<any("a/b", c):x>', "y")),
        ("/files/<path:name>/edit", ("files", "<path:name>/edit")),
        ("no/slash/<unclosed", ("no", "slash", "<unclosed")),
    ],
)
def test_rules_are_cut_at_their_slashes(rule: str, segments: tuple[str, ...]) -> None:
    assert rule_segments(rule) == segments


@given(st.text(alphabet="/<>ab:", max_size=30))
@settings(deadline=None)
def test_pieces_joined_are_the_rule_again(rule: str) -> None:
    assert "".join(text for text, _ in rule_pieces(rule)) == rule
