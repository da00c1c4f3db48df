"""The page of a browser engine, as we allow it: what QtWebEngine may do and what it may not.

Importing this module imports QtWebEngine, which takes a moment and may not be there at all:
``page_view`` imports it when a page is first shown, and does without where that fails.
"""

from __future__ import annotations

import atexit
import uuid
import weakref

import shiboken6
from PySide6.QtCore import QByteArray, QCoreApplication, QObject, Qt, QUrl, Signal, Slot
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from playground.core.trips import CORRELATION, PREVIEW

ALLOWED_SCHEMES = frozenset({"http", "https", "data", "about", "blob"})

_HEADER = QByteArray(CORRELATION.encode())

_SETTINGS = {
    QWebEngineSettings.WebAttribute.JavascriptEnabled: True,
    QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows: False,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls: False,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls: False,
    QWebEngineSettings.WebAttribute.ErrorPageEnabled: False,  # ours is in plain words
    QWebEngineSettings.WebAttribute.FocusOnNavigationEnabled: False,  # a reload must not stop the typing
    QWebEngineSettings.WebAttribute.PluginsEnabled: False,
    QWebEngineSettings.WebAttribute.AutoLoadIconsForPage: False,  # nobody sees it, and it would be traffic
}


class WebPage(QWebEnginePage):
    """A page that opens no window and no file, and says its alerts in ``remark``, not in a dialog."""

    remark = Signal(str)

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        """Follow links within the web only: no page gets to show a file of this computer."""
        if QUrl(url).scheme() in ALLOWED_SCHEMES:
            return True
        self.remark.emit(f"The page asked for {QUrl(url).toDisplayString()}, which a preview doesn't open.")
        return False

    def createWindow(self, kind: QWebEnginePage.WebWindowType) -> QWebEnginePage:
        """Links that ask for a new window open in this one."""
        return self

    def javaScriptAlert(self, origin: QUrl | str, message: str) -> None:
        """An alert becomes a line under the page: a page that reloads while typing must not block."""
        self.remark.emit(f"The page says: {message}")

    def javaScriptConfirm(self, origin: QUrl | str, message: str) -> bool:
        """Answer no; a preview asks nobody."""
        self.remark.emit(f"The page asks: {message} (a preview answers no)")
        return False

    def javaScriptPrompt(self, origin: QUrl | str, message: str, default: str) -> tuple[bool, str]:
        """Answer nothing; a preview asks nobody."""
        self.remark.emit(f"The page asks: {message} (a preview answers nothing)")
        return False, ""

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        line: int,
        source: str,
    ) -> None:
        """Show the page's own errors under it; its other console lines are not for the terminal."""
        if level == QWebEnginePage.JavaScriptConsoleMessageLevel.ErrorMessageLevel:
            self.remark.emit(f"JavaScript: {message}" + (f" (line {line})" if line else ""))


class Marking(QWebEngineUrlRequestInterceptor):
    """Says of requests to our own server that a preview asks; no other host is told.

    A redirect carries the headers on, and nothing can take one off: where it leads elsewhere it is stopped
    here. ``astray`` carries the address to load anew instead; an empty one where that was part of a page,
    whose parts are not marked any more from then on.
    """

    astray = Signal(QUrl)

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._own = ""
        self._parts = True

    def set_own(self, url: str) -> None:
        """The address of our own server; empty while there is none."""
        self._own, self._parts = _origin(QUrl(url)), True

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        is_page = info.resourceType() == QWebEngineUrlRequestInfo.ResourceType.ResourceTypeMainFrame
        url = info.requestUrl()
        if self._own and _origin(url) == self._own:
            if is_page or self._parts:
                info.setHttpHeader(_HEADER, f"{PREVIEW}{uuid.uuid4().hex}".encode())
        elif any(bytes(name.data()) == _HEADER.data() for name in info.httpHeaders()):
            info.block(True)
            self._parts = self._parts and is_page
            if not is_page or info.requestMethod().data() == b"GET":
                self.astray.emit(url if is_page else QUrl())


class WebProfile(QWebEngineProfile):
    """A profile that keeps nothing on disk, caches nothing and downloads nothing."""

    download_refused = Signal(str)

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)  # without a storage name: off the record
        self.marking = Marking(self)
        self.setUrlRequestInterceptor(self.marking)
        self.setHttpCacheType(QWebEngineProfile.HttpCacheType.NoCache)
        for attribute, on in _SETTINGS.items():
            self.settings().setAttribute(attribute, on)
        self.downloadRequested.connect(self._refuse)

    def _refuse(self, request: QWebEngineDownloadRequest) -> None:
        request.cancel()
        self.download_refused.emit(request.downloadFileName())


class WebView(QWebEngineView):
    """A view with its page and profile; ``dispose`` takes them down in the order Chromium needs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        # The profile must outlive the page, which goes with this view: so it is the application's, and
        # is deleted one turn of the event loop after the view.
        self.profile_kept = WebProfile(QCoreApplication.instance())
        self.destroyed.connect(self.profile_kept.deleteLater)
        self.web_page = WebPage(self.profile_kept, self)
        self.web_page.setBackgroundColor(Qt.GlobalColor.white)
        self.setPage(self.web_page)
        queued = Qt.ConnectionType.QueuedConnection  # not while the engine asks what to do with a request
        self.profile_kept.marking.astray.connect(self._load_astray, queued)
        _views.add(self)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    @Slot(QUrl)
    def _load_astray(self, url: QUrl) -> None:
        """A redirect led to another host: go there without a mark, or have the parts of a page without."""
        if url.isEmpty():
            self.web_page.triggerAction(QWebEnginePage.WebAction.Reload)
        else:
            self.web_page.load(url)

    def dispose(self) -> None:
        """Delete this view with its page, and then the profile, now: the application is ending."""
        if shiboken6.isValid(self):
            profile = self.profile_kept
            shiboken6.delete(self)
            if shiboken6.isValid(profile):
                shiboken6.delete(profile)


def _origin(url: QUrl) -> str:
    """Scheme, host and port; empty for what has no host."""
    return f"{url.scheme()}://{url.host()}:{url.port()}" if url.host() else ""


_views: weakref.WeakSet[WebView] = weakref.WeakSet()


@atexit.register
def _dispose_of_all() -> None:
    """Chromium crashes where Python's end finds a page: take them down in order, before Qt goes."""
    for view in list(_views):
        view.dispose()
