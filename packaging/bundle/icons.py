"""The application's icon in every form that systems want, from the one drawing in `assets/app-icon.svg`.

Drawn by Qt without a screen. The two containers are simple enough to write: both take pictures as PNG.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from pathlib import Path

SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)
"""Pixels square, of the freedesktop theme `hicolor`."""
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
ICNS_TYPES = {16: ["icp4"], 32: ["icp5", "ic11"], 64: ["icp6", "ic12"], 128: ["ic07"]} | {
    256: ["ic08", "ic13"],
    512: ["ic09", "ic14"],
    1024: ["ic10"],
}
"""By pixels, the kinds of entry: also as the half size on a screen with twice as many of them."""


def drawn(drawing: Path, sizes: tuple[int, ...]) -> dict[int, bytes]:
    """The drawing as PNG, by size."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(str(drawing))
    if not renderer.isValid():
        raise SystemExit(f"{drawing} can't be drawn.")
    made = {}
    for size in sizes:
        picture = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        picture.fill(0)
        with QPainter(picture) as painter:
            renderer.render(painter)
        held = QByteArray()
        buffer = QBuffer(held)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        picture.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes for the format
        made[size] = bytes(held.data())
    return made


def write_hicolor(drawing: Path, share: Path, name: str) -> None:
    """All sizes and the drawing itself, where desktops look for them below `share`."""
    for size, picture in drawn(drawing, SIZES).items():
        folder = share / "icons" / "hicolor" / f"{size}x{size}" / "apps"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.png").write_bytes(picture)
    scalable = share / "icons" / "hicolor" / "scalable" / "apps"
    scalable.mkdir(parents=True, exist_ok=True)
    (scalable / f"{name}.svg").write_bytes(drawing.read_bytes())


def ico(pictures: Mapping[int, bytes]) -> bytes:
    """A Windows icon: a directory of the pictures, then the pictures."""
    offset = 6 + 16 * len(pictures)
    head = struct.pack("<HHH", 0, 1, len(pictures))
    for size, picture in sorted(pictures.items()):
        side = size % 256  # 256 is written as 0
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    return head + b"".join(picture for _, picture in sorted(pictures.items()))


def icns(pictures: Mapping[int, bytes]) -> bytes:
    """A macOS icon: each picture behind its kind and length."""
    entries = b"".join(
        kind.encode() + struct.pack(">I", 8 + len(picture)) + picture
        for size, picture in sorted(pictures.items())
        for kind in ICNS_TYPES[size]
    )
    return b"icns" + struct.pack(">I", 8 + len(entries)) + entries


def write_containers(drawing: Path, folder: Path, name: str) -> None:
    """`name.ico` and `name.icns` in a folder."""
    (folder / f"{name}.ico").write_bytes(ico(drawn(drawing, ICO_SIZES)))
    (folder / f"{name}.icns").write_bytes(icns(drawn(drawing, tuple(ICNS_TYPES))))
