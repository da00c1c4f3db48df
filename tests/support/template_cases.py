"""Failures of templates that the source shows before any request, and what mends them."""

from __future__ import annotations

from problem_cases import Ask, Case, Way

HEAD = """\
from flask import Flask, redirect, render_template, request, url_for

app = Flask(__name__)


"""
HELLO = '@app.get("/hello/<name>")\ndef hello(name):\n    return render_template("hello.html", name=name)\n'
HOME = '@app.get("/")\ndef home():\n    return render_template("home.html")\n'


def site(body: str, **pages: str) -> dict[str, str]:
    """An app and its templates; ``home`` is ``templates/home.html``."""
    return {"app.py": HEAD + body, **{f"templates/{name}.html": text for name, text in pages.items()}}


NOT_FOUND = (
    Case(
        "template-not-found",
        "nearly",
        site('@app.get("/")\ndef home():\n    return render_template("hom.html")\n', home="<h1>Home</h1>\n"),
        "There is no template hom.html; the nearest is home.html.",
        (Way("Write home.html", (Ask(says="<h1>Home"),)), Way("Make hom.html", (Ask(),))),
        (Ask(status=500),),
        place="app.py:8",
        why="app.py names it. Flask looks in templates/",
    ),
    Case(
        "template-not-found",
        "none",
        {"app.py": HEAD + HOME},
        "There is no template home.html.",
        (Way("Make home.html", (Ask(says="Home"),)),),
        (Ask(status=500),),
        why="No template is there yet.",
    ),
    Case(
        "template-not-found",
        "upper_case",
        site(HOME, Home="<h1>Home</h1>\n"),
        "There is no template home.html; Home.html differs in upper and lower case.",
        (Way("Write Home.html", (Ask(says="<h1>Home"),)), Way("Make home.html", (Ask(),))),
        (Ask(status=500),),
    ),
    Case(
        "template-not-found",
        "folder",
        {"app.py": HEAD + HOME, "template/home.html": "<h1>Home</h1>\n", "template/more.html": "More\n"},
        "home.html lies in template/, not in templates/.",
        (Way("Rename template/ to templates/", (Ask(says="<h1>Home"),)),),
        (Ask(status=500),),
    ),
    Case(
        "template-not-found",
        "beside_the_app",
        {"app.py": HEAD + HOME, "home.html": "<h1>Home</h1>\n"},
        "home.html lies beside the app, not in templates/.",
        (Way("Move home.html to templates/", (Ask(says="<h1>Home"),)),),
        (Ask(status=500),),
    ),
    Case(
        "template-not-found",
        "parent",
        site(HOME, home='{% extends "bass.html" %}\n', base="<h1>Base</h1>\n"),
        "There is no template bass.html; the nearest is base.html.",
        (Way("Write base.html", (Ask(says="<h1>Base"),)), Way("Make bass.html", (Ask(),))),
        (Ask(status=500),),
        place="templates/home.html:1",
        why="home.html names it.",
    ),
    Case(
        "template-not-found",
        "included",
        site(HOME, home="<p>Hi</p>\n{% include 'parts/foot.html' %}\n", base=""),
        "There is no template parts/foot.html.",
        (Way("Make parts/foot.html", (Ask(says="<p>Hi"),)),),
        (Ask(status=500),),
        place="templates/home.html:2",
    ),
)

UNDEFINED = (
    Case(
        "undefined-variable",
        "nearly",
        site(HELLO, hello="<h1>Hello {{ nmae|upper }}!</h1>\n<p>{{ nmae }} {{ nmae.nmae }}</p>\n"),
        "nmae isn't passed to hello.html; name is.",
        (Way("Write name", (Ask("/hello/Ada", says="Hello ADA!"),)),),
        (Ask("/hello/Ada", 500),),
        place="templates/hello.html:1",
        why="It is rendered in app.py:8 with name.",
    ),
    Case(
        "undefined-variable",
        "blank",
        site(HELLO, hello="<h1>Hello [{{ nmae }}]!</h1>\n"),
        "nmae isn't passed to hello.html; name is.",
        (Way("Write name", (Ask("/hello/Ada", says="[Ada]"),)),),
        (Ask("/hello/Ada", says="[]"),),
    ),
    Case(
        "undefined-variable",
        "not_passed",
        site(
            '@app.get("/sum/<int:a>")\ndef total(a):\n    double = 2 * a\n'
            '    return render_template("sum.html")\n',
            sum="<p>Twice: {{ double }}</p>\n",
        ),
        "double isn't passed to sum.html.",
        (Way("Pass double=double", (Ask("/sum/4", says="Twice: 8"),)),),
        (Ask("/sum/4", says="Twice: <"),),
        why="with no variable",
    ),
    Case(
        "undefined-variable",
        "in_a_parent",
        site(
            HELLO.replace("name=name)", "name=name, title=name)"),
            base="<title>{{ titel }}</title>{% block body %}{% endblock %}\n",
            hello="{% extends 'base.html' %}{% block body %}{{ name }}{% endblock %}\n",
        ),
        "titel isn't passed to base.html; title is.",
        (Way("Write title", (Ask("/hello/Ada", says="<title>Ada"),)),),
        (Ask("/hello/Ada", says="<title></title>"),),
        place="templates/base.html:1",
    ),
)

SYNTAX = (
    Case(
        "template-syntax",
        "foreach",
        site(HOME, home="<ul>\n{% foreach x in [1, 2] %}<li>{{ x }}</li>{% endfor %}\n</ul>\n"),
        "Jinja has no tag foreach; it is called for.",
        (Way("Write for", (Ask(says="<li>2</li>"),)),),
        (Ask(status=500),),
        place="templates/home.html:2",
    ),
    Case(
        "template-syntax",
        "name",
        site(HELLO, hello="<h1>{% name %}</h1>\n"),
        "name is a variable: {{ }} prints it.",
        (Way("Print name", (Ask("/hello/Ada", says="<h1>Ada</h1>"),)),),
        (Ask("/hello/Ada", 500),),
    ),
    Case(
        "template-syntax",
        "else_if",
        site(HELLO, hello="{% if name == 'Ada' %}A{% else if name %}B{% endif %}\n"),
        "Jinja writes elif for else if.",
        (Way("Write elif", (Ask("/hello/Bo", says="B"),)),),
        (Ask("/hello/Bo", 500),),
    ),
    Case(
        "template-syntax",
        "left_open",
        site(HELLO, hello="{% if name %}\n<p>{{ name }}</p>\n"),
        "The if is never closed: endif is missing.",
        (Way("Add {% endif %} at the end", (Ask("/hello/Ada", says="<p>Ada"),)),),
        (Ask("/hello/Ada", 500),),
    ),
    Case(
        "template-syntax",
        "filter",
        site(HELLO, hello="<p>{{ name|capitalise }}</p>\n"),
        "Jinja has no filter capitalise; it is called capitalize.",
        (Way("Write capitalize", (Ask("/hello/ada", says="<p>Ada"),)),),
        (Ask("/hello/ada", 500),),
        place="templates/hello.html:1",
    ),
)

LINKS = (
    Case(
        "dead-endpoint",
        "in_a_template",
        site(HELLO, hello="<a href=\"{{ url_for('helo', name='Bo') }}\">Bo</a>\n"),
        "No endpoint is called helo; there is hello.",
        (Way("Write hello", (Ask("/hello/Ada", says='href="/hello/Bo"'),)),),
        (Ask("/hello/Ada", 500),),
        place="templates/hello.html:1",
    ),
    Case(
        "dead-endpoint",
        "without_blueprint",
        {
            "app.py": HEAD.replace("\n\n\n", "\n", 1)
            + "import blog\n\napp.register_blueprint(blog.bp)\n\n\n"
            + '@app.get("/")\ndef home():\n    return redirect(url_for("latest"))\n',
            "blog.py": "from flask import Blueprint\n\n"
            "bp = Blueprint('blog', __name__, url_prefix='/blog')\n\n\n"
            "@bp.get('/latest')\ndef latest():\n    return 'The latest'\n",
        },
        "No endpoint is called latest; there is blog.latest.",
        (Way("Write blog.latest", (Ask(status=302, says="/blog/latest"),)),),
        (Ask(status=500),),
    ),
    Case(
        "dead-endpoint",
        "a_path",
        site(
            HELLO + '\n\n@app.get("/about")\ndef about_us():\n    return redirect(url_for("/about"))\n',
            hello="{{ name }}",
        ),
        "url_for wants the name of a view, not the path /about.",
        (Way("Write about_us", (Ask("/about", 302),)),),
        (Ask("/about", 500),),
    ),
    Case(
        "dead-endpoint",
        "without_a_value",
        site(HELLO, hello="<a href=\"{{ url_for('hello') }}\">again</a>\n"),
        "The address of hello needs name.",
        (Way("Give it name=name", (Ask("/hello/Ada", says='href="/hello/Ada"'),)),),
        (Ask("/hello/Ada", 500),),
    ),
    Case(
        "dead-endpoint",
        "without_a_number",
        site(
            '@app.get("/users/<int:number>")\ndef user(number):\n    return str(number)\n\n\n'
            '@app.get("/first")\ndef first():\n    return redirect(url_for("user"))\n'
        ),
        "The address of user needs number.",
        (Way("Give it number=42", (Ask("/first", 302, "/users/42"),)),),
        (Ask("/first", 500),),
    ),
)

STATIC = (
    Case(
        "static-file",
        "relative",
        {
            **site(
                HOME, home='<link rel="stylesheet" href="style.css">\n<img src=\'/img/cat.png\' alt="">\n'
            ),
            "static/style.css": "p { color: red }\n",
        },
        "style.css is not found; the file lies in static/.",
        (
            Way(
                "Write url_for of style.css", (Ask(says='href="/static/style.css"'), Ask("/static/style.css"))
            ),
        ),
        (Ask(says='href="style.css"'), Ask("/style.css", 404)),
        place="templates/home.html:1",
    ),
    Case(
        "static-file",
        "from_the_top",
        {
            **site(HOME, home="<p>\n<img alt='a cat' src='/img/cat.svg'>\n"),
            "static/img/cat.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>\n",
        },
        "/img/cat.svg is not found; the file lies in static/.",
        (Way("Write url_for of img/cat.svg", (Ask(says="src='/static/img/cat.svg'"),)),),
        (Ask("/img/cat.svg", 404),),
        place="templates/home.html:2",
    ),
)

ESCAPING = (
    Case(
        "escaping",
        "a_query",
        site(
            '@app.get("/search")\ndef search():\n'
            '    return render_template("search.html", q=request.args.get("q", ""))\n',
            search="<p>You asked for {{ q | safe }}</p>\n",
        ),
        "q comes from visitors, and |safe lets it act as HTML.",
        (Way("Take |safe away", (Ask("/search?q=<b>", says="for &lt;b&gt;"),)),),
        (Ask("/search?q=<b>", says="for <b>"),),
        place="templates/search.html:1",
        why="app.py:8 passes it",
    ),
    Case(
        "escaping",
        "a_form",
        site(
            '@app.post("/")\ndef sent():\n'
            '    return render_template("sent.html", text=request.form["text"])\n',
            sent="<p>{{ text|safe }}</p>\n",
        ),
        "text comes from visitors, and |safe lets it act as HTML.",
        (Way("Take |safe away", (Ask(method="POST", form={"text": "<i>"}, says="<p>&lt;i&gt;"),)),),
        (Ask(method="POST", form={"text": "<i>"}, says="<p><i>"),),
    ),
)

LOGIN = (
    '@app.route("/login", methods=["GET", "POST"])\ndef login():\n'
    '    if request.method == "POST":\n        return "Hello " + request.form["username"]\n'
    '    return render_template("login.html")\n'
)
SENT = (Ask("/login", method="POST", form={"username": "Ada"}, says="Hello Ada"),)
FORMS = (
    Case(
        "missing-form-key",
        "another_name",
        site(LOGIN, login='<form method="post">\n<input name="user_name">\n<button>Go</button>\n</form>\n'),
        "login looks for username; the form sends user_name.",
        (Way("Call the field username", (Ask("/login", says='name="username"'), *SENT)),),
        (Ask("/login", 400, method="POST", form={"user_name": "Ada"}),),
        place="templates/login.html:2",
    ),
    Case(
        "missing-form-key",
        "no_name",
        site(
            LOGIN,
            login="<form action=\"{{ url_for('login') }}\" method='post'>\n<input id='username'>\n</form>\n",
        ),
        "The field username has no name, so the form does not send it.",
        (Way("Give it the name username", (Ask("/login", says='<input name="username" id='), *SENT)),),
        (Ask("/login", 400, method="POST"),),
    ),
)
DRAWERS = (
    Case(
        "wrong-drawer",
        "no_method",
        site(
            LOGIN,
            login="<form>\n<input name='username'>\n{% if 1 %}<button>Go</button>{% endif %}\n</form>\n",
        ),
        "This form is sent by GET; login looks for username in a POST.",
        (Way("Send it by POST", (Ask("/login", says='<form method="post">'), *SENT)),),
        (Ask("/login?username=Ada", says="<form>"),),
        place="templates/login.html:1",
    ),
    Case(
        "wrong-drawer",
        "get",
        site(LOGIN, login="<form action='/login' method='get' id='f'>\n<input name='username'>\n</form>\n"),
        "This form is sent by GET; login looks for username in a POST.",
        (Way("Send it by POST", (Ask("/login", says="<form action='/login' method=\"post\" id"), *SENT)),),
        (Ask("/login?username=Ada", says="<form"),),
    ),
)

TEMPLATES = (*NOT_FOUND, *UNDEFINED, *SYNTAX, *LINKS, *STATIC, *ESCAPING, *FORMS, *DRAWERS)
