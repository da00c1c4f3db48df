"""The request to send: method, address, and tabs for path values, query, headers and body.

The text of the address is the truth. The path's fields and the query's table are views of it: a change
on either side shows on the other. What was typed is remembered for each route.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.core import address
from playground.core.changes import ServerState
from playground.core.exchanges import BodyKind, RequestSpec
from playground.core.routes import METHODS, Route
from playground.gui.icons import set_icon
from playground.gui.panels.param_fields import ParamFields
from playground.gui.panels.request_body import TITLES, BodyForm
from playground.gui.panels.request_drafts import (
    PATH,
    QUERY,
    Draft,
    Opened,
    draft_of,
    same_request,
    texts_for,
)
from playground.gui.theme import mark, method_colours, theme
from playground.gui.widgets.pairs_table import PairsTable
from playground.gui.widgets.rule_edit import RuleEdit

HEADER_NAMES = (
    "Accept",
    "Accept-Language",
    "Authorization",
    "Cache-Control",
    "Content-Type",
    "Cookie",
    "If-Modified-Since",
    "If-None-Match",
    "Origin",
    "Referer",
    "User-Agent",
    "X-Requested-With",
)
NARROW = 340
"""Pixels of the design below which the address moves under method and button."""
PATIENCE = 0.3
"""Seconds after which a stopwatch shows; most answers are there before."""

NO_ROUTE = "Open a route to fill in its values here, or type any address above."
NO_PARAMS = "This route has no values in its path."
NOT_READ = "The rule of this route can't be read. Type the address above."
STOPPED = "The server is stopped. Start it to get an answer."
RESTRICTED = "Restricted: trust the folder to send."


class RequestPanel(QWidget):
    """``send`` carries the ``RequestSpec``; while busy the same button and keys emit ``cancel``.

    ``copy_curl`` carries the ``RequestSpec`` to put on the clipboard as a command; ``trust_wanted`` when it
    can't be sent because the folder is restricted.
    """

    send = Signal(object)
    copy_curl = Signal(object)
    cancel = Signal()
    trust_wanted = Signal()
    url_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open = Opened()
        self._server = ServerState()
        self._restricted = False
        self._busy = False
        self._narrow = False
        self._syncing = False
        self._since = 0.0
        self._build_row()
        self._build_tabs()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._row)
        layout.addWidget(self._note)
        layout.addWidget(self.tabs, 1)
        self._ticker = QTimer(self, interval=100)
        self._ticker.timeout.connect(self._tick)
        self._connect()
        self._follow_theme()
        self._show_fields({})
        self._show_counts()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(420), theme().px(230))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(280), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Where there is little room, the address has a line of its own."""
        narrow = self.width() < theme().px(NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self._row.removeWidget(self._url)
            self._row.addWidget(self._url, *((1, 0, 1, 5) if narrow else (0, 1)))

    # What is shown ----------------------------------------------------------------------------

    def show_server(self, state: ServerState) -> None:
        """Take note of the server's address, and say when there is none to answer."""
        self._server = state
        self._url.setToolTip(f"A path on {state.url}, or any http address" if state.url else "")
        if state.running and self._note.text() == STOPPED:
            self._say("")

    def show_opened(self) -> None:
        """Another project: what stands in the address was not typed for it."""
        self._url.setModified(False)

    @property
    def in_hand(self) -> bool:
        """Whether somebody is typing an address for the project that is open."""
        return self._url.isModified() and self._url.hasFocus()

    def show_restricted(self, restricted: bool) -> None:
        """Whether nothing of the project may run: a request can be written, and is not sent."""
        if restricted != self._restricted:
            self._restricted = restricted
            self._say("")
            self._enable_send()

    def show_routes(self, routes: tuple[Route, ...]) -> None:
        """Forget what was typed for routes that are gone; follow an edit of the one that is open."""
        known = {route.key: route for route in routes}
        before, self._open.known = self._open.known, frozenset(known)
        self._open.drafts = {key: draft for key, draft in self._open.drafts.items() if key in known}
        current = self._open.route
        if current is None:
            return
        fresh = (route for route in routes if route.key not in before and self._open.is_edit(route))
        now = known.get(current.key) or next(fresh, None)
        if now is not None:
            self.show_route(now)

    def show_route(self, route: Route | None) -> None:
        """Open a route with what was last typed for it; at first with values that will match."""
        old = self._open.route
        if old is not None and route is not None and same_request(old, route):
            self._open.route = route
            return
        if old is not None:
            self._open.drafts[old.key] = self._draft()
        rule = address.read_rule(route.full_rule) if route else None
        edited = self._open.is_edit(route)
        texts = texts_for(rule, keep=self._fields.texts if edited else {})
        self._open.route, self._open.rule = route, rule
        self._show_fields(texts)
        if route is not None:
            self._restore(self._draft_for(route, old if edited else None, texts))

    def set_url(self, url: str) -> None:
        """Put an address in, as if typed."""
        self._url.setText(url)

    def show_spec(self, spec: RequestSpec) -> None:
        """Put a whole request in, as if typed."""
        self._restore(draft_of(spec, self.tabs.currentIndex()))

    def focus_url(self) -> None:
        """Go to the address and select it."""
        self._url.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._url.selectAll()

    def set_busy(self, busy: bool) -> None:
        """A request is under way: Send becomes Cancel, and a stopwatch starts."""
        if busy == self._busy:
            return
        self._busy = busy
        self._send.setText("Cancel" if busy else "Send")
        self._send.setAccessibleName("Cancel request" if busy else "Send request")
        mark(self._send, primary=not busy)
        self._enable_send()
        self._since = time.monotonic()
        if busy:
            self._ticker.start()
        else:
            self._ticker.stop()
        self._stopwatch.hide()

    def spec(self) -> RequestSpec:
        """The request as it stands; the query is in the address."""
        headers = self._headers.pairs()
        form = self._body.form.pairs() if self._body.kind == BodyKind.FORM else ()
        return RequestSpec(
            method=self._method.currentText(),
            url=address.complete(self._url.text()),
            headers=headers,
            body_kind=self._body.kind,
            body=self._body.text,
            form=form,
        )

    def submit(self) -> None:
        """Send; while a request is under way, cancel it."""
        if self._busy:
            self.cancel.emit()
            return
        if self._restricted:
            self._say("")
            self.trust_wanted.emit()
            return
        self._query.commit()
        self._say(STOPPED if not self._server.running and "://" not in self._url.text() else "")
        self.send.emit(self.spec())

    def copy_as_curl(self) -> None:
        """Ask for the request as a curl command on the clipboard."""
        self._query.commit()
        self.copy_curl.emit(self.spec())

    # Building ---------------------------------------------------------------------------------

    def _build_row(self) -> None:
        self._method = QComboBox()
        self._method.setObjectName("request.method")
        self._method.setAccessibleName("Method")
        self._method.addItems(METHODS)
        self._url = RuleEdit()
        self._url.setObjectName("request.url")
        self._url.setAccessibleName("Address")
        self._url.setPlaceholderText("/ or http://…")
        self._url.setText("/")
        self._send = QPushButton("Send")
        self._send.setObjectName("request.send")
        self._send.setAccessibleName("Send request")
        self._send.setToolTip("Send (Ctrl+Enter)")
        self._send.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus where one types
        mark(self._send, primary=True)
        self._curl = QToolButton(autoRaise=True)
        self._curl.setObjectName("request.copy_curl")
        self._curl.setAccessibleName("Copy as curl")
        self._curl.setToolTip("Copy as a curl command, for a terminal")
        set_icon(self._curl, "copy", "muted")
        self._stopwatch = QLabel()
        self._stopwatch.setObjectName("request.stopwatch")
        mark(self._stopwatch, role="code")
        self._note = QLabel(wordWrap=True)
        self._note.setObjectName("request.note")
        self._note.hide()
        mark(self._note, role="muted")
        self._row = QGridLayout()
        self._row.setColumnStretch(1, 1)
        for column, widget in enumerate((self._method, self._url, self._stopwatch, self._send, self._curl)):
            self._row.addWidget(widget, 0, column)
        self._stopwatch.hide()

    def _build_tabs(self) -> None:
        self._fields = ParamFields()
        self._query = PairsTable()
        self._headers = PairsTable(suggestions=HEADER_NAMES)
        self._body = BodyForm()
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.setObjectName("request.tabs")
        self.tabs.setAccessibleName("Parts of the request")
        self.tabs.tabBar().setObjectName("request.tabs.bar")
        self.tabs.tabBar().setAccessibleName("Parts of the request")
        named = (
            (self._fields, "params", "Path values"),
            (self._query, "query", "Query"),
            (self._headers, "headers", "Request headers"),
            (self._body, "", ""),
        )
        for widget, name, words in named:
            if name:
                widget.setObjectName(f"request.{name}")
                widget.setAccessibleName(words)
            self.tabs.addTab(widget, "")

    def _connect(self) -> None:
        self._url.textChanged.connect(self._url_edited)
        self._url.returnPressed.connect(self.submit)
        self._send.clicked.connect(self.submit)
        self._method.currentTextChanged.connect(self._colour_method)
        self._fields.edited.connect(self._fields_edited)
        self._fields.submitted.connect(self.submit)
        self._curl.clicked.connect(self.copy_as_curl)
        self._query.changed.connect(self._query_edited)
        self._headers.changed.connect(self._show_counts)
        self._body.changed.connect(self._show_counts)
        self._body.kind_chosen.connect(self._body_chosen)
        theme().changed.connect(self._follow_theme)

    # Keeping the views in step ----------------------------------------------------------------

    def _url_edited(self, text: str) -> None:
        if not self._syncing:
            self._query.set_pairs(address.pairs_of(text))
            fit = self._fit()
            if fit is not None:
                self._fields.show_texts(fit.texts)
            self._fields.set_detached(self._open.rule is not None and fit is None)
        self._colour_url()
        self._show_counts()
        self.url_changed.emit(text)

    def _fields_edited(self) -> None:
        if self._open.rule is not None:
            path = address.fill(self._open.rule, self._fields.texts)
            query = address.split(self._url.text())[1]
            self._write_url(f"{path}?{query}" if query else path)
            self._fields.set_detached(False)

    def _query_edited(self) -> None:
        self._write_url(address.with_pairs(self._url.text(), self._query.pairs()))

    def _write_url(self, url: str) -> None:
        """Change the address without having the fields and tables read it again."""
        self._syncing = True
        self._url.setText(url)
        self._syncing = False
        self._show_counts()

    def _body_chosen(self, kind: BodyKind) -> None:
        if kind != BodyKind.NONE and self._method.currentText() == "GET":
            self._method.setCurrentText("POST")
            self._say("The method is POST now: a GET request carries no body.")

    def _fit(self) -> address.Fit | None:
        rule = self._open.rule
        return address.fit(rule, self._url.text(), self._server.url) if rule is not None else None

    def _colour_url(self) -> None:
        fit = self._fit()
        self._url.mark(fit.spans if fit else ())

    def _show_counts(self) -> None:
        kind = self._body.kind
        titles = (
            _counted("Path", len(self._fields.texts)),
            _counted("Query", len(self._query.pairs())),
            _counted("Headers", len(self._headers.pairs())),
            "Body" if kind == BodyKind.NONE else f"Body · {TITLES[kind]}",
        )
        for number, title in enumerate(titles):
            self.tabs.setTabText(number, title)

    # One route after the other ----------------------------------------------------------------

    def _show_fields(self, texts: dict[str, str]) -> None:
        rule, route = self._open.rule, self._open.route
        empty = NO_ROUTE if route is None else NO_PARAMS if rule is not None else NOT_READ
        self._fields.show_params(rule.params if rule else (), texts, empty)

    def _draft_for(self, route: Route, before: Route | None, texts: dict[str, str]) -> Draft:
        known = self._open.drafts.get(route.key)
        if known is not None and before is None:
            return known
        rule = self._open.rule
        path = address.fill(rule, texts) if rule is not None else route.full_rule
        if before is not None:  # its rule or methods were edited: all else stays as typed
            draft = self._draft()
            query = address.split(draft.url)[1]
            draft.url = f"{path}?{query}" if query else path
            if draft.method == before.title_method:
                draft.method = route.title_method
            return draft
        first = PATH if texts else QUERY
        return Draft(route.title_method, path, tab=first)

    def _draft(self) -> Draft:
        return Draft(
            self._method.currentText(),
            self._url.text(),
            self._query.rows(),
            self._headers.rows(),
            self._body.state(),
            self.tabs.currentIndex(),
        )

    def _restore(self, draft: Draft) -> None:
        self._say("")
        self._method.setCurrentText(draft.method)
        self._headers.set_rows(draft.headers)
        self._body.restore(*draft.body)
        self._query.set_rows(draft.query)
        self.tabs.setCurrentIndex(draft.tab)
        if self._url.text() == draft.url:
            self._url_edited(draft.url)
        else:
            self._url.setText(draft.url)
        if not self._url.hasFocus():
            self._url.setCursorPosition(0)  # a long address is read from its start

    # Small things -----------------------------------------------------------------------------

    def _say(self, sentence: str) -> None:
        """A sentence under the address; while there is none, why nothing can be sent, if so."""
        shown = sentence or (RESTRICTED if self._restricted else "")
        self._note.setText(shown)
        self._note.setVisible(bool(shown))

    def _enable_send(self) -> None:
        self._send.setEnabled(self._busy or not self._restricted)
        self._send.setAccessibleDescription("" if self._send.isEnabled() else RESTRICTED)

    def _tick(self) -> None:
        seconds = time.monotonic() - self._since
        if seconds >= PATIENCE:
            self._stopwatch.setText(f"{seconds:.1f} s")
            self._stopwatch.show()

    def _colour_method(self) -> None:
        foreground = method_colours(self._method.currentText())[0].name()
        self._method.setStyleSheet(f"QComboBox {{ color: {foreground}; font-weight: bold; }}")

    def _follow_theme(self) -> None:
        px = theme().px
        self._row.setContentsMargins(px(12), px(10), px(12), px(10))
        self._row.setSpacing(px(8))
        self._note.setContentsMargins(px(12), 0, px(12), px(8))
        self.tabs.setMinimumHeight(px(64))  # in a low window they give way before the address does
        for number, method in enumerate(METHODS):
            self._method.setItemData(number, method_colours(method)[0], Qt.ItemDataRole.ForegroundRole)
        mark(self._method, mono=True)
        self._colour_method()
        self._arrange()
        self._send.setMinimumWidth(self._send.fontMetrics().horizontalAdvance("Cancel") + px(30))


def _counted(title: str, count: int) -> str:
    return f"{title} {count}" if count else title
