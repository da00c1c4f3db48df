"""While many requests arrive, the map takes little of the window's time."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from playground.gui.panels import map_pulses
from playground.gui.panels.map_pulses import FRAME_MS, RARELY_MS, Pulses


def test_pulses_have_fewer_frames_while_the_window_has_much_to_do(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    pulses, now, worked = Pulses(owner), 1000.0, [0.0]
    monkeypatch.setattr(map_pulses, "thread_time", lambda: worked[0])
    pulses._pace(now)

    def frames(share: float) -> int:
        nonlocal now
        for _ in range(10):
            now += 1
            worked[0] += share
            pulses._pace(now)
        return pulses._frames.interval()

    assert frames(0.02) == FRAME_MS
    assert frames(0.3) == RARELY_MS
    assert frames(0.02) == FRAME_MS
