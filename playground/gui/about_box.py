"""What the About box looks like: the icon and version, the parts with their licences, and the folders."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot, qVersion
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from playground import __version__
from playground.core.bundle import is_bundle, portable_home
from playground.gui.icons import app_icon
from playground.gui.theme import theme
from playground.gui.widgets.named import named_button, named_label
from playground.session.parts import Part, parts, versions_in_words

ICON = 64
WHAT = "Teach, learn and prototype with Flask, on ordinary Flask folders."
OWN = "Free software under the MIT licence. No account, no telemetry: it asks no server but those you ask."
QT = (
    "Qt and PySide6 are used as libraries under the GNU Lesser General Public License, version 3. You may "
    "exchange them for versions of your own; their source is at code.qt.io. The preview (QtWebEngine) has "
    "Chromium in it, with the licences of its parts."
)
PORTABLE = "Portable: everything is kept beside the program."
INSTALLED = "Settings, recent projects, trust and the log are kept for you alone, in this folder."


def made_of() -> tuple[tuple[Part, ...], str]:
    """The parts, and all versions in words; on a lane."""
    return (Part("Qt", qVersion(), "LGPL-3.0-only"), *parts()), versions_in_words(f"Qt {qVersion()}")


class AboutBox(QDialog):
    """``folder_wanted`` with a folder that is to be shown."""

    folder_wanted = Signal(str)

    def __init__(self, home: str, projects: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setWindowTitle("About Route Playground")
        self.setAccessibleName("About Route Playground")
        self._versions = ""
        self._icon = QLabel()
        self._table = self._parts_table()
        self._copy = named_button("about.copy", "Copy the versions")
        self._copy.setEnabled(False)
        self._copy.clicked.connect(self._copy_versions)
        close = named_button("about.close", "Close")
        close.clicked.connect(self.hide)
        buttons = self._buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.addLayout(self._head())
        self._column.addWidget(self._table, 1)
        self._column.addWidget(named_label("about.qt", "The licence of Qt", "muted", QT))
        self._column.addLayout(self._places(home, projects))
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self._scrolled(inside), 1)
        self._outer.addLayout(buttons)
        close.setFocus()
        theme().changed.connect(self._follow_theme)
        self._follow_theme()

    @staticmethod
    def _scrolled(inside: QWidget) -> QScrollArea:
        scroll = QScrollArea()
        scroll.setObjectName("about.all")
        scroll.setAccessibleName("About Route Playground")
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        return scroll

    def _head(self) -> QHBoxLayout:
        words = QVBoxLayout()
        title = f"Route Playground {__version__}" + (" (bundle)" if is_bundle() else "")
        words.addWidget(named_label("about.version", "Version", "heading", title))
        words.addWidget(named_label("about.what", "What it is", "", WHAT))
        words.addWidget(named_label("about.licence", "Licence", "muted", OWN))
        head = QHBoxLayout()
        self._icon.setAccessibleName("Icon")
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        head.setSpacing(theme().px(16))
        return head

    def _places(self, home: str, projects: str) -> QGridLayout:
        grid = QGridLayout()
        kept = PORTABLE if portable_home() is not None else INSTALLED
        grid.addWidget(named_label("about.kept", "Where things are kept", "muted", kept), 0, 0, 1, 3)
        places = (("about.home", "Settings and log", home), ("about.projects", "New projects", projects))
        for row, (name, what, folder) in enumerate(places, 1):
            label = named_label(name, what, "code", folder)
            button = named_button(f"{name}.open", "Open the folder")
            button.setAccessibleName(f"Open the folder: {what.lower()}")
            button.clicked.connect(lambda _=False, folder=folder: self.folder_wanted.emit(folder))
            grid.addWidget(QLabel(what), row, 0)
            grid.addWidget(label, row, 1)
            grid.addWidget(button, row, 2)
        grid.setColumnStretch(1, 1)
        return grid

    @staticmethod
    def _parts_table() -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setObjectName("about.parts")
        table.setAccessibleName("Parts with their versions and licences")
        table.setHorizontalHeaderLabels(["Part", "Version", "Licence"])
        table.verticalHeader().hide()
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setStretchLastSection(True)
        return table

    def show_parts(self, made: tuple[tuple[Part, ...], str]) -> None:
        """What it is made of, and the same in words for the clipboard."""
        found, self._versions = made
        self._table.setRowCount(len(found))
        for row, part in enumerate(found):
            for column, text in enumerate((part.name, part.version, part.licence)):
                self._table.setItem(row, column, QTableWidgetItem(text))
        self._copy.setEnabled(True)

    @Slot()
    def _copy_versions(self) -> None:
        QGuiApplication.clipboard().setText(self._versions)
        self._copy.setText("Copied")

    @Slot()
    def _follow_theme(self) -> None:
        px = theme().px
        self._icon.setPixmap(_picture(px(ICON)))
        self._column.setContentsMargins(px(22), px(20), px(22), 0)
        self._column.setSpacing(px(12))
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(px(12))
        self._buttons.setContentsMargins(px(22), 0, px(22), px(16))
        self._table.verticalHeader().setDefaultSectionSize(px(26))
        self._table.setMinimumHeight(px(200))
        self.resize(QSize(px(620), px(600)).boundedTo(self.screen().availableSize() * 0.9))


def _picture(pixels: int) -> QPixmap:
    return app_icon().pixmap(QSize(pixels, pixels))
