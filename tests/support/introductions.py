"""What every introduction to Flask shows, as files that somebody pasted, each with what is done to it.

Quotes, spacing and comments differ from snippet to snippet as they do in the world, and one has the line
ends of Windows: an edit of one thing must leave all of that alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from plain_flask import Asked

START = "from flask import Flask\n\napp = Flask(__name__)\n\n\n"


@dataclass(frozen=True)
class Snippet:
    """One snippet, a request with its answer, an edit through the form and one through the code.

    ``form`` is a control of the form and what is typed into it (nothing: it is clicked); in ``file`` that
    turns ``formed[0]`` into ``formed[1]``. ``typed`` is what is typed into the code, after that before which.
    ``template`` is a template with the same two.
    """

    name: str
    files: dict[str, str]
    rule: str
    asked: Asked
    answer: tuple[int, str]
    form: tuple[str, str]
    formed: tuple[str, str]
    typed: tuple[str, str]
    after: tuple[tuple[Asked, int, str], ...]
    file: str = "app.py"
    also: tuple[Asked, ...] = field(default=(Asked("/nowhere"),))
    template: tuple[str, str, str] = ("", "", "")


SNIPPETS = (
    Snippet(
        "hello world",
        {
            "app.py": "from flask import Flask\n\napp = Flask(__name__)\n\n"
            '@app.route("/")\ndef hello_world():\n    return "<p>Hello, World!</p>"\n'
        },
        "/",
        Asked("/"),
        (200, "<p>Hello, World!</p>"),
        ("route.answer.value", "<p>Hello, Flask!</p>"),
        ("<p>Hello, World!</p>", "<p>Hello, Flask!</p>"),
        ("Hello, Flask", "Oh! "),
        ((Asked("/"), 200, "<p>Oh! Hello, Flask!</p>"), (Asked("/", "POST"), 405, "Method Not Allowed")),
    ),
    Snippet(
        "app.run",
        {
            "app.py": "from flask import Flask\r\napp = Flask(__name__)\r\n\r\n"
            "@app.route('/')   # the front page\r\ndef home():\r\n    return 'Hello!'\r\n\r\n"
            "if __name__ == '__main__':\r\n    app.run(debug=True)"
        },
        "/",
        Asked("/"),
        (200, "Hello!"),
        ("route.method.POST", ""),
        ("@app.route('/')", "@app.route('/', methods=['GET', 'POST'])"),
        ("Hello!", "Debug: "),
        ((Asked("/"), 200, "Debug: Hello!"), (Asked("/", "POST"), 200, "Debug: Hello!")),
    ),
    Snippet(
        "GET",
        {
            "app.py": "from flask import Flask, jsonify\n\napp = Flask(__name__)\n\n"
            "users = ['Ada', 'Grace']  # in memory\n\n\n"
            "@app.route('/users', methods=['GET'])\ndef get_users():\n    return jsonify(users)\n"
        },
        "/users",
        Asked("/users"),
        (200, "Grace"),
        ("route.rule", "/people"),
        ("'/users', methods=['GET']", "'/people', methods=['GET']"),
        ("users)", "['Lin'] + "),
        ((Asked("/people"), 200, "Lin"), (Asked("/users"), 404, "Not Found")),
    ),
    Snippet(
        "POST",
        {
            "app.py": "from flask import Flask, request\n\napp = Flask(__name__)\nnames = []\n\n\n"
            "@app.route('/users', methods=['POST'])\ndef add_user():\n"
            "    names.append(request.form['name'])   # from the form\n"
            "    return 'Saved ' + names[-1]\n"
        },
        "/users",
        Asked("/users", "POST", "name=Ada", "application/x-www-form-urlencoded"),
        (200, "Saved Ada"),
        ("route.method.PUT", ""),
        ("methods=['POST']", "methods=['POST', 'PUT']"),
        ("Saved", "Well: "),
        (
            (Asked("/users", "PUT", "name=Lin", "application/x-www-form-urlencoded"), 200, "Well: Saved Lin"),
            (Asked("/users", "POST", "x=1", "application/x-www-form-urlencoded"), 400, "Bad Request"),
            (Asked("/users"), 405, "Method Not Allowed"),
        ),
    ),
    Snippet(
        "<id>",
        {
            "app.py": START + "@app.route('/user/<id>')\ndef show_user(id):\n"
            "    # the id is text here\n    return f'User {id}'\n"
        },
        "/user/<id>",
        Asked("/user/7a"),
        (200, "User 7a"),
        ("route.status", "202"),
        ("return f'User {id}'", "return f'User {id}', 202"),
        ("User {id}", "The "),
        ((Asked("/user/Zo%C3%AB"), 202, "The User Zoë"), (Asked("/user/"), 404, "Not Found")),
    ),
    Snippet(
        "<int:id>",
        {
            "app.py": START + "@app.route('/post/<int:id>')\ndef show_post(id):\n"
            "    return f'Post {id}, next {id + 1}'\n"
        },
        "/post/<int:id>",
        Asked("/post/41"),
        (200, "Post 41, next 42"),
        ("route.rule", "/post/<int(min=1):id>"),
        ("'/post/<int:id>'", "'/post/<int(min=1):id>'"),
        ("Post {id}", "Blog "),
        (
            (Asked("/post/1"), 200, "Blog Post 1, next 2"),
            (Asked("/post/0"), 404, "Not Found"),
            (Asked("/post/abc"), 404, "Not Found"),
        ),
    ),
    Snippet(
        "<path:filename>",
        {
            "app.py": START + "@app.route('/files/<path:filename>')\ndef show_file(filename):\n"
            '    return "File " + filename\n'
        },
        "/files/<path:filename>",
        Asked("/files/notes/may.txt"),
        (200, "File notes/may.txt"),
        ("route.doc", "Names a file."),
        (
            "def show_file(filename):\n",
            'def show_file(filename):\n    """Names a file."""\n',
        ),
        ("File", "The "),
        ((Asked("/files/a/b%20c.txt"), 200, "The File a/b c.txt"), (Asked("/files/"), 404, "Not Found")),
    ),
    Snippet(
        "request.json",
        {
            "app.py": "from flask import Flask, request\n\napp = Flask(__name__)\n\n\n"
            "@app.route('/echo', methods=['POST'])\ndef echo():\n"
            "    data = request.json\n    return {'hello': data['name']}\n"
        },
        "/echo",
        Asked("/echo", "POST", '{"name": "Ada"}'),
        (200, "Ada"),
        ("route.rule", "/hello"),
        ("'/echo'", "'/hello'"),
        ("data['name']", "'Dr ' + "),
        (
            (Asked("/hello", "POST", '{"name": "Ada"}'), 200, "Dr Ada"),
            (Asked("/hello", "POST", "{broken"), 400, "Bad Request"),
            (Asked("/hello", "POST", "a=1", "application/x-www-form-urlencoded"), 415, "Unsupported"),
        ),
    ),
    Snippet(
        "request.args",
        {
            "app.py": "from flask import Flask, request\n\napp = Flask(__name__)\n\n\n"
            "@app.route('/search')\ndef search():\n"
            "    q = request.args.get('q', 'nothing')\n    return f'Looking for {q}'\n"
        },
        "/search",
        Asked("/search?q=flask"),
        (200, "Looking for flask"),
        ("route.function", "find"),
        ("def search():", "def find():"),
        ("'nothing'", "'' or "),
        ((Asked("/search"), 200, "Looking for nothing"), (Asked("/search?q=a%26b"), 200, "a&b")),
    ),
    Snippet(
        "jsonify, 201",
        {
            "app.py": "from flask import Flask, jsonify\n\napp = Flask(__name__)\n\n\n"
            "@app.route('/items', methods=['POST'])\ndef create_item():\n"
            '    return jsonify({"id": 1, "ok": True}), 201\n'
        },
        "/items",
        Asked("/items", "POST"),
        (201, '"id": 1'),
        ("route.status", "202"),
        ("), 201", "), 202"),
        ('"ok"', '"new": True, '),
        ((Asked("/items", "POST"), 202, '"new":true'),),
    ),
    Snippet(
        "render_template",
        {
            "app.py": "from flask import Flask, render_template\n\napp = Flask(__name__)\n\n\n"
            "@app.route('/hello/<name>')\ndef hello(name=None):\n"
            "    return render_template('hello.html', name=name)\n",
            "templates/hello.html": "<!doctype html>\n<title>Hello</title>\n"
            "{% if name %}\n  <h1>Hello {{ name }}!</h1>\n{% else %}\n  <h1>Hello!</h1>\n{% endif %}\n",
        },
        "/hello/<name>",
        Asked("/hello/Ada"),
        (200, "<h1>Hello Ada!</h1>"),
        ("route.variables", "name = name.title()"),
        ("name=name)", "name=name.title())"),
        ("name.title()", "'Dr ' + "),
        (
            (Asked("/hello/ada%20l"), 200, "<h1>Oh, Hello Dr Ada L!</h1>"),
            (Asked("/hello/%3Cb%3E"), 200, "&lt;B&gt;"),
        ),
        template=("hello.html", "Hello {{", "Oh, "),
    ),
    Snippet(
        "blueprint",
        {
            "app.py": "from flask import Flask\nfrom users import users\n\napp = Flask(__name__)\n"
            "app.register_blueprint(users, url_prefix='/api')\n",
            "users.py": "from flask import Blueprint\n\nusers = Blueprint('users', __name__)\n\n\n"
            "@users.route('/users')\ndef list_users():\n    return ['Ada', 'Grace']  # JSON\n",
        },
        "/users",
        Asked("/api/users"),
        (200, "Grace"),
        ("route.rule", "/users/all"),
        ("'/users'", "'/users/all'"),
        ("'Grace'", "'Lin', "),
        ((Asked("/api/users/all"), 200, "Lin"), (Asked("/users/all"), 404, "Not Found")),
        file="users.py",
    ),
)
