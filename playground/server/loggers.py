"""Loggers begin anew with the modules of a project, as they do in a process of their own.

A logger outlives its module. The next import would add its handlers once more, and find it switched off by
``dictConfig``, which switches off whatever exists when it is called (``disable_existing_loggers``).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

Loggers = dict[str, logging.Logger | logging.PlaceHolder]
"""A part of Python's table: loggers by name, and the places of those that have only children yet."""

_table: Loggers = logging.Logger.manager.loggerDict


def take_out(modules: Iterable[str]) -> Loggers:
    """Let modules of these names, and what is below them, find new loggers; returns the old ones."""
    tops = {name.partition(".")[0] for name in modules}
    return {name: _table.pop(name) for name in list(_table) if name.partition(".")[0] in tops}


def put_back(loggers: Loggers) -> None:
    """Their modules are in use again."""
    _table.update(loggers)


@contextmanager
def others_stay_on() -> Iterator[None]:
    """Loggers of what is not imported anew are not switched off because they are there already."""
    on = [one for one in list(_table.values()) if isinstance(one, logging.Logger) and not one.disabled]
    try:
        yield
    finally:
        for one in on:
            one.disabled = False
