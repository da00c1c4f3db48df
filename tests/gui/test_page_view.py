"""The rendered page: with the browser engine, and without it. One engine serves most of the tests."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QLabel, QTextBrowser
from pytestqt.qtbot import QtBot

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
    "/alert": (200, "text/html", "<script>alert('boo')</script>done"),
}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, kind, text = PAGES.get(self.path, (404, "text/plain", ""))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


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
    page.reload()
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
    assert load(qtbot, view, site + "/missing")
    assert text_of(qtbot, view) == "Not here"
    assert not load(qtbot, view, "http://127.0.0.1:1023/")
    assert "did not answer" in words(view)
    with qtbot.waitSignal(view.loaded):
        view.show_html("<p>Ada</p><img src='file:///etc/hostname'>", site)
    assert "Ada" in text_of(qtbot, view)
