"""Methods as coloured badges and rules with coloured parameters: painted in lists, shown as a label.

Colour never says it alone: a badge always holds the method's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from playground.gui.rule_text import rule_pieces, short_method
from playground.gui.theme import method_colours, theme

_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def badge_size() -> QSize:
    """The size of every badge at this zoom; all methods take the same room."""
    return QSize(theme().px(38), theme().px(17))


def badge_font() -> QFont:
    """Small, bold, monospaced."""
    font = theme().mono(10)
    font.setBold(True)
    return font


def paint_badge(painter: QPainter, rect: QRect, method: str) -> None:
    """Paint one badge so that it fills the rectangle; no method paints none."""
    if not method:
        return
    ink, ground = method_colours(method)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(rect), theme().px(4), theme().px(4))
    painter.setPen(ink)
    painter.setFont(badge_font())
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, short_method(method))
    painter.restore()


def badge_icon(method: str) -> QIcon:
    """The badge as an icon, for tabs; an empty one for no method."""
    ratio = 2
    picture = QPixmap(badge_size() * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_badge(painter, QRect(QPoint(), badge_size()), method)
    painter.end()
    return QIcon(picture) if method else QIcon()


def paint_methods(painter: QPainter, row: QRect, left: int, methods: tuple[str, ...]) -> int:
    """Paint the first method's badge and how many more there are; returns where to go on."""
    size = badge_size()
    badge = QRect(left, row.center().y() - size.height() // 2, size.width(), size.height())
    paint_badge(painter, badge, methods[0] if methods else "GET")
    end = badge.right() + 1
    if len(methods) > 1:
        painter.setFont(badge_font())
        painter.setPen(theme().colour("muted"))
        more = f"+{len(methods) - 1}"
        width = painter.fontMetrics().horizontalAdvance(more)
        painter.drawText(QRect(end + theme().px(4), row.top(), width, row.height()), _MIDDLE, more)
        end += theme().px(4) + width
    return end + theme().px(8)


def paint_rule(painter: QPainter, rect: QRect, rule: str, ink: QColor | None = None) -> int:
    """Paint a rule in one line, parameters in their colour, elided where it is too long.

    Uses the painter's font. Returns the x at which the text ends.
    """
    metrics = painter.fontMetrics()
    x = rect.left()
    for piece, is_parameter in _elided(rule_pieces(rule), metrics, rect.width()):
        painter.setPen(theme().colour("parameter") if is_parameter else ink or theme().colour("text"))
        painter.drawText(QRect(x, rect.top(), rect.right() + 1 - x, rect.height()), _MIDDLE, piece)
        x += metrics.horizontalAdvance(piece)
    return x


def _elided(
    pieces: Sequence[tuple[str, bool]], metrics: QFontMetrics, room: int
) -> Iterator[tuple[str, bool]]:
    """The pieces as far as there is room for all of them together; the last one that shows ends in "…"."""
    whole = "".join(piece for piece, _ in pieces)
    shown = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, max(room, 0))
    at = 0
    for piece, is_parameter in pieces:
        part = shown[at : at + len(piece)]
        at += len(piece)
        if part:
            yield part, is_parameter


def paint_row_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Paint what is behind a list row: the selection's tint and bar, the hover, the focus ring."""
    keeper = theme()
    rect, state = option.rect, option.state
    painter.fillRect(rect, keeper.colour("panel"))
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, keeper.colour("accent_tint"))
        painter.fillRect(QRect(rect.left(), rect.top(), keeper.px(3), rect.height()), keeper.colour("accent"))
    elif state & QStyle.StateFlag.State_MouseOver and state & QStyle.StateFlag.State_Enabled:
        painter.fillRect(rect, keeper.colour("background"))
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(keeper.colour("accent"))
        painter.drawRect(rect.adjusted(0, 0, -1, -1))


class MethodBadge(QWidget):
    """A badge as a widget; its accessible name is the method in full."""

    def __init__(self, method: str = "GET", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._method = ""
        self.set_method(method)
        theme().changed.connect(self._fit)
        self._fit()

    @property
    def method(self) -> str:
        """The method shown."""
        return self._method

    def set_method(self, method: str) -> None:
        """Show another method."""
        self._method = method
        self.setAccessibleName(method)
        self.update()

    def sizeHint(self) -> QSize:
        return badge_size()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, self.rect(), self._method)
        painter.end()

    def _fit(self) -> None:
        self.setFixedSize(badge_size())
        self.update()
