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
    hover="#eaecef",
    text="#1d2127",
    muted="#646c76",
    accent="#0b7285",
    accent_tint="#e3f3f5",
    on_accent="#ffffff",
    get="#197b48",  # the design's #1a7f4b has 4.43:1 on its tint, a touch under AA
    get_tint="#e3f5ea",
    post="#1c5fb8",
    post_tint="#e4eefb",
    put="#9a6200",
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
