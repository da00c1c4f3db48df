"""Sizes and times as people read them."""

from __future__ import annotations


def human_size(n: int) -> str:
    """Bytes as ``812 B``, ``1.2 KB``, ``5.0 MB``; 1 KB is 1,024 bytes."""
    if n < 1024:
        return f"{n} B"
    size = float(n)
    for unit in ("KB", "MB", "GB"):
        size /= 1024
        if round(size, 1) < 1024:
            return f"{size:.1f} {unit}"
    return f"{size / 1024:.1f} TB"


def human_time(seconds: float) -> str:
    """A duration as ``3.1 ms``, ``24 ms``, ``1.1 s``, ``12 s``, ``1m 5s``; never nothing for a little."""
    milliseconds = seconds * 1000
    if 0 < milliseconds < 0.05:
        return "<0.1 ms"
    if milliseconds < 9.95:
        return f"{milliseconds:.1f} ms"
    if round(milliseconds) < 1000:
        return f"{round(milliseconds)} ms"
    if round(seconds, 1) < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60}m {whole % 60}s"
