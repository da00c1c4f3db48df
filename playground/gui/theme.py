"""The look of the whole application: colour tokens, fonts, zoom, and the one style sheet made of them.

Widgets take colours and sizes from ``theme()`` when they paint and connect to ``theme().changed``; nothing
else in the house knows a colour. ``assets/style.qss`` is written in unscaled pixels and ``$token`` names.
"""

from __future__ import annotations

import dataclasses
import re
import string
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication, QWidget

from playground.core.assets import asset
from playground.gui.tokens import DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST, Tokens

ZOOM_MIN, ZOOM_MAX = 0.8, 3.0
MODES = ("system", "light", "dark")
CONTRASTS = ("system", "normal", "high")

_UI_FAMILIES = ("Noto Sans", "Segoe UI", "SF Pro Text", "SF Pro", "Inter")
_MONO_FAMILIES = ("DejaVu Sans Mono", "Cascadia Mono", "Cascadia Code", "Consolas", "Menlo")


_COLOURED_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_FONT_PROPERTIES = frozenset({"role", "mono", "primary"})
PILLS = (*_COLOURED_METHODS, "HEAD", "OPTIONS")


def _token_of(method: str) -> str:
    return method.lower() if method in _COLOURED_METHODS else "other"


@cache
def _first_family(wanted: tuple[str, ...], fallback: QFontDatabase.SystemFont) -> str:
    for family in wanted:
        if QFontDatabase.hasFamily(family):
            return family
    return QFontInfo(QFontDatabase.systemFont(fallback)).family()


class ThemeKeeper(QObject):
    """Which theme and zoom are on, and everything that is derived from them.

    ``changed`` is emitted after a new theme or zoom has been applied to the application.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._mode = "system"
        self._contrast = "system"
        self._zoom = 1.0
        self._applied: tuple[str, float] | None = None
        self._tokens: Tokens | None = None  # found when first wanted: a picture asks a thousand times
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        hints = app.styleHints()
        if hasattr(hints, "accessibility"):
            hints.accessibility().contrastPreferenceChanged.connect(self._system_changed)

    @property
    def mode(self) -> str:
        """``system``, ``light`` or ``dark``."""
        return self._mode

    @property
    def zoom(self) -> float:
        """1.0 is the size of the design."""
        return self._zoom

    @property
    def is_dark(self) -> bool:
        """What is shown now, whatever the mode."""
        if self._mode == "system":
            return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode == "dark"

    @property
    def contrast(self) -> str:
        """``system``, ``normal`` or ``high``."""
        return self._contrast

    @property
    def is_high(self) -> bool:
        """Whether the contrast that is shown now is the high one, whoever wants it."""
        if self._contrast == "system":
            return _wants_high(self._app.styleHints())
        return self._contrast == "high"

    @property
    def tokens(self) -> Tokens:
        """The colours to paint with now."""
        if self._tokens is None:
            light, dark = (LIGHT_CONTRAST, DARK_CONTRAST) if self.is_high else (LIGHT, DARK)
            self._tokens = dark if self.is_dark else light
        return self._tokens

    def set_mode(self, mode: str) -> None:
        """Switch to ``system``, ``light`` or ``dark``."""
        if mode not in MODES:
            raise ValueError(f"no such theme mode: {mode!r}")
        self._mode = mode
        self.apply()

    def set_contrast(self, contrast: str) -> None:
        """Switch to ``normal`` or ``high``, or to what the ``system`` wants."""
        self.set_look(contrast, self._zoom)

    def set_zoom(self, zoom: float) -> None:
        """Scale everything; values outside of 0.8 to 3.0 go to the nearest end."""
        self.set_look(self._contrast, zoom)

    def set_look(self, contrast: str, zoom: float) -> None:
        """Contrast and zoom in one go: to put the style sheet on takes its time."""
        if contrast not in CONTRASTS:
            raise ValueError(f"no such contrast: {contrast!r}")
        self._contrast = contrast
        self._zoom = round(min(ZOOM_MAX, max(ZOOM_MIN, zoom)), 2)
        self.apply()

    def px(self, pixels: float) -> int:
        """That many pixels of the design at this zoom; never less than one."""
        return max(1, round(pixels * self._zoom))

    def stroke(self, pixels: float = 1) -> int:
        """The width of a line that is painted: of so many pixels at every zoom, one more in high contrast."""
        return round(pixels) + self.is_high

    def colour(self, token: str) -> QColor:
        """A token by name, to paint with."""
        return QColor(getattr(self.tokens, token))

    def ui(self, size: float = 13, bold: bool = False) -> QFont:
        """The interface font; ``size`` is in pixels of the design."""
        font = QFont(_first_family(_UI_FAMILIES, QFontDatabase.SystemFont.GeneralFont))
        font.setPixelSize(self.px(size))
        font.setBold(bold)
        return font

    def mono(self, size: float = 12) -> QFont:
        """The font of code, rules and addresses."""
        font = QFont(_first_family(_MONO_FAMILIES, QFontDatabase.SystemFont.FixedFont))
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setFixedPitch(True)
        font.setPixelSize(self.px(size))
        return font

    def apply(self) -> None:
        """Put palette, font and style sheet on the application, when they are not there yet."""
        self._tokens = None
        wanted = (self.tokens.name, self._zoom)
        if wanted == self._applied:
            return
        if self._applied is None:
            self._app.setStyle("Fusion")
        self._applied = wanted
        # To replace one takes Qt ten times as long as to take it off and put it on.
        self._app.setStyleSheet("")
        self._app.setPalette(_palette(self.tokens))
        self._app.setFont(self.ui())
        self._app.setStyleSheet(self.style_sheet())
        self.changed.emit()

    @contextmanager
    def composing(self) -> Iterator[None]:
        """Leave the style sheet off while a window is put together.

        With it on, Qt styles a widget and all that is in it anew each time that it gets a parent: half of the
        time that the window took. This way each is styled once.
        """
        self._app.setStyleSheet("")
        try:
            yield
        finally:
            self._app.setStyleSheet(self.style_sheet())

    def style_sheet(self) -> str:
        """The one style sheet, for this theme at this zoom."""
        values = dataclasses.asdict(self.tokens)
        values["mono_family"] = self.mono().family()
        values["images"] = asset("icons", "controls", self.tokens.name).as_posix()
        sheet = _bolder(_sheet_template()) if self.is_high else _sheet_template()
        sheet = re.sub(r"\b(\d+)px", lambda found: f"{self.px(int(found[1]))}px", sheet)
        return string.Template(sheet).substitute(values)

    @Slot()
    def _system_changed(self) -> None:
        if "system" in (self._mode, self._contrast):
            self.apply()


def _wants_high(hints: QStyleHints) -> bool:
    """Whether the system asks for high contrast; older versions of Qt do not know.

    The hints are held here: PySide takes what it got from them for deleted as soon as they are let go.
    """
    if not hasattr(hints, "accessibility"):
        return False
    return hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


def _bolder(sheet: str) -> str:
    """Every line a pixel thicker, frames and the ring around what has the focus alike, so that none moves;
    and what is chosen by its tint alone has a frame."""
    sheet = re.sub(r"border-color: \$(\w+)_tint", r"border-color: $\1", sheet)
    return re.sub(r"\b(\d+)px (?=solid|dashed)", lambda found: f"{int(found[1]) + 1}px ", sheet)


@cache
def _sheet_template() -> str:
    pill = (
        'QPushButton[pill="{0}"]:checked {{ background: ${1}_tint; color: ${1}; border-color: ${1}_tint; }}\n'
    )
    pills = (pill.format(method, _token_of(method)) for method in PILLS)
    before, heading, after = asset("style.qss").read_text(encoding="utf-8").partition("/* Methods */\n")
    return f"{before}{heading}{''.join(pills)}{after}"


def _palette(tokens: Tokens) -> QPalette:
    """The palette that Fusion and the widgets which paint themselves go by."""
    role = QPalette.ColorRole
    palette = QPalette()
    colours = {
        role.Window: tokens.panel,
        role.WindowText: tokens.text,
        role.Base: tokens.panel,
        role.AlternateBase: tokens.sunken,
        role.Text: tokens.text,
        role.Button: tokens.panel,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.error,
        role.ToolTipBase: tokens.panel,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.keyword,
        role.Accent: tokens.accent,
        role.Light: tokens.panel,
        role.Midlight: tokens.sunken,
        role.Mid: tokens.line,
        role.Dark: tokens.line,
        role.Shadow: tokens.line,
    }
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.muted))
    return palette


_keeper: ThemeKeeper | None = None


def theme() -> ThemeKeeper:
    """The application's one theme keeper, made and applied at first use; needs a QApplication."""
    global _keeper
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("theme() needs a QApplication")
    if _keeper is None or _keeper._app is not app:
        _keeper = ThemeKeeper(app)
        _keeper.apply()
    return _keeper


def method_colours(method: str) -> tuple[QColor, QColor]:
    """Text and ground of a method's badge; methods without a colour of their own are grey."""
    token = _token_of(method.upper())
    return theme().colour(token), theme().colour(f"{token}_tint")


def mark(widget: QWidget, **properties: str | bool) -> None:
    """Set the properties that the style sheet looks at (``role="muted"``, ``primary=True``) and restyle.

    A widget that has them already is let be: restyling takes long, and keys ask for it again and again.

    The vocabulary is at the top of ``assets/style.qss``. For a monospaced widget prefer ``mono=True`` to
    ``setFont``: a font that was set has to be set again on each ``theme().changed``.
    """
    if all(widget.property(name) == value for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    if "surface" in properties:
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # earlier, Qt will look by itself
        font = widget.font()
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        if font != widget.font() and _FONT_PROPERTIES.isdisjoint(
            properties
        ):  # polishing takes away a font of the widget's own
            widget.setFont(font)
        widget.update()
