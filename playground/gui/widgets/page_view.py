"""A rendered page: the real thing in QtWebEngine, or QTextBrowser where WebEngine can't be had.

The engine takes about a second to start, so it is made when the view is first shown; what is
asked for while the view is hidden waits until then. Where the same address comes again, the
scroll position stays.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QByteArray, QCoreApplication, QPointF, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QStackedWidget, QTextBrowser, QVBoxLayout, QWidget

from playground.gui.theme import theme

if TYPE_CHECKING:
    from PySide6.QtNetwork import QNetworkReply
    from PySide6.QtWebEngineCore import QWebEngineLoadingInfo

ENGINE = "playground.gui.widgets.web_page"
HTML_LIMIT = 2_000_000
"""QtWebEngine takes HTML as a percent-encoded address of at most 2 MB."""

NO_ANSWER = "This page did not answer.\nIs the server running? Start it and the page comes back."
TOO_LARGE = "This page is too large to preview here. Open it in a browser to see it."
CRASHED = "The page stopped working and was closed. The next answer opens it again."

PLAIN = "Shown as plain text, without styles and scripts: "
NOT_INSTALLED = PLAIN + "the browser engine, or a library that it needs, is not installed."
ROOT = (
    PLAIN + "the browser engine does not run for the administrator (root). "
    "Start the playground as an ordinary user to see pages as they are."
)


def prepare() -> None:
    """Allow QtWebEngine to start later; call it before the QApplication exists. Costs nothing."""
    if QCoreApplication.instance() is None:
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


_unwanted: list[str] = []
"""Why the engine is not to be started in this process, where it is not."""


def do_without_engine(why: str) -> None:
    """Show pages as plain text in this process, and say why."""
    _unwanted[:] = [why] if why else []


def why_plain() -> str:
    """Why no browser engine can be started here, in words; empty where one can."""
    if _unwanted:
        return _unwanted[0]
    if _is_refused_to_root():
        return ROOT
    try:
        importlib.import_module(ENGINE)
    except ImportError:
        return NOT_INSTALLED
    return ""


def _is_refused_to_root() -> bool:
    """On Linux, Chromium ends the process when root starts it, unless told to do without its sandbox."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "").split()
    return "QTWEBENGINE_DISABLE_SANDBOX" not in os.environ and "--no-sandbox" not in flags


@dataclass(frozen=True)
class _Wanted:
    """What to show: an address to load, or the HTML that came from it."""

    url: str
    html: str | None = None


class _Engine(Protocol):
    """What both ways of rendering can do; ``widget`` goes into the stack."""

    widget: QWidget

    def show_page(self, wanted: _Wanted) -> None: ...
    def plain_text(self, callback: Callable[[str], None]) -> None: ...
    def set_zoom(self, factor: float) -> None: ...
    def set_own(self, url: str) -> None: ...
    def dispose(self) -> None: ...


class PageView(QFrame):
    """One page. ``loaded(ok)`` comes after each load; False means that a plain sentence is shown instead."""

    loaded = Signal(bool)
    asked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted: _Wanted | None = None
        self._waiting = False
        self._engine: _Engine | None = None
        self._why_plain = ""
        self._own = ""
        self._stack = QStackedWidget()
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setMargin(24)
        self._words.setProperty("role", "muted")
        self._stack.addWidget(self._words)
        self._remark = QLabel()
        self._remark.setWordWrap(True)
        self._remark.setMargin(6)
        self._remark.setTextFormat(Qt.TextFormat.PlainText)
        self._remark.setProperty("role", "muted")
        self._remark.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._remark)
        self._start = QTimer(self, singleShot=True, interval=0)  # lets the words below be painted first
        self._start.timeout.connect(self._show_wanted)
        theme().changed.connect(self._follow_theme)

    def sizeHint(self) -> QSize:
        return QSize(420, 320)

    @property
    def is_real(self) -> bool:
        """Whether pages are rendered by a browser engine; False until the first page is shown."""
        return isinstance(self._engine, _Browser)

    @property
    def url(self) -> str:
        """The address of what is shown, or is to be shown; empty at first."""
        return self._wanted.url if self._wanted else ""

    def set_own(self, url: str) -> None:
        """The address of our own server: ``asked`` tells what is asked of it; empty while there is none."""
        if url != self._own:
            self._own = url
            if self._engine is not None:
                self._engine.set_own(url)

    def load(self, url: str) -> None:
        """Load an address; the one that is shown already is loaded again."""
        self._want(_Wanted(url))

    def show_html(self, html: str, base_url: str = "") -> None:
        """Show HTML that came from ``base_url``, against which its links and pictures resolve."""
        self._want(_Wanted(base_url, html))

    def clear(self, sentence: str = "") -> None:
        """Show no page but a sentence, which may be empty."""
        self._wanted = None
        self._waiting = False
        self._say(sentence)

    def plain_text(self, callback: Callable[[str], None]) -> None:
        """Hand the page's text to ``callback`` as soon as the engine knows it."""
        if self._engine is None:
            callback("")
        else:
            self._engine.plain_text(callback)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._waiting:
            self._start.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._start.stop()

    def _want(self, wanted: _Wanted) -> None:
        self._wanted = wanted
        self._waiting = True
        if self._engine is None:
            self._say("Starting the preview…")
        if self.isVisible():
            self._start.start()

    def _show_wanted(self) -> None:
        wanted = self._wanted
        if wanted is None or not self._waiting:
            return
        self._waiting = False
        self._remark.hide()
        if self._engine is None:
            self._engine = self._make_engine()
        if self._why_plain:
            self._say_remark(self._why_plain)
        if wanted.html is not None and _encoded_size(wanted.html) > HTML_LIMIT:
            self._finish(TOO_LARGE)
        else:
            self._engine.show_page(wanted)

    def _make_engine(self) -> _Engine:
        self._why_plain = why_plain()
        if self._why_plain:
            engine: _Engine = _Plain(self._stack, self._finish)
        else:
            engine = _Browser(self._stack, self._finish, self._say_remark)
            engine.watching.asked.connect(self.asked)
            QCoreApplication.instance().aboutToQuit.connect(self._dispose)  # type: ignore[union-attr]  # a widget exists
        self._stack.addWidget(engine.widget)
        engine.set_zoom(theme().zoom)
        engine.set_own(self._own)
        return engine

    def _finish(self, sentence: str) -> None:
        """A load has ended: well where ``sentence`` is empty, else with that to say."""
        if self._engine is None or self._wanted is None:
            return
        if sentence:
            self._say(sentence)
        else:
            self._stack.setCurrentWidget(self._engine.widget)
        self.loaded.emit(not sentence)

    def _say(self, sentence: str) -> None:
        self._words.setText(sentence)
        self._stack.setCurrentWidget(self._words)

    def _say_remark(self, sentence: str) -> None:
        self._remark.setText(sentence[:300])
        self._remark.show()

    def _follow_theme(self) -> None:
        if self._engine is not None:
            self._engine.set_zoom(theme().zoom)

    def _dispose(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None


class _Browser:
    """Renders in QtWebEngine; only made after ``ENGINE`` could be imported."""

    def __init__(self, parent: QWidget, finish: Callable[[str], None], remark: Callable[[str], None]) -> None:
        from playground.gui.widgets.web_page import WebView

        self._view = WebView(parent)
        self.widget: QWidget = self._view
        self._finish = finish
        self._shown_url: str | None = None
        self._place = QPointF()  # how far the page is scrolled, as of its last quiet moment
        self._settled = (
            False  # between asking for a page and being back at its place, scrolling means nothing
        )
        self.watching = self._view.profile_kept.watching
        page = self._view.web_page
        page.loadingChanged.connect(self._loading_changed)
        page.scrollPositionChanged.connect(self._scrolled)
        page.remark.connect(remark)
        page.renderProcessTerminated.connect(self._crashed)
        self._view.profile_kept.download_refused.connect(
            lambda name: remark(f"The page offers a file, {name}. A preview downloads nothing.")
        )

    def show_page(self, wanted: _Wanted) -> None:
        page = self._view.web_page
        if wanted.url != self._shown_url:
            self._place = QPointF()
        self._shown_url = wanted.url
        self._settled = False
        if wanted.html is None:
            page.load(QUrl(wanted.url))
        else:
            page.setHtml(wanted.html, QUrl(wanted.url))

    def plain_text(self, callback: Callable[[str], None]) -> None:
        self._view.web_page.toPlainText(callback)

    def set_zoom(self, factor: float) -> None:
        self._view.setZoomFactor(factor)

    def set_own(self, url: str) -> None:
        self._view.profile_kept.watching.set_own(url)

    def dispose(self) -> None:
        self._view.dispose()

    def _loading_changed(self, info: QWebEngineLoadingInfo) -> None:
        if info.status() == info.LoadStatus.LoadSucceededStatus:
            self._back_to_place()
            self._finish("")
        elif info.status() == info.LoadStatus.LoadFailedStatus:
            # A 404 or 500 has a page of its own, which is the one to see.
            http = info.errorDomain() == info.ErrorDomain.HttpStatusCodeDomain
            self._finish("" if http else NO_ANSWER)

    def _back_to_place(self) -> None:
        if self._place.isNull():
            self._settle()
        else:
            x, y = int(self._place.x()), int(self._place.y())
            self._view.web_page.runJavaScript(f"window.scrollTo({x}, {y})", lambda _: self._settle())

    def _settle(self) -> None:
        self._settled = True

    def _scrolled(self, place: QPointF) -> None:
        if self._settled:
            self._place = place

    def _crashed(self) -> None:
        self._shown_url = None
        self._finish(CRASHED)


class _PlainBrowser(QTextBrowser):
    """A QTextBrowser that follows no link and loads nothing beside the page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """No picture, style sheet or file: only the page's own text."""
        return QByteArray()


class _Plain:
    """Renders in QTextBrowser: text, headings, lists and tables, no styles from files and no scripts."""

    def __init__(self, parent: QWidget, finish: Callable[[str], None]) -> None:
        self._view = _PlainBrowser(parent)
        self.widget: QWidget = self._view
        self._finish = finish
        self._shown_url: str | None = None
        self._base_size = self._view.font().pointSizeF()
        from PySide6.QtNetwork import QNetworkAccessManager, QNetworkProxy

        self._network = QNetworkAccessManager(self._view)
        self._network.setProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
        self._reply: QNetworkReply | None = None

    def show_page(self, wanted: _Wanted) -> None:
        self._drop_reply()
        if wanted.html is not None:
            self._show(wanted.url, wanted.html)
            return
        from PySide6.QtNetwork import QNetworkRequest

        reply = self._network.get(QNetworkRequest(QUrl(wanted.url)))
        reply.finished.connect(self._arrived)
        self._reply = reply

    def plain_text(self, callback: Callable[[str], None]) -> None:
        callback(self._view.toPlainText())

    def set_zoom(self, factor: float) -> None:
        font = self._view.font()
        font.setPointSizeF(max(1.0, self._base_size * factor))
        self._view.setFont(font)

    def set_own(self, url: str) -> None:
        """Its one request, without the page's parts, is a visitor's like any other."""

    def dispose(self) -> None:
        self._drop_reply()

    def _drop_reply(self) -> None:
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.finished.disconnect(self._arrived)
            reply.abort()
            reply.deleteLater()

    def _arrived(self) -> None:
        reply, self._reply = self._reply, None
        if reply is None:
            return
        reply.deleteLater()
        if reply.attribute(reply.request().Attribute.HttpStatusCodeAttribute) is None:
            self._finish(NO_ANSWER)
        else:
            body = cast("bytes", reply.readAll().data())
            self._show(reply.request().url().toString(), body.decode("utf-8", "replace"))

    def _show(self, url: str, html: str) -> None:
        bar = self._view.verticalScrollBar()
        keep = bar.value() if url == self._shown_url else 0
        self._shown_url = url
        self._view.setHtml(html)
        bar.setValue(keep)
        self._finish("")


def _encoded_size(html: str) -> int:
    """How long the address gets; quick bounds first, as most pages are small and some are huge."""
    if len(html) * 12 <= HTML_LIMIT or len(html) > HTML_LIMIT:
        return len(html)
    return int(QUrl.toPercentEncoding(html).size())
