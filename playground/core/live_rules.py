"""What the running app's own map says: the truth that the source is held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LiveRule:
    """One rule of the live app's map; ``methods`` sorted, with the HEAD and OPTIONS that Flask adds.

    ``function`` is the name of its view function (or view class); ``file`` and ``line`` say where that is
    written, relative to the project's folder, and are empty and 0 where it lies outside. ``package`` is the
    package outside of the project that the view, or what was put around it, comes from.
    """

    rule: str
    methods: tuple[str, ...]
    endpoint: str
    function: str = ""
    file: str = ""
    line: int = 0
    package: str = ""
