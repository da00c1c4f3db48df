"""Failures that a request shows: a small project for each, the request, what is said, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass, field

from problem_cases import Case

from playground.core.exchanges import BodyKind, RequestSpec

HEAD = """\
from flask import Flask{0}

app = Flask(__name__)


"""
PAGE = '<!doctype html>\n<link rel="stylesheet" href="{0}">\n<p>Welcome</p>\n'


@dataclass(frozen=True)
class Out:
    """One fix that is offered, and what the request answers after it: the same one, or ``then``.

    ``told`` where the fix does nothing by itself. ``leaves`` is a rule that explains the request then.
    """

    label: str
    status: int = 200
    says: str = ""
    then: RequestSpec | None = None
    told: bool = False
    leaves: str = ""


@dataclass(frozen=True)
class RequestCase(Case):
    """A case that shows when ``sent`` is sent; ``status`` is that of its answer, ``outs`` all its fixes."""

    sent: RequestSpec = field(default_factory=RequestSpec)
    status: int = 404
    outs: tuple[Out, ...] = ()
    original: str = ""


def app(body: str, *imports: str) -> dict[str, str]:
    """A project of one file; ``imports`` are further names from flask."""
    return {"app.py": HEAD.format("".join(f", {name}" for name in imports)) + body}


def post(url: str, form: dict[str, str] | None = None) -> RequestSpec:
    """A POST with a form."""
    return RequestSpec("POST", url, body_kind=BodyKind.FORM, form=tuple((form or {}).items()))


def json(url: str, body: str, *headers: tuple[str, str], method: str = "POST") -> RequestSpec:
    """A request with a body that is labelled as JSON."""
    return RequestSpec(method, url, headers=headers, body_kind=BodyKind.JSON, body=body)


def text(url: str, body: str) -> RequestSpec:
    """A POST of a text."""
    return RequestSpec("POST", url, body_kind=BodyKind.TEXT, body=body)


def get(url: str, *headers: tuple[str, str]) -> RequestSpec:
    """A GET."""
    return RequestSpec("GET", url, headers=headers)


ABOUT = '@app.get("/about")\ndef about():\n    return "All about us"\n'
USER = '@app.get("/users/<int:number>")\ndef user(number):\n    return f"user {number}"\n'

BLOG = """\
from flask import Blueprint

blog = Blueprint("blog", __name__, url_prefix="/blog")


@blog.get("/posts")
def posts():
    return "All posts"
"""

ADDRESSES = (
    RequestCase(
        "no-such-path",
        "typo",
        app(ABOUT),
        "No rule has the path /abuot; the nearest is /about.",
        sent=get("/abuot"),
        place="app.py:6",
        original="404 Not Found: The requested URL was not found on the server.",
        outs=(
            Out("Send GET /about", says="All about us"),
            Out("Add GET /abuot", says="Hello"),
            Out("Write a 404 page", 404, leaves="no-such-path"),
        ),
    ),
    RequestCase(
        "no-such-path",
        "case",
        app(ABOUT),
        "Paths are case-sensitive: the rule is /about, not /About.",
        sent=get("/About"),
        outs=(
            Out("Send GET /about", says="All about us"),
            Out("Add GET /About", says="Hello"),
            Out("Write a 404 page", 404, leaves="no-such-path"),
        ),
    ),
    RequestCase(
        "no-such-path",
        "file_name",
        app(ABOUT),
        "/about.html is the name of a file; the rule is /about.",
        sent=get("/about.html"),
        outs=(
            Out("Send GET /about", says="All about us"),
            Out("Add GET /about.html", says="Hello"),
            Out("Write a 404 page", 404, leaves="no-such-path"),
        ),
    ),
    RequestCase(
        "no-such-path",
        "prefix",
        {
            "app.py": HEAD.format("") + "from blog import blog\napp.register_blueprint(blog)\n",
            "blog.py": BLOG,
        },
        "The path lacks its beginning: the rule is /blog/posts.",
        sent=get("/posts"),
        place="blog.py:6",
        outs=(
            Out("Send GET /blog/posts", says="All posts"),
            Out("Add GET /posts", says="Hello"),
            Out("Write a 404 page", 404, leaves="no-such-path"),
        ),
    ),
    RequestCase(
        "no-such-path",
        "first_page",
        app(ABOUT),
        "The app has no rule for its first page, /.",
        sent=get("/"),
        outs=(
            Out("Add GET /", says="Hello"),
            Out("Write a 404 page", 404, leaves="no-such-path"),
        ),
    ),
    RequestCase(
        "converter-refused",
        "int",
        app(USER),
        "/users/<int:number> does not take abc for number.",
        sent=get("/users/abc"),
        place="app.py:6",
        outs=(
            Out("Accept any text: <number>", says="user abc"),
            Out("Add GET /users/<string:name>", says="Hello"),
            Out("Write a 404 page", 404, leaves="converter-refused"),
        ),
    ),
    RequestCase(
        "converter-refused",
        "range",
        app(USER.replace("<int:", "<int(max=10):")),
        "/users/<int(max=10):number> does not take 99 for number.",
        sent=get("/users/99"),
        outs=(
            Out("Send GET /users/10", says="user 10"),
            Out("Accept 99, too: <int(max=99):number>", says="user 99"),
            Out("Add GET /users/99", says="Hello"),
        ),
    ),
    RequestCase(
        "extra-slash",
        "plain",
        app(ABOUT),
        "/about/ has one slash too many: the rule is /about.",
        sent=get("/about/"),
        outs=(
            Out("Send GET /about", says="All about us"),
            Out("Take a slash, too: /about/", says="All about us"),
            Out("Add GET /about/", says="Hello"),
        ),
    ),
    RequestCase(
        "slash-redirect",
        "plain",
        app(ABOUT.replace("/about", "/about/")),
        "The rule ends with a slash, so Flask sends /about on to /about/.",
        sent=RequestSpec(url="/about", follow_redirects=False),
        status=308,
        outs=(
            Out("Send GET /about/", says="All about us"),
            Out("Drop the slash: /about", says="All about us"),
        ),
    ),
    RequestCase(
        "slash-redirect",
        "hides_another",
        app(
            '@app.get("/a/<int:x>/")\ndef number(x):\n    return "number"\n\n\n'
            '@app.get("/a/<name>")\ndef name(name):\n    return "name"\n'
        ),
        "The rule ends with a slash, so Flask sends /a/5 on to /a/5/.",
        sent=RequestSpec(url="/a/5", follow_redirects=False),
        status=308,
        why="/a/<name>",
        outs=(
            Out("Send GET /a/5/", says="number"),
            Out("Drop the slash: /a/<int:x>", says="number"),
        ),
    ),
    RequestCase(
        "method-not-allowed",
        "form",
        app('@app.route("/login")\ndef login():\n    return "Log in"\n'),
        "/login takes GET; you sent POST.",
        sent=post("/login", {"name": "Ada"}),
        status=405,
        place="app.py:6",
        original="405 Method Not Allowed: The method is not allowed for the requested URL.",
        outs=(
            Out("Let it take POST", says="Log in"),
            Out("Send GET /login", says="Log in"),
            Out("Add POST /login", says="Hello"),
        ),
    ),
    RequestCase(
        "blueprint-not-registered",
        "request",
        {
            "app.py": HEAD.format("") + "from blog import blog  # and not registered\n\n\n" + ABOUT,
            "blog.py": BLOG,
        },
        "The blueprint blog has this path, and no app registers it.",
        sent=get("/blog/posts"),
        outs=(Out("Register it in app.py", says="All posts"),),
    ),
)

ASKED_FORM = (
    '@app.post("/greet")\ndef greet():\n    name = request.form["username"]\n    return f"Hello {name}"\n'
)
ASKED_QUERY = (
    '@app.get("/search")\ndef search():\n    word = request.args["q"]\n    return f"Looked for {word}"\n'
)
ASKED_JSON = (
    '@app.post("/items")\ndef add():\n    item = request.get_json()\n    return f"Added {item[\'name\']}"\n'
)

BODIES = (
    RequestCase(
        "missing-form-key",
        "other_name",
        app(ASKED_FORM, "request"),
        "The view wants username, and the form brought user.",
        sent=post("/greet", {"user": "Ada"}),
        status=400,
        place="app.py:8",
        why="form: user",
        original="KeyError: 'username'",
        outs=(
            Out("Read user instead", says="Hello Ada"),
            Out("Send username", says="Hello Ada"),
            Out("Take an empty text where it is missing", says="Hello "),
        ),
    ),
    RequestCase(
        "missing-form-key",
        "nothing",
        app(ASKED_FORM, "request"),
        "The view wants username, and the form came empty.",
        sent=RequestSpec("POST", "/greet"),
        status=400,
        outs=(
            Out("Send username", says="Hello test"),
            Out("Take an empty text where it is missing", says="Hello "),
        ),
    ),
    RequestCase(
        "missing-form-key",
        "query",
        app(ASKED_QUERY, "request"),
        "The view wants q, and the query came empty.",
        sent=get("/search"),
        status=400,
        outs=(
            Out("Send q", says="Looked for test"),
            Out("Take an empty text where it is missing", says="Looked for "),
        ),
    ),
    RequestCase(
        "missing-form-key",
        "json",
        app(ASKED_JSON, "request"),
        "The view wants name, and JSON brought nane.",
        sent=json("/items", '{"nane": "pen"}'),
        status=500,
        outs=(Out("Read nane instead", says="Added pen"), Out("Send name", says="Added pen")),
    ),
    RequestCase(
        "missing-form-key",
        "input_without_name",
        {
            **app(
                '@app.get("/")\ndef index():\n    return render_template("form.html")\n\n\n' + ASKED_FORM,
                *("render_template", "request"),
            ),
            "templates/form.html": '<form method="post" action="/greet">\n  <input id="username">\n</form>\n',
        },
        "The view wants username, and the form came empty.",
        sent=post("/greet"),
        status=400,
        why="an id and no name",
        outs=(
            Out("Send username", says="Hello test"),
            Out("Name the field username", says='id="username" name="username"', then=get("/")),
            Out("Take an empty text where it is missing", says="Hello "),
        ),
    ),
    RequestCase(
        "not-json",
        "label",
        app(ASKED_JSON, "request"),
        "You sent JSON, but labelled it text/plain instead of application/json.",
        sent=text("/items", '{"name": "pen"}'),
        status=415,
        original="415 Unsupported Media Type: Did not attempt to load JSON data",
        outs=(Out("Send it labelled as JSON", says="Added pen"), Out("Take any label", says="Added pen")),
    ),
    RequestCase(
        "not-json",
        "single_quotes",
        app(ASKED_JSON, "request"),
        "JSON needs double quotes: look at line 1, column 2.",
        sent=json("/items", "{'name': 'pen'}"),
        status=400,
        outs=(Out("Send it as right JSON", says="Added pen"),),
    ),
    RequestCase(
        "not-json",
        "trailing_comma",
        app(ASKED_JSON, "request"),
        "JSON has no comma before a closing bracket: look at line 1, column 16.",
        sent=json("/items", '{"name": "pen",}'),
        status=400,
        outs=(Out("Send it as right JSON", says="Added pen"),),
    ),
    RequestCase(
        "not-json",
        "empty",
        app(ASKED_JSON.replace("item[\\'name\\']", "item[\\'name\\']"), "request"),
        "The body is labelled as JSON, and it is empty.",
        sent=json("/items", ""),
        status=400,
        outs=(Out("Send a JSON body", says="Added test"),),
    ),
    RequestCase(
        "wrong-drawer",
        "json_for_form",
        app(ASKED_FORM, "request"),
        "The view looks for username in the form; it came in JSON.",
        sent=json("/greet", '{"username": "Ada"}'),
        status=400,
        why="JSON: username",
        outs=(Out("Look in request.json", says="Hello Ada"), Out("Send it as a form", says="Hello Ada")),
    ),
    RequestCase(
        "wrong-drawer",
        "form_for_json",
        app(ASKED_JSON, "request"),
        "The view reads JSON, and the request brought a form.",
        sent=post("/items", {"name": "pen"}),
        status=415,
        outs=(Out("Send it as JSON", says="Added pen"), Out("Read request.form", says="Added pen")),
    ),
    RequestCase(
        "wrong-drawer",
        "quiet",
        app(ASKED_FORM.replace('form["username"]', 'form.get("username")'), "request"),
        "greet reads the form, which is empty; the data came in JSON.",
        sent=json("/greet", '{"username": "Ada"}'),
        status=200,
        outs=(Out("Read request.json", says="Hello Ada"), Out("Send it as a form", says="Hello Ada")),
    ),
    RequestCase(
        "wrong-drawer",
        "file_as_text",
        {
            **app(
                '@app.get("/")\ndef index():\n    return render_template("form.html")\n\n\n'
                '@app.post("/up")\ndef up():\n    return request.files["photo"].filename\n',
                *("render_template", "request"),
            ),
            "templates/form.html": '<form method="post" action="/up">\n'
            '  <input type="file" name="photo">\n</form>\n',
        },
        "photo came as text, not as a file.",
        sent=post("/up", {"photo": "cat.png"}),
        status=400,
        why="multipart/form-data",
        outs=(Out("Send files with the form", says='enctype="multipart/form-data"', then=get("/")),),
    ),
)

VIEWS = (
    RequestCase(
        "argument-names",
        "differ",
        app('@app.get("/hello/<name>")\ndef hello(username):\n    return f"Hello {username}"\n'),
        "The rule gives name; the function hello asks for username.",
        sent=get("/hello/Ada"),
        status=500,
        original="TypeError: hello() got an unexpected keyword argument 'name'",
        outs=(
            Out("Rename username to name in hello", says="Hello Ada"),
            Out("Write <username> in the rule", says="Hello Ada"),
        ),
    ),
    RequestCase(
        "argument-names",
        "not_given",
        app('@app.get("/delete")\ndef delete(number):\n    return f"Deleted {number}"\n'),
        "The function delete asks for number, which the rule does not give.",
        sent=get("/delete"),
        status=500,
        outs=(Out("Add <number> to the rule", says="Deleted 5", then=get("/delete/5")),),
    ),
    RequestCase(
        "missing-return",
        "print",
        app('@app.get("/")\ndef index():\n    print("Hello")\n'),
        "index printed its text, and returned nothing.",
        sent=get("/"),
        status=500,
        place="app.py:8",
        original="TypeError: The view function for 'index' did not return a valid response.",
        outs=(Out("Return it instead of printing it", says="Hello"),),
    ),
    RequestCase(
        "missing-return",
        "no_way",
        app(
            '@app.get("/<int:age>")\ndef entry(age):\n    if age > 17:\n        return "Come in"\n'
            "    age = age + 1\n"
        ),
        "entry ended without return.",
        sent=get("/9"),
        status=500,
        outs=(Out("Return a text at the end", says="Done"),),
    ),
    RequestCase(
        "missing-return",
        "object",
        app('class Book: ...\n\n\n@app.get("/")\ndef index():\n    book = Book()\n    return book\n'),
        "index returned a Book, which Flask can't send.",
        sent=get("/"),
        status=500,
        outs=(Out("Return it as text", says="object at"),),
    ),
    RequestCase(
        "missing-return",
        "order",
        app('@app.get("/")\ndef index():\n    return "Hello", {"X-Made": "here"}, 201\n'),
        "index returned the parts of its answer in the wrong order.",
        sent=get("/"),
        status=500,
        outs=(Out("Put them in order", 201, says="Hello"),),
    ),
)

RENDER = '@app.get("/")\ndef index():\n    return render_template("{0}")\n'
HELLO = "<h1>Hello</h1>\n"

TEMPLATES = (
    RequestCase(
        "template-not-found",
        "near_name",
        {**app(RENDER.format("indx.html"), "render_template"), "templates/index.html": HELLO},
        "There is no template indx.html; the nearest is index.html.",
        sent=get("/"),
        status=500,
        place="app.py:8",
        why="templates/",
        original="TemplateNotFound: indx.html",
        outs=(Out("Write index.html", says="Hello"), Out("Make indx.html", says="Indx")),
    ),
    RequestCase(
        "template-not-found",
        "case",
        {**app(RENDER.format("index.html"), "render_template"), "templates/Index.html": HELLO},
        "There is no template index.html; upper and lower case differ from Index.html.",
        sent=get("/"),
        status=500,
        outs=(
            Out("Write Index.html", says="Hello"),
            Out("Make index.html", says="Index"),
        ),
    ),
    RequestCase(
        "template-not-found",
        "folder",
        {**app(RENDER.format("index.html"), "render_template"), "template/index.html": HELLO},
        "index.html lies in template, not in templates.",
        sent=get("/"),
        status=500,
        outs=(Out("Rename template/ to templates/", says="Hello"),),
    ),
    RequestCase(
        "template-not-found",
        "beside_the_app",
        {**app(RENDER.format("index.html"), "render_template"), "index.html": HELLO},
        "index.html lies in the project, not in templates.",
        sent=get("/"),
        status=500,
        outs=(Out("Move index.html to templates/", says="Hello"),),
    ),
    RequestCase(
        "template-not-found",
        "parent",
        {
            **app(RENDER.format("index.html"), "render_template"),
            "templates/index.html": '{% extends "bas.html" %}\n{% block content %}Hello{% endblock %}\n',
            "templates/base.html": "{% block content %}{% endblock %}\n",
        },
        "There is no template bas.html; the nearest is base.html.",
        sent=get("/"),
        status=500,
        place="templates/index.html:1",
        outs=(
            Out("Write base.html", says="Hello"),
            Out("Make bas.html", says="Hello"),
        ),
    ),
    RequestCase(
        "undefined-variable",
        "near_name",
        {
            **app(
                '@app.get("/")\ndef index():\n    user = {"name": "Ada"}\n'
                '    return render_template("index.html", user=user)\n',
                "render_template",
            ),
            "templates/index.html": "<p>\n  {{ usr.name }}\n</p>\n",
        },
        "index.html uses usr; it was given user.",
        sent=get("/"),
        status=500,
        place="templates/index.html:2",
        original="UndefinedError: 'usr' is undefined",
        outs=(Out("Write user", says="Ada"),),
    ),
    RequestCase(
        "undefined-variable",
        "not_passed",
        {
            **app(
                '@app.get("/")\ndef index():\n    user = {"name": "Ada"}\n'
                '    return render_template("index.html")\n',
                "render_template",
            ),
            "templates/index.html": "<p>{{ user.name }}</p>\n",
        },
        "index.html uses user, which it was not given.",
        sent=get("/"),
        status=500,
        outs=(Out("Pass user=user", says="<p>Ada</p>"),),
    ),
    RequestCase(
        "undefined-variable",
        "attribute",
        {
            **app(
                '@app.get("/")\ndef index():\n    return render_template("index.html", user={"a": 1})\n',
                "render_template",
            ),
            "templates/index.html": "<p>{{ user.address.street }}</p>\n",
        },
        "The template asks for address, which the dict does not have.",
        sent=get("/"),
        status=500,
        outs=(Out("Show it only if it is there", says="<p></p>"),),
    ),
    RequestCase(
        "template-syntax",
        "foreach",
        {
            **app(RENDER.format("index.html"), "render_template"),
            "templates/index.html": "<ul>\n{% foreach x in [1, 2] %}<li>{{ x }}</li>{% endfor %}\n</ul>\n",
        },
        "Jinja has no tag foreach; it is called for.",
        sent=get("/"),
        status=500,
        place="templates/index.html:2",
        original="TemplateSyntaxError: Encountered unknown tag 'foreach'.",
        outs=(Out("Write for", says="<li>2</li>"),),
    ),
    RequestCase(
        "template-syntax",
        "never_closed",
        {
            **app(RENDER.format("index.html"), "render_template"),
            "templates/index.html": "{% for x in [1, 2] %}<li>{{ x }}</li>\n",
        },
        "The for is never closed: endfor is missing.",
        sent=get("/"),
        status=500,
        outs=(Out("Add {% endfor %} at the end", says="<li>2</li>"),),
    ),
    RequestCase(
        "template-syntax",
        "closed_by_another",
        {
            **app(RENDER.format("index.html"), "render_template"),
            "templates/index.html": "{% block a %}\n{% for x in [1, 2] %}<li>{{ x }}</li>\n{% endblock %}\n",
        },
        "The for is never closed: endfor is missing.",
        sent=get("/"),
        status=500,
        place="templates/index.html:3",
        outs=(Out("Add {% endfor %} above it", says="<li>2</li>"),),
    ),
    RequestCase(
        "template-syntax",
        "else_if",
        {
            **app(RENDER.format("index.html"), "render_template"),
            "templates/index.html": "{% if 0 %}a{% else if 1 %}b{% endif %}\n",
        },
        "Jinja writes elif for else if.",
        sent=get("/"),
        status=500,
        outs=(Out("Write elif", says="b"),),
    ),
    RequestCase(
        "template-syntax",
        "filter",
        {
            **app(RENDER.format("index.html"), "render_template"),
            "templates/index.html": "{{ 'ada'|capitalise }}\n",
        },
        "Jinja has no filter capitalise; it is called capitalize.",
        sent=get("/"),
        status=500,
        outs=(Out("Write capitalize", says="Ada"),),
    ),
    RequestCase(
        "template-syntax",
        "variable_as_tag",
        {
            **app(
                '@app.get("/")\ndef index():\n    return render_template("index.html", title="News")\n',
                "render_template",
            ),
            "templates/index.html": "<h1>{% title %}</h1>\n",
        },
        "title is a variable: {{ }} prints it.",
        sent=get("/"),
        status=500,
        outs=(Out("Print title", says="<h1>News</h1>"),),
    ),
)

LINKED = (
    '@app.get("/users/<name>")\ndef user(name):\n    return f"user {name}"\n\n\n@app.get("/")\ndef start():\n'
)
LINKS = (
    RequestCase(
        "dead-endpoint",
        "near",
        app(LINKED + '    return url_for("usr", name="Ada")\n', "url_for"),
        "No endpoint is called usr; there is user.",
        sent=get("/"),
        status=500,
        place="app.py:13",
        original="BuildError: Could not build url for endpoint 'usr'",
        outs=(Out("Write user", says="/users/Ada"),),
    ),
    RequestCase(
        "dead-endpoint",
        "values",
        app(LINKED + '    return url_for("user")\n', "url_for"),
        "The address of user needs name.",
        sent=get("/"),
        status=500,
        outs=(Out("Give it name='hello'", says="/users/hello"),),
    ),
    RequestCase(
        "dead-endpoint",
        "path",
        app(ABOUT + '\n\n@app.get("/")\ndef start():\n    return url_for("/about")\n', "url_for"),
        "url_for wants the name of a view, not the path /about.",
        sent=get("/"),
        status=500,
        outs=(Out("Write about", says="/about"),),
    ),
    RequestCase(
        "dead-endpoint",
        "template",
        {
            **app(ABOUT + "\n\n" + RENDER.format("index.html"), "render_template"),
            "templates/index.html": "<a href=\"{{ url_for('abut') }}\">About</a>\n",
        },
        "No endpoint is called abut; there is about.",
        sent=get("/"),
        status=500,
        place="templates/index.html:1",
        outs=(Out("Write about", says='href="/about"'),),
    ),
    RequestCase(
        "relative-redirect",
        "endpoint",
        app(
            '@app.get("/home")\ndef home():\n    return url_for("home")\n\n\n'
            '@app.get("/a/b")\ndef leave():\n    return redirect("home")\n',
            *("redirect", "url_for"),
        ),
        "The redirect to home leads to /a/home from here.",
        sent=RequestSpec(url="/a/b", follow_redirects=False),
        status=302,
        place="app.py:13",
        outs=(Out('Write url_for("home")', 302, "/home"),),
    ),
    RequestCase(
        "static-file",
        "name",
        {
            **app(RENDER.format("index.html"), "render_template"),
            "templates/index.html": "<link href=\"{{ url_for('static', filename='styl.css') }}\">\n",
            "static/style.css": "p { color: red }\n",
        },
        "static has no styl.css; there is style.css.",
        sent=get("/static/styl.css"),
        place="templates/index.html:1",
        outs=(Out("Write style.css", says="/static/style.css", then=get("/")),),
    ),
    RequestCase(
        "static-file",
        "relative",
        {
            **app(
                '@app.get("/blog/")\ndef index():\n    return render_template("index.html")\n',
                "render_template",
            ),
            "templates/index.html": PAGE.format("style.css"),
            "static/style.css": "p { color: red }\n",
        },
        "/blog/style.css is no address of a file; style.css lies in static.",
        sent=get("/blog/style.css", ("Referer", "http://127.0.0.1:5000/blog/")),
        place="templates/index.html:2",
        why="The page /blog/ asked for it.",
        outs=(
            Out("Write url_for of style.css", says='"/static/style.css"', then=get("/blog/")),
            Out("Ask for it in static", says="color: red"),
        ),
    ),
    RequestCase(
        "static-file",
        "not_there",
        app(ABOUT),
        "/logo.png is no rule, and static has no logo.png.",
        sent=get("/logo.png"),
        outs=(Out("Put logo.png into static/", told=True),),
    ),
)

AROUND = (
    RequestCase(
        "secret-key",
        "none",
        app(
            '@app.get("/")\ndef index():\n    session["seen"] = session.get("seen", 0) + 1\n'
            "    return f\"Seen {session['seen']}\"\n",
            "session",
        ),
        "The session needs a secret key, and the app has none.",
        sent=get("/"),
        status=500,
        place="app.py:8",
        original="RuntimeError: The session is unavailable because no secret key was set.",
        outs=(Out("Set a key for app in app.py", says="Seen 1"),),
    ),
    RequestCase(
        "secret-key",
        "over_https",
        app(
            'app.secret_key = "for this test"\napp.config["SESSION_COOKIE_SECURE"] = True\n\n\n'
            '@app.get("/")\ndef index():\n    session["seen"] = 1\n    return "Seen"\n',
            "session",
        ),
        "The cookie session goes over https only, and this is http.",
        sent=get("/"),
        status=200,
        place="app.py:7",
        outs=(Out("Set it to False", says="Seen"),),
    ),
    RequestCase(
        "outside-context",
        "thread",
        app(
            'import threading\n\n\n@app.get("/")\ndef index():\n    found = []\n\n    def work():\n'
            "        try:\n            found.append(request.path)\n        except RuntimeError as error:\n"
            "            found.append(error)\n\n"
            "    thread = threading.Thread(target=work)\n    thread.start()\n"
            "    thread.join()\n    raise found[0]\n",
            "request",
        ),
        "request is used where there is no request: in a thread, or after it.",
        sent=get("/"),
        status=500,
        outs=(Out("Read it in the view, and hand it on", told=True),),
    ),
    RequestCase(
        "late-setup",
        "in_a_view",
        app(
            '@app.get("/")\ndef index():\n    app.add_url_rule("/new", "new", lambda: "new")\n'
            '    return "Added"\n'
        ),
        "add_url_rule was called while the app already answers requests.",
        sent=get("/"),
        status=500,
        place="app.py:8",
        outs=(Out("Move that line out of the view", told=True),),
    ),
    RequestCase(
        "not-serializable",
        "set",
        app('@app.get("/")\ndef index():\n    tags = {"a", "a"}\n    return {"tags": tags}\n'),
        "JSON can't hold a set.",
        sent=get("/"),
        status=500,
        place="app.py:8",
        original="TypeError: Object of type set is not JSON serializable",
        outs=(Out("Make it a list", says="tags"),),
    ),
    RequestCase(
        "not-serializable",
        "object",
        app(
            "class Book:\n    def __init__(self, title):\n        self.title = title\n\n\n"
            '@app.get("/")\ndef index():\n    return jsonify(Book("Momo"))\n',
            "jsonify",
        ),
        "JSON can't hold an object of Book.",
        sent=get("/"),
        status=500,
        outs=(Out("Send its attributes", says="Momo"),),
    ),
    RequestCase(
        "escaping",
        "shows",
        {
            **app(
                '@app.get("/")\ndef index():\n    news = "<b>New</b> here"\n'
                '    return render_template("index.html", news=news)\n',
                "render_template",
            ),
            "templates/index.html": "<p>{{ news }}</p>\n",
        },
        "news holds HTML, and the page shows it as text.",
        sent=get("/"),
        status=200,
        place="templates/index.html:1",
        outs=(Out("It is my own: write |safe", says="<b>New</b>"),),
    ),
    RequestCase(
        "escaping",
        "acts",
        app(
            '@app.get("/hello")\ndef hello():\n    name = request.args["name"]\n'
            '    return f"<p>Hello {name}</p>"\n',
            "request",
        ),
        "name came with the request, and the page takes it for HTML.",
        sent=RequestSpec(url="/hello", query=(("name", "<b>Ada</b>"),)),
        status=200,
        outs=(Out("Escape name", says="&lt;b&gt;Ada"),),
    ),
    RequestCase(
        "escaping",
        "safe",
        {
            **app(
                '@app.get("/hello/<name>")\ndef hello(name):\n'
                '    return render_template("hello.html", name=name)\n',
                "render_template",
            ),
            "templates/hello.html": "<p>Hello {{ name|safe }}</p>\n",
        },
        "name came with the request, and the page takes it for HTML.",
        sent=get("/hello/%3Cb%3EAda"),
        status=200,
        outs=(Out("Take |safe away", says="&lt;b&gt;Ada"),),
    ),
)


def fails(line: str, *imports: str, above: str = "") -> dict[str, str]:
    """A project whose first page runs a line that fails."""
    return app(f'{above}@app.get("/")\ndef index():\n    {line}\n    return "Fine"\n', *imports)


EXCEPTIONS = (
    RequestCase(
        "plain-500",
        "name",
        fails("total = 3\n    print(totl)"),
        "There is no name totl here; there is total.",
        sent=get("/"),
        status=500,
        place="app.py:9",
        original="NameError: name 'totl' is not defined",
        outs=(Out("Write total", says="Fine"),),
    ),
    RequestCase(
        "plain-500",
        "not_imported",
        fails('print(url_for("index"))'),
        "url_for is used, and not imported.",
        sent=get("/"),
        status=500,
        outs=(Out("Import url_for from flask", says="Fine"),),
    ),
    RequestCase(
        "plain-500",
        "none",
        fails("print({}.get('x').title())"),
        "Something is None where its title was asked for.",
        sent=get("/"),
        status=500,
        outs=(Out("Look at app.py:8", told=True),),
    ),
    RequestCase(
        "plain-500",
        "attribute",
        fails("print('a'.uper())"),
        "A text has no uper; there is upper.",
        sent=get("/"),
        status=500,
        outs=(Out("Write upper", says="Fine"),),
    ),
    RequestCase(
        "plain-500",
        "key",
        fails("print({'a': 1}['b'])"),
        "The key b is not there.",
        sent=get("/"),
        status=500,
        outs=(Out("Look at app.py:8", told=True),),
    ),
    RequestCase(
        "plain-500",
        "zero",
        fails("print(1 / 0)"),
        "The line divides by zero.",
        sent=get("/"),
        status=500,
        why="print(1 / 0)",
        outs=(Out("Look at app.py:8", told=True),),
    ),
    RequestCase(
        "plain-500",
        "number",
        fails("print(int('x1'))"),
        "int() can't read 'x1' as a number.",
        sent=get("/"),
        status=500,
        outs=(Out("Look at app.py:8", told=True),),
    ),
    RequestCase(
        "plain-500",
        "index",
        fails("print([1][3])"),
        "A list has no element with this number.",
        sent=get("/"),
        status=500,
        outs=(Out("Look at app.py:8", told=True),),
    ),
    RequestCase(
        "plain-500",
        "file",
        fails("print(open('data/books.csv'))"),
        "The file books.csv is not there.",
        sent=get("/"),
        status=500,
        outs=(Out("Look at app.py:8", told=True),),
    ),
    RequestCase(
        "plain-500",
        "own_class",
        fails('raise SoldOutError("nothing left")', above="class SoldOutError(Exception): ...\n\n\n"),
        "SoldOutError ended the request in line 11 of app.py.",
        sent=get("/"),
        status=500,
        why="nothing left",
        outs=(Out("Look at app.py:11", told=True),),
    ),
)
CASES: tuple[RequestCase, ...] = (
    *(*ADDRESSES, *BODIES, *VIEWS, *TEMPLATES, *LINKS),
    *(*AROUND, *EXCEPTIONS),
)
