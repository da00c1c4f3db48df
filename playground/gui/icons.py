"""Our own line icons, tinted from the theme's tokens.

An icon is drawn from ``assets/icons/NAME.svg``, in which ``currentColor`` stands for the tint.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from playground.core.assets import asset
from playground.gui.theme import theme

SIZE = 16
"""Icons are drawn for this many pixels of the design; nothing shows a larger one."""
_APP_SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256)
"""Larger ones are for the files that the system shows; a window would send them to the screen in vain."""


def icon(name: str, colour_token: str = "text") -> QIcon:
    """The icon in the colour of that token now; muted where it is disabled.

    A widget that keeps one calls this again on ``theme().changed``, or uses ``set_icon``.
    """
    made = QIcon(pixmap(name, colour_token, theme().px(SIZE)))
    made.addPixmap(pixmap(name, "muted", theme().px(SIZE)), QIcon.Mode.Disabled)
    return made


def app_icon() -> QIcon:
    """The application's icon for windows and task bars; it has its own colours, on any background."""
    made, drawing = QIcon(), QSvgRenderer(str(asset("app-icon.svg")))
    for size in _APP_SIZES:
        picture = QPixmap(size, size)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            drawing.render(painter)
        made.addPixmap(picture)
    return made


def pixmap(name: str, colour_token: str, pixels: int) -> QPixmap:
    """The icon as a picture of that many (device independent) pixels square."""
    screen = QGuiApplication.primaryScreen()
    ratio = screen.devicePixelRatio() if screen else 1.0
    picture = QPixmap(round(pixels * ratio), round(pixels * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    source = _source(name).replace("currentColor", theme().colour(colour_token).name())
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def set_icon(target: QAbstractButton | QAction, name: str, colour_token: str = "text") -> None:
    """Give a button or an action an icon that follows theme and zoom from now on."""
    old = target.findChild(_Tint, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if old is None:
        _Tint(target, name, colour_token)
    else:
        old.change(name, colour_token)


class _Tint(QObject):
    """Keeps the icon of its parent in the theme's colours."""

    def __init__(self, target: QAbstractButton | QAction, name: str, token: str) -> None:
        super().__init__(target)
        self._target = target
        self._name, self._token = name, token
        self._draw()
        theme().changed.connect(self._draw)

    def change(self, name: str, token: str) -> None:
        """Show another icon."""
        if (name, token) != (self._name, self._token):
            self._name, self._token = name, token
            self._draw()

    @Slot()
    def _draw(self) -> None:
        self._target.setIcon(icon(self._name, self._token))
        if isinstance(self._target, QAbstractButton):
            side = theme().px(SIZE)
            self._target.setIconSize(QSize(side, side))


@cache
def _source(name: str) -> str:
    return asset("icons", f"{name}.svg").read_text(encoding="utf-8")
