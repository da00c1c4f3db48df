"""The page of a browser engine, as we allow it: what QtWebEngine may do and what it may not.

Importing this module imports QtWebEngine, which takes a moment and may not be there at all:
``page_view`` imports it when a page is first shown, and does without where that fails.
"""

from __future__ import annotations

import atexit
import weakref

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, QUrl, Signal
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

ALLOWED_SCHEMES = frozenset({"http", "https", "data", "about", "blob"})

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


class Watching(QWebEngineUrlRequestInterceptor):
    """``asked`` tells the method and the path of what is about to be asked of our own server.

    Nothing is added to the request itself: a redirect would carry that on to other hosts, and no way to stop
    it there is in time always.
    """

    asked = Signal(str, str)

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._own = ""

    def set_own(self, url: str) -> None:
        """The address of our own server; empty while there is none."""
        self._own = _origin(QUrl(url))

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """On the window's thread, before the request is sent."""
        url = info.requestUrl()
        if self._own and _origin(url) == self._own:
            encoded = QUrl.ComponentFormattingOption.FullyEncoded
            path = url.path(encoded) or "/"
            query = f"?{url.query(encoded)}" if url.hasQuery() else ""
            self.asked.emit(bytes(info.requestMethod().data()).decode(), path + query)


class WebProfile(QWebEngineProfile):
    """A profile that keeps nothing on disk, caches nothing and downloads nothing."""

    download_refused = Signal(str)

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)  # without a storage name: off the record
        self.watching = Watching(self)
        self.setUrlRequestInterceptor(self.watching)
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
        _views.add(self)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

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
