"""The answer: status, time, size and type in one line, below it the body, its preview and its headers,
and what Flask did to make it.

A failure says in one line what went wrong, above its body; the X-ray tab says why and what to do.
The old answer stays readable until the new one is there. The view picks itself by what came, and stays
where a person put it as long as the same kind of thing comes.
"""

from __future__ import annotations

import time
from urllib.parse import urlsplit, urlunsplit

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.core.changes import ServerState
from playground.core.exchanges import Exchange, Hop, Response
from playground.core.insight import Insight
from playground.core.tips import Tip
from playground.core.units import human_size, human_time
from playground.gui.icons import set_icon
from playground.gui.panels.response_views import (
    LARGE,
    PAGES,
    PRINTED_WORDS,
    BodyView,
    EmptyView,
    ErrorView,
    HeadersTable,
    PreviewView,
    decoded,
)
from playground.gui.panels.trip_box import TripBox
from playground.gui.panels.why_line import WhyLine
from playground.gui.panels.why_tab import WhyTab
from playground.gui.theme import mark, theme
from playground.gui.widgets.flow import FlowLayout
from playground.gui.widgets.page_view import PageView
from playground.gui.widgets.status_badge import StatusBadge, status_token

PRETTY, RAW, PREVIEW, HEADERS, PRINTED, XRAY = range(6)
LOW = 175
"""Below this height (pixels of the design) the line over the answer says the least that it can."""
_ASKED_AS_GET = (301, 302, 303)


class ResponsePanel(QWidget):
    """Shows one exchange at a time. ``open_in_browser`` carries the address that answered.

    ``xray_wanted`` when all that is known of it is to be shown; ``place_opened`` carries a ``Place``.
    """

    open_in_browser = Signal(str)
    xray_wanted = Signal()
    place_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.exchange: Exchange | None = None
        self.insight: Insight | None = None
        self._since = 0.0
        self._kind = ""
        self._tab_of_kind = dict.fromkeys((*PAGES, "image"), PREVIEW)
        self._turning = False  # by us and not by the person
        self._reads_printed = False
        self._reads_why = {False: False, True: False}  # of answers that went well, and of failures
        self._build_head()
        self._build_tabs()
        self._empty, self._failure = EmptyView(), ErrorView()
        self._stack = QStackedWidget()
        for page in (self._empty, self._failure, self.tabs):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self._hops)
        layout.addWidget(self._problem)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._trip)
        self._ticker = QTimer(self, interval=100)
        self._ticker.timeout.connect(self._tick)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()
        self.show_empty()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(420), theme().px(420))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(330), theme().px(160))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        height = self.height() / theme().zoom
        self._trip.set_room(height)
        for part in (self._time, self._size, self._type, self._find, self._copy):
            part.setVisible(
                height >= LOW
            )  # in a low pane they give way to the answer; its text finds and copies

    # What is shown ----------------------------------------------------------------------------

    def show_empty(self) -> None:
        """Nothing was sent yet: show what to press."""
        self.exchange = None
        self._kind = ""
        self._ticker.stop()
        self._head.hide()
        self._hops.hide()
        self._show_insight(None, None)
        self._stack.setCurrentWidget(self._empty)

    def show_server(self, server: ServerState) -> None:
        """What a page that is shown asks of our own server is known as a preview's."""
        self._preview.page.set_own(server.url)

    @property
    def page(self) -> PageView:
        """The page that is previewed."""
        return self._preview.page

    def show_pending(self) -> None:
        """A request is under way; what is shown stays, but for the line above it."""
        self._since = time.monotonic()
        self._ticker.start()

    def show_exchange(
        self,
        exchange: Exchange,
        pretty_text: str = "",
        language: str = "text",
        insight: Insight | None = None,
        tip: Tip | None = None,
    ) -> None:
        """Show what became of a request: ``pretty_text`` is its body to read, in that language.

        ``insight`` is all that is known of it, where this server answered; ``tip`` what to try next.
        """
        self._ticker.stop()
        self.exchange = exchange
        self._show_insight(insight, tip)
        self._time.setText(human_time(exchange.elapsed))
        self._time.setToolTip(f"{exchange.elapsed:.4f} seconds from the first byte sent to the last received")
        self._head.show()
        if exchange.response is None:
            self._show_failure(exchange)
        else:
            self._show_response(exchange, exchange.response, pretty_text, language)
        self._open.setEnabled(exchange.response is not None and exchange.spec.method == "GET")
        self._copy.setEnabled(exchange.response is not None)
        self._find.setEnabled(exchange.response is not None)

    def _show_insight(self, insight: Insight | None, tip: Tip | None) -> None:
        self.insight = insight
        self._trip.show_trip(insight.trip if insight is not None else None, tip)
        self._why.show_insight(insight)
        self._problem.show_insight(insight)
        self._turning = True
        self.tabs.setTabVisible(XRAY, insight is not None)
        self._turning = False

    @property
    def why(self) -> WhyTab:
        """The X-ray tab."""
        return self._why

    def show_why(self) -> None:
        """Turn to the X-ray tab for this answer; the next one is shown as it always is."""
        self._turning = True
        self.tabs.setCurrentIndex(XRAY)
        self._turning = False
        self._problem.set_needed(False)
        self._why.setFocus()

    def find_text(self) -> None:
        """Find words in the text that is shown, else in the body."""
        if self.tabs.currentIndex() not in (PRETTY, RAW, PRINTED):
            self.tabs.setCurrentIndex(PRETTY)
        self._text_view().find_text()

    def copy_body(self) -> None:
        """Put the text that is shown on the clipboard, else the body."""
        QGuiApplication.clipboard().setText(self._text_view().text)

    def _text_view(self) -> BodyView:
        return {RAW: self._raw, PRINTED: self._printed}.get(self.tabs.currentIndex(), self._body)

    # Building ---------------------------------------------------------------------------------

    def _build_head(self) -> None:
        self._status = StatusBadge("response.status", "Status of the answer")
        self._time = _label("time", "Time the answer took")
        self._size = _label("size", "Size of the answer")
        self._type = _label("type", "Content type of the answer")
        self._hops = _label("hops", "Redirects that were followed")
        self._hops.setWordWrap(True)
        for label in (self._time, self._size, self._type):
            mark(label, role="muted")
        mark(self._hops, role="code")
        self._find = _button("find", "Find in what is shown (Ctrl+F)", "search")
        self._copy = _button("copy", "Copy what is shown", "copy")
        self._open = _button("open", "Open in a browser", "external")
        self._find.clicked.connect(self.find_text)
        self._copy.clicked.connect(self.copy_body)
        self._open.clicked.connect(self._open_clicked)
        self._head = QWidget()
        self._row = QHBoxLayout(self._head)
        # a long status never loses its words: the rest moves to the next line
        self._facts = FlowLayout(last_at_end=True)
        for label in (self._status, self._time, self._size, self._type):
            self._facts.addWidget(label)
        self._row.addLayout(self._facts, 1)
        box = QWidget()
        buttons = QHBoxLayout(box)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(2)
        for button in (self._find, self._copy, self._open):
            buttons.addWidget(button)
        self._facts.addWidget(box)

    def _build_tabs(self) -> None:
        self._body = BodyView("response.body", "Body of the answer, laid out")
        self._raw = BodyView("response.raw", "Body of the answer, as it came")
        self._preview = PreviewView()
        self._headers = HeadersTable()
        self._printed = BodyView("response.printed", PRINTED_WORDS)
        self._why = WhyTab()
        self._problem = WhyLine()
        self._problem.asked.connect(self.show_why)
        self._trip = TripBox()
        self._trip.xray_wanted.connect(self.xray_wanted)
        self._trip.place_opened.connect(self.place_opened)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.setObjectName("response.tabs")
        self.tabs.setAccessibleName("Views of the answer")
        mark(self.tabs.tabBar(), tight=True)
        self.tabs.tabBar().setObjectName("response.tabs.bar")
        self.tabs.tabBar().setAccessibleName("Views of the answer")
        self.tabs.addTab(self._body, "Pretty")
        self.tabs.addTab(self._raw, "Raw")
        self.tabs.addTab(self._preview, "Preview")
        self.tabs.addTab(self._headers, "Headers")
        self.tabs.addTab(self._printed, "Printed")
        self.tabs.setTabToolTip(PRINTED, "What the view wrote with print() and to standard error")
        self.tabs.setTabVisible(PRINTED, False)
        self.tabs.addTab(self._why, "X-ray")
        self.tabs.setTabToolTip(XRAY, "Why this is the answer, and what can be done")
        self.tabs.setTabVisible(XRAY, False)
        self.tabs.currentChanged.connect(self._tab_changed)

    # Outcomes ---------------------------------------------------------------------------------

    def _show_failure(self, exchange: Exchange) -> None:
        if exchange.cancelled:
            self._status.show_status("Cancelled", "")
        else:
            self._status.show_status("No answer", "delete")
        self._size.clear()
        self._type.clear()
        self._hops.hide()
        self._failure.sentence.setText(
            "You cancelled this request." if exchange.cancelled else exchange.error
        )
        self._failure.show_printed(exchange.printed)
        self._stack.setCurrentWidget(self._failure)

    def _show_response(self, exchange: Exchange, response: Response, pretty: str, language: str) -> None:
        status = f"{response.status} {response.reason}".strip()
        self._status.show_status(status, status_token(response.status))
        size = len(response.body)
        self._size.setText(human_size(size))
        self._size.setToolTip(f"{size:,} bytes of body")
        self._type.setText(response.content_type)
        self._type.setToolTip(response.header("content-type"))
        self._say_hops(exchange, response)
        if size > LARGE:
            self._body.hold(pretty, language, size)
        else:
            self._body.show_text(pretty, language)
        raw = pretty if language == "hex" else decoded(response)
        self._raw.show_text(raw, "text")
        self._headers.show_pairs(response.headers)
        self.tabs.setTabText(HEADERS, f"Headers {len(response.headers)}")
        self._stack.setCurrentWidget(self.tabs)
        self._show_printed(exchange.printed)
        self._pick_view(_kind_of(response, language))
        self._preview.show_response(response, self._kind)

    def _show_printed(self, text: str) -> None:
        """What the view printed, under a tab of its own where there is something."""
        self._turning = True
        self._printed.show_text(text.removesuffix("\n"), "text")
        self.tabs.setTabText(PRINTED, f"Printed {len(text.splitlines()):,}")
        self.tabs.setTabVisible(PRINTED, bool(text))
        self._turning = False

    def _pick_view(self, kind: str) -> None:
        """Each kind of answer has the view that a person last chose for it.

        Prints go on being read, but for a failure's page: that it was one comes first. Who reads why an
        answer failed, goes on reading that of those that fail, and likewise of those that do not.
        """
        self._kind = kind
        reading = self._reads_printed and self.tabs.isTabVisible(PRINTED) and kind != PAGES[1]
        why = self._reads_why[self._failed] and self.tabs.isTabVisible(XRAY)
        self._turning = True
        self.tabs.setCurrentIndex(
            PRINTED if reading else XRAY if why else self._tab_of_kind.get(kind, PRETTY)
        )
        self._turning = False
        self._problem.set_needed(self.tabs.currentIndex() != XRAY)

    @property
    def _failed(self) -> bool:
        response = self.exchange.response if self.exchange is not None else None
        return response is None or response.status >= 400

    def _tab_changed(self, index: int) -> None:
        if self._turning or not self._kind:
            return
        self._problem.set_needed(index != XRAY)
        self._reads_printed = index == PRINTED
        self._reads_why[self._failed] = index == XRAY
        if index not in (PRINTED, XRAY):
            self._tab_of_kind[self._kind] = index

    def _say_hops(self, exchange: Exchange, response: Response) -> None:
        lines = [_hop_words(hop, exchange.spec.method) for hop in response.hops]
        if response.truncated:
            lines.append(f"The body is longer: only the first {human_size(len(response.body))} were kept.")
        if response.goes_on:
            lines.append(
                f"The answer goes on: this is what came in the first {human_time(exchange.elapsed)} "
                f"({human_size(len(response.body))}). Then the playground stopped listening."
            )
        self._hops.setText("\n".join(lines))
        self._hops.setVisible(bool(lines))

    # Small things -----------------------------------------------------------------------------

    def _tick(self) -> None:
        self._head.show()
        self._status.show_status("Sending…", "")
        self._time.setText(f"{time.monotonic() - self._since:.1f} s")

    def _open_clicked(self) -> None:
        if self.exchange is not None and self.exchange.response is not None:
            self.open_in_browser.emit(self.exchange.response.url)

    def _follow_theme(self) -> None:
        px = theme().px
        self._stack.setMinimumHeight(px(48))  # in a low pane it gives way before what went wrong does
        self._row.setContentsMargins(px(12), px(10), px(8), px(10))
        self._row.setSpacing(px(8))
        self._facts.setSpacing(px(14))
        self._hops.setContentsMargins(px(14), 0, px(12), px(8))
        self._share_room()  # of the same height there is less room when all is enlarged


def _label(name: str, words: str) -> QLabel:
    label = QLabel()
    label.setObjectName(f"response.{name}")
    label.setAccessibleName(words)
    return label


def _button(name: str, words: str, picture: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(f"response.{name}")
    button.setAccessibleName(words)
    button.setToolTip(words)
    set_icon(button, picture, "muted")
    return button


def _kind_of(response: Response, language: str) -> str:
    """What came, as far as the choice of a view goes."""
    if not response.body:
        return "nothing"
    if response.content_type.startswith("image/"):
        return "image"
    if language == "html":
        return PAGES[response.status >= 500]
    return response.content_type or "unknown"


def _hop_words(hop: Hop, method: str) -> str:
    """One redirect, and what it did to a request that was no GET."""
    target = urlsplit(hop.location)
    same_host = target.netloc in ("", urlsplit(hop.url).netloc)
    place = urlunsplit(target._replace(scheme="", netloc="")) if same_host else hop.location
    lost = method not in ("GET", "HEAD") and hop.status in _ASKED_AS_GET
    words = f"{hop.status} → {place}"
    return f"{words}  ({method} became GET, its body was dropped)" if lost else words
