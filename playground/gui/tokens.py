"""The colours of the themes, and which of them stand upon which.

Nothing else in the house knows a colour. ``tests/gui/test_contrast.py`` computes the contrast of every pair:
those of the style sheet, which it reads from its rules, and those that widgets paint by themselves, which
``PAINTED`` lists.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme as ``#rrggbb``; ``get`` colours GET's words, ``get_tint`` their ground.

    ``line`` parts one thing from another and may be faint; ``edge`` is the border of what one types into or
    ticks, which has to be seen; ``hover`` is the ground of what the mouse is over.
    """

    name: str
    background: str
    panel: str
    sunken: str
    line: str
    edge: str
    hover: str
    text: str
    muted: str
    accent: str
    accent_tint: str
    on_accent: str
    get: str
    get_tint: str
    post: str
    post_tint: str
    put: str
    put_tint: str
    patch: str
    patch_tint: str
    delete: str
    delete_tint: str
    other: str
    other_tint: str
    parameter: str
    parameter_tint: str
    string: str
    keyword: str

    @property
    def error(self) -> str:
        """The colour of what is wrong; never used without a sign or a word beside it."""
        return self.delete


LIGHT = Tokens(
    name="light",
    background="#f4f5f6",
    panel="#ffffff",
    sunken="#f8f9fa",
    line="#e2e5e8",
    edge="#818a94",  # 3:1 on every ground, as WCAG wants it of the border of an input
    hover="#eceef0",
    text="#1d2127",
    muted="#646c76",
    accent="#0b7285",
    accent_tint="#e3f3f5",
    on_accent="#ffffff",
    get="#197b48",  # the design's #1a7f4b has 4.43:1 on its tint, a touch under AA
    get_tint="#e3f5ea",
    post="#1c5fb8",
    post_tint="#e4eefb",
    put="#996100",  # the design's #9a6200 has 4.47:1 on the accent's tint
    put_tint="#fbf0dc",
    patch="#6f42c1",
    patch_tint="#efe8fb",
    delete="#c0262d",
    delete_tint="#fce7e8",
    other="#4f5761",
    other_tint="#eceef0",
    parameter="#b0520a",
    parameter_tint="#fbf0dc",
    string="#0a7a42",
    keyword="#8a2bb3",
)

DARK = Tokens(
    name="dark",
    background="#15181c",
    panel="#1c2025",
    sunken="#181b20",
    line="#2b3037",
    edge="#707a86",
    hover="#2b3037",
    text="#e4e7eb",
    muted="#9aa3ae",
    accent="#3fbac6",
    accent_tint="#15343a",
    on_accent="#15181c",
    get="#4cc38a",
    get_tint="#16352a",
    post="#6ea8fe",
    post_tint="#172c4a",
    put="#e0a84b",
    put_tint="#3a2c12",
    patch="#b592f3",
    patch_tint="#2c2147",
    delete="#f0787e",
    delete_tint="#43191c",
    other="#b4bcc6",
    other_tint="#2b3037",
    parameter="#f0a15e",
    parameter_tint="#3a2c12",
    string="#7bd09a",
    keyword="#d19bf0",
)

LIGHT_CONTRAST = Tokens(
    name="light-contrast",
    background="#ffffff",
    panel="#ffffff",
    sunken="#f6f7f8",
    line="#5a626c",
    edge="#2f353c",
    hover="#e6e9ec",
    text="#000000",
    muted="#3f454d",
    accent="#00505f",
    accent_tint="#dcf1f4",
    on_accent="#ffffff",
    get="#00512a",
    get_tint="#e3f5ea",
    post="#0a3f87",
    post_tint="#e4eefb",
    put="#5f3b00",
    put_tint="#fbf0dc",
    patch="#4a2590",
    patch_tint="#efe8fb",
    delete="#8c0d16",
    delete_tint="#fce7e8",
    other="#363c44",
    other_tint="#eceef0",
    parameter="#743300",
    parameter_tint="#fbf0dc",
    string="#00512a",
    keyword="#641b88",
)
"""For projectors and for eyes that need it: all words 7:1 and more on their ground, lines that are seen."""

DARK_CONTRAST = Tokens(
    name="dark-contrast",
    background="#000000",
    panel="#000000",
    sunken="#0b0d0f",
    line="#aab2bc",
    edge="#dfe4ea",
    hover="#2a2f36",
    text="#ffffff",
    muted="#d3d9e0",
    accent="#62e3f0",
    accent_tint="#0d3239",
    on_accent="#000000",
    get="#72e6ac",
    get_tint="#0f2a1f",
    post="#a9cbff",
    post_tint="#122340",
    put="#ffcb70",
    put_tint="#33260c",
    patch="#d6c0ff",
    patch_tint="#251b40",
    delete="#ffb1b4",
    delete_tint="#3a1115",
    other="#dbe1e8",
    other_tint="#22262c",
    parameter="#ffc48f",
    parameter_tint="#33260c",
    string="#a5f0bd",
    keyword="#e9c6ff",
)

THEMES = (LIGHT, DARK, LIGHT_CONTRAST, DARK_CONTRAST)

_CODE = "text muted accent string keyword parameter post"
_BADGES = tuple(f"{name} on {name}_tint" for name in ("get", "post", "put", "patch", "delete", "other"))

PAINTED: dict[str, tuple[str, ...]] = {
    "panels/frame_code": ("mark accent error on sunken accent_tint",),
    "panels/map_items": (
        *_BADGES,
        "text muted get post put delete error on panel",
        "text muted on sunken",
        "text accent on accent_tint",
        "text on get_tint post_tint put_tint patch_tint delete_tint other_tint",
        "parameter text on parameter_tint",
        "mark accent muted on panel",
        "line line on panel",
    ),
    "panels/map_pulses": ("mark get post put patch delete accent on panel",),
    "panels/map_view": ("text on panel",),
    "panels/param_fields": ("muted parameter on panel sunken",),
    "panels/preview": ("mark get on panel",),
    "panels/routes_table": ("muted text on panel accent_tint",),
    "panels/share_code": ("line line on panel",),
    "panels/share_page": ("mark get on panel background",),
    "panels/share_rows": (
        "text muted get put delete on panel accent_tint",
        "mark accent on panel",
        "line line on panel",
    ),
    "panels/shell_output": (f"{_CODE} delete error get put on panel sunken",),
    "panels/side_bar_rows": ("muted error parameter string delete text on panel background accent_tint",),
    "panels/status": ("mark get put on panel",),
    "panels/stepper_code": (f"{_CODE} on sunken accent_tint", "mark accent on sunken"),
    "panels/template_variables": ("parameter muted string text on panel accent_tint sunken",),
    "panels/traffic_painting": (
        *_BADGES,
        "text muted on panel sunken accent_tint",
        "mark accent on panel",
        "line line on panel",
    ),
    "panels/welcome": ("muted text accent parameter on panel background", "mark accent on background"),
    "palette": ("text muted on panel accent_tint sunken",),
    "icons": ("mark text muted accent get put delete error on panel background sunken accent_tint hover",),
    "widgets/badge": (
        *_BADGES,
        "muted text parameter on panel accent_tint background",
        "mark accent on panel background",
    ),
    "widgets/big_text": (
        f"{_CODE} on panel parameter_tint sunken",
        "on_accent on accent",
        "mark accent text on panel",
    ),
    "widgets/code_editor": (
        f"{_CODE} on panel sunken parameter_tint",
        "text on hover",
        "on_accent on accent",
        "mark put error on panel sunken",
    ),
    "widgets/code_margin": ("muted text put error on sunken",),
    "widgets/completion": ("text muted on panel accent_tint", "mark accent on panel"),
    "widgets/diff_text": (
        "get text on get_tint",
        "delete text on delete_tint",
        "accent muted text on sunken panel",
        "text on accent_tint",
        "mark get on get_tint",
        "mark delete on delete_tint",
    ),
    "widgets/highlight": (f"{_CODE} on panel sunken parameter_tint accent_tint",),
    "widgets/hint": ("mark accent on panel background",),
    "widgets/rule_edit": ("parameter on parameter_tint", "error text on panel"),
    "widgets/span_table": ("text muted on panel accent_tint", "mark accent on panel", "line line on panel"),
    "widgets/spans": (f"{_CODE} get put delete error on panel accent_tint sunken",),
    "widgets/status_badge": _BADGES,
}
"""What widgets paint with by themselves, by module: words on their grounds; ``mark`` stands before what is no
word (rings, dots, underlines, icons), ``line`` before what merely parts one thing from another."""
