"""How the rows of the side bar are painted: sections, owners, routes, templates, files and notes."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from playground.core.changes import TemplateInfo
from playground.core.routes import Owner, Route
from playground.gui.icons import pixmap
from playground.gui.panels.route_note import icon_of
from playground.gui.panels.side_bar_groups import Row, RowKind
from playground.gui.panels.side_bar_model import Role
from playground.gui.theme import theme
from playground.gui.widgets.badge import paint_methods, paint_row_ground, paint_rule

_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignRight
_MARKS = {"M": "parameter", "A": "string", "U": "string", "D": "delete", "!": "delete"}
ROW_HEIGHT = 24


def section_rect(row: QRect) -> QRect:
    """Where a section's title stands: a little low in its row, away from the section above."""
    return row.adjusted(0, theme().px(3), 0, theme().px(3) - theme().px(2))


class SideBarRows(QStyledItemDelegate):
    """Paints each kind of row; all have one height, which keeps 10,000 of them quick."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme().px(160), theme().px(ROW_HEIGHT))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: Row = index.data(Role.ROW)
        painter.save()
        paint_row_ground(painter, option)
        option.rect = _paint_mark(painter, option.rect, index.data(Role.MARK))
        if row.kind is RowKind.OWNER:
            view = option.widget
            is_open = isinstance(view, QTreeView) and view.isExpanded(index)
            _paint_owner(painter, option.rect, row.value, is_open)
        elif row.kind is RowKind.ROUTE:
            _paint_route(painter, option.rect, row.value)
        elif row.kind is RowKind.SECTION:
            _paint_section(painter, option.rect, row.text)
        else:
            _paint_name(painter, option.rect, row)
        painter.restore()


def _paint_mark(painter: QPainter, rect: QRect, letter: str) -> QRect:
    """The letter of git at the end of a row; returns the room that is left."""
    if not letter:
        return rect
    px = theme().px
    painter.setFont(theme().mono(11))
    painter.setPen(theme().colour(_MARKS[letter]))
    painter.drawText(rect.adjusted(0, 0, -px(8), 0), Qt.AlignmentFlag.AlignVCenter | _RIGHT, letter)
    return rect.adjusted(0, 0, -px(14), 0)


def _paint_section(painter: QPainter, rect: QRect, title: str) -> None:
    font = theme().ui(11, bold=True)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, theme().px(10) / 10)
    painter.setFont(font)
    painter.setPen(theme().colour("muted"))
    painter.drawText(section_rect(rect).adjusted(theme().px(12), 0, 0, 0), _MIDDLE, title.upper())


def _paint_owner(painter: QPainter, rect: QRect, owner: Owner, is_open: bool) -> None:
    px = theme().px
    arrow = pixmap("chevron-down" if is_open else "chevron-right", "muted", px(10))
    painter.drawPixmap(rect.left() + px(10), rect.center().y() - px(5) + 1, arrow)
    x = _write(painter, rect, rect.left() + px(23), owner.name, font=theme().ui())
    if owner.prefix:
        x = _write(painter, rect, x + px(8), owner.prefix, font=theme().mono(11))
    if owner.kind == "blueprint":
        detail = f"blueprint · {owner.file}" if owner.file else "blueprint"
        if not owner.registered:
            x = _write(painter, rect, x + px(8), "not registered", font=theme().ui(11), token="error")
        _write(painter, rect, x + px(8), detail, font=theme().ui(11))


def _write(painter: QPainter, rect: QRect, x: int, text: str, *, font: QFont, token: str = "muted") -> int:
    """Write one word group, elided at the row's end; returns where it ends."""
    painter.setFont(font)
    painter.setPen(theme().colour(token))
    room = rect.right() - theme().px(8) - x
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(room, 0))
    painter.drawText(QRect(x, rect.top(), max(room, 0), rect.height()), _MIDDLE, shown)
    return x + painter.fontMetrics().horizontalAdvance(shown)


def _paint_route(painter: QPainter, rect: QRect, route: Route) -> None:
    px = theme().px
    left = paint_methods(painter, rect, rect.left() + px(24), route.methods)
    right = rect.right() - px(8)
    icon = icon_of(route)
    if icon:
        right -= px(16)
        painter.drawPixmap(right + px(3), rect.center().y() - px(6) + 1, pixmap(icon, "muted", px(12)))
    if route.live is False:
        right = _write_at_end(painter, rect, right, "not live")
    painter.setFont(theme().mono())
    is_calm = route.live is False or not route.in_source
    ink = theme().colour("muted") if is_calm else None
    paint_rule(painter, QRect(left, rect.top(), right - left, rect.height()), route.full_rule, ink)


def _write_at_end(painter: QPainter, rect: QRect, right: int, words: str) -> int:
    """Write a muted word that ends there; returns where it begins."""
    painter.setFont(theme().ui(11))
    painter.setPen(theme().colour("muted"))
    width = painter.fontMetrics().horizontalAdvance(words)
    painter.drawText(QRect(right - width, rect.top(), width + 1, rect.height()), _MIDDLE, words)
    return right - width - theme().px(6)


def _paint_name(painter: QPainter, rect: QRect, row: Row) -> None:
    """Templates, files and notes: one line of interface text."""
    px = theme().px
    left = rect.left() + px(12)
    token = "muted" if row.kind is RowKind.NOTE else "text"
    if isinstance(row.value, TemplateInfo) and row.value.problem is not None:
        painter.drawPixmap(
            rect.right() - px(20), rect.center().y() - px(6) + 1, pixmap("warning", "error", px(12))
        )
        rect = rect.adjusted(0, 0, -px(16), 0)
    _write(painter, rect, left, row.text, font=theme().ui(), token=token)
