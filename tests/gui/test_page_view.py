"""The rendered page: with the browser engine, and without it. One engine serves most of the tests."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QLabel, QTextBrowser
from pytestqt.qtbot import QtBot

from playground.core.trips import CORRELATION
from playground.gui.widgets import page_view
from playground.gui.widgets.page_view import PageView

LONG = 20_000  # milliseconds; the engine starts on a machine that is busy with other tests

PAGES = {
    "/": (
        200,
        "text/html",
        "<h1>Hello</h1><p id=p></p><script>p.innerText = 'scripted'</script>",
    ),
    "/tall": (200, "text/html", "<div style='height: 5000px'>tall</div>"),
    "/missing": (404, "text/html", "<h1>Not here</h1>"),
    "/download": (200, "application/zip", "PK"),
    "/parts": (200, "text/html", "<img src=/away/pic><script>fetch('/'); fetch('/away')</script>"),
    "/alert": (200, "text/html", "<script>alert('boo')</script>done"),
}


class Pages(BaseHTTPRequestHandler):
    marks: ClassVar[list[tuple[int, str, str]]] = []  # port, path, and what was said of who asks
    away = ""  # another host

    def do_GET(self) -> None:
        asked = (int(self.server.server_address[1]), self.path, self.headers.get(CORRELATION, ""))
        self.marks.append(asked)
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", f"{self.away}/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        status, kind, text = PAGES.get(self.path, (404, "text/plain", ""))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass


@contextmanager
def serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def site() -> Iterator[str]:
    Pages.marks.clear()
    with serving() as url:
        yield url


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Another host, to which /away leads."""
    with serving() as url:
        monkeypatch.setattr(Pages, "away", url)
        yield url


def marks(url: str) -> list[tuple[str, str]]:
    """The paths that were asked of a server, each with what was said of who asks."""
    port = int(url.rpartition(":")[2])
    return [(path, mark) for at, path, mark in Pages.marks if at == port]


@pytest.fixture(scope="module")
def shared(qapp: QApplication) -> Iterator[PageView]:
    view = PageView()
    view.resize(400, 300)
    yield view
    view.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def page(shared: PageView) -> Iterator[PageView]:
    shared.clear()
    shared.show()
    yield shared
    shared.hide()


@pytest.fixture
def without_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, page_view.ENGINE, None)  # what import sees of a missing module


def text_of(qtbot: QtBot, page: PageView) -> str:
    heard: list[str] = []
    page.plain_text(heard.append)
    qtbot.waitUntil(lambda: bool(heard), timeout=LONG)
    return heard[0]


def words(page: PageView) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def load(qtbot: QtBot, page: PageView, url: str) -> bool:
    with qtbot.waitSignal(page.loaded, timeout=LONG) as heard:
        page.load(url)
    return bool(heard.args[0])


def at_rest(qtbot: QtBot, page: PageView) -> None:
    engine = page.findChild(sys.modules[page_view.ENGINE].WebView).web_page
    qtbot.waitUntil(lambda: not engine.isLoading(), timeout=LONG)


def test_the_real_page_runs_its_scripts(qtbot: QtBot, page: PageView, site: str) -> None:
    assert load(qtbot, page, site + "/")
    assert page.is_real
    assert text_of(qtbot, page).split() == ["Hello", "scripted"]


def test_an_error_page_of_flask_is_a_page(qtbot: QtBot, page: PageView, site: str) -> None:
    assert load(qtbot, page, site + "/missing")
    assert text_of(qtbot, page).strip() == "Not here"


def test_a_server_that_does_not_answer_is_said_in_words(qtbot: QtBot, page: PageView, site: str) -> None:
    assert not load(qtbot, page, "http://127.0.0.1:1023/")
    assert "did not answer" in words(page)
    assert load(qtbot, page, site + "/")
    assert "did not answer" not in words(page)


def test_html_is_shown_against_its_address(qtbot: QtBot, page: PageView, site: str) -> None:
    with qtbot.waitSignal(page.loaded, timeout=LONG):
        page.show_html("<b>Ada</b><script>document.write(document.baseURI)</script>", site + "/hello")
    assert text_of(qtbot, page).strip() == f"Ada{site}/hello"


def test_scrolling_stays_where_it_was_over_a_reload(qtbot: QtBot, page: PageView, site: str) -> None:
    load(qtbot, page, site + "/tall")
    engine = page.findChild(sys.modules[page_view.ENGINE].WebView).web_page
    engine.runJavaScript("window.scrollTo(0, 700)")
    qtbot.waitUntil(lambda: engine.scrollPosition().y() == 700, timeout=LONG)
    page.load(page.url)
    load(qtbot, page, site + "/tall")
    qtbot.waitUntil(lambda: engine.scrollPosition().y() == 700, timeout=LONG)
    load(qtbot, page, site + "/")
    qtbot.waitUntil(lambda: engine.scrollPosition().y() == 0, timeout=LONG)


def test_no_file_no_download_no_dialog(qtbot: QtBot, page: PageView, site: str) -> None:
    load(qtbot, page, site + "/alert")
    assert "The page says: boo" in words(page)
    page.load(site + "/download")
    qtbot.waitUntil(lambda: "downloads nothing" in words(page), timeout=LONG)
    page.load("file:///etc/hostname")
    qtbot.waitUntil(lambda: "doesn't open" in words(page), timeout=LONG)
    assert "file:" not in text_of(qtbot, page)


def test_what_is_asked_of_our_own_server_is_told_and_nothing_is_added_to_it(
    qtbot: QtBot, page: PageView, site: str, elsewhere: str
) -> None:
    told: list[tuple[str, str]] = []
    page.asked.connect(lambda method, path: told.append((method, path)))
    page.set_own(site)
    load(qtbot, page, site + "/")
    load(qtbot, page, site + "/parts?a=1")
    load(qtbot, page, elsewhere + "/")
    qtbot.waitUntil(lambda: bool(marks(elsewhere)), timeout=LONG)
    at_rest(qtbot, page)
    assert {("GET", "/"), ("GET", "/parts?a=1")} <= set(told)
    assert all(path.startswith(("/", "/parts", "/away")) for _, path in told)
    assert {mark for _, _, mark in Pages.marks} == {""}


def test_a_page_too_large_for_the_engine_is_refused_in_words(qtbot: QtBot, page: PageView) -> None:
    with qtbot.waitSignal(page.loaded, timeout=LONG) as heard:
        page.show_html("<p>" * 700_000)
    assert heard.args == [False]
    assert "too large" in words(page)


def test_nothing_is_started_before_it_is_shown(qtbot: QtBot, site: str, without_engine: None) -> None:
    view = PageView()
    qtbot.addWidget(view)
    view.load(site + "/missing")
    view.load(site + "/")
    assert view.findChild(QTextBrowser) is None
    with qtbot.waitSignal(view.loaded):
        view.show()
    assert view.url == site + "/"


def test_without_the_engine_there_is_a_plain_page(qtbot: QtBot, site: str, without_engine: None) -> None:
    view = PageView()
    qtbot.addWidget(view)
    view.show()
    assert load(qtbot, view, site + "/")
    assert not view.is_real
    assert text_of(qtbot, view).strip() == "Hello"
    assert page_view.NOT_INSTALLED in words(view)
    assert load(qtbot, view, site + "/missing")
    assert text_of(qtbot, view) == "Not here"
    assert page_view.NOT_INSTALLED in words(view)
    assert not load(qtbot, view, "http://127.0.0.1:1023/")
    assert "did not answer" in words(view)
    with qtbot.waitSignal(view.loaded):
        view.show_html("<p>Ada</p><img src='file:///etc/hostname'>", site)
    assert "Ada" in text_of(qtbot, view)


# Chromium aborts the process where root starts it with its sandbox, so this takes a process of its own.
WINDOW_OF_ROOT = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QLabel
from playground.gui import open_window
from playground.gui.application import make_application
from playground.gui.widgets.page_view import PageView

app = make_application()
window = open_window(Path(sys.argv[1]))

def wait(until):
    deadline = time.monotonic() + 30
    while not until():
        assert time.monotonic() < deadline
        app.processEvents()
        time.sleep(0.005)

def text():
    found = []
    view.plain_text(found.append)
    return "".join(found)

wait(lambda: "Live" in window.findChild(QLabel, "server.status").text())
window.workbench.open_template("index.html")
view = window.findChild(PageView, "template.preview")
wait(lambda: "Home" in text())
print(view.is_real, *(label.text() for label in view.findChildren(QLabel) if label.isVisible()))
window.close()
"""


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root is refused, on Linux")
def test_root_sees_a_plain_page_and_why_and_the_window_lives(tmp_path: Path) -> None:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    env.pop("QTWEBENGINE_DISABLE_SANDBOX", None)
    shop = str(tmp_path / "shop")
    command = [sys.executable, "-m", "playground", "new", shop, "--starter", "pages"]
    subprocess.run(command, check=True, timeout=60)
    command = [sys.executable, "-c", WINDOW_OF_ROOT, shop]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"False {page_view.ROOT}"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse nobody")
@pytest.mark.parametrize(
    ("user", "name", "value", "refused"),
    [
        (0, "QTWEBENGINE_CHROMIUM_FLAGS", "--disable-gpu", True),
        (0, "QTWEBENGINE_CHROMIUM_FLAGS", "--disable-gpu --no-sandbox", False),
        (0, "QTWEBENGINE_DISABLE_SANDBOX", "1", False),
        (1000, "QTWEBENGINE_CHROMIUM_FLAGS", "", False),
    ],
)
def test_root_gets_the_engine_only_without_its_sandbox(
    monkeypatch: pytest.MonkeyPatch, user: int, name: str, value: str, refused: bool
) -> None:
    monkeypatch.delenv("QTWEBENGINE_DISABLE_SANDBOX", raising=False)
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert (page_view.why_plain() == page_view.ROOT) is refused
