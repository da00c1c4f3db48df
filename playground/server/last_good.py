"""Templates that are always up to date, and that keep being served while they do not parse.

The app's own Jinja loader stays and is asked first, so the order of folders and blueprints, and what
happens to a template that is not there, are Flask's.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, MutableMapping
from typing import Any

from flask import Flask
from jinja2 import BaseLoader, Environment, Template, TemplateError, TemplateSyntaxError

from playground.server.freshness import Looks

_log = logging.getLogger(__name__)

KEPT = 300
"""Templates whose source is remembered before they are first used."""

Source = tuple[str, str | None]
"""A template's text and the name of its file."""


class LastGoodLoader(BaseLoader):
    """Wraps an app's loader; ``good`` outlives the app, so that a restart forgets nothing.

    ``unproven`` holds sources that were read but never compiled: they are what to fall back on for a
    template that breaks before it is first used.
    """

    def __init__(
        self, inner: BaseLoader, good: MutableMapping[str, Source], unproven: MutableMapping[str, Source]
    ) -> None:
        self.inner = inner
        self.good = good
        self.unproven = unproven
        self._generation = 0
        self.has_source_access = inner.has_source_access

    def forget_compiled(self) -> None:
        """Make every compiled template stale, also one that is being read at this moment."""
        self._generation += 1

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """What the app's loader says, whether it parses or not."""
        return self.inner.get_source(environment, template)

    def list_templates(self) -> list[str]:
        """The names that the app's loader knows."""
        return self.inner.list_templates()

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  (Jinja's own word)
    ) -> Template:
        """The newest version that compiles; the error where there never was one."""
        if not self.inner.has_source_access:
            return self.inner.load(environment, name, globals)
        generation = self._generation
        source, filename, uptodate = self.inner.get_source(environment, name)
        seen = _signature(filename)

        looks = Looks()

        def is_current() -> bool:
            if generation != self._generation:
                return False
            if not looks.is_due():
                return True
            return seen == _signature(filename) and (seen is not None or uptodate is None or uptodate())

        try:
            code = environment.compile(source, name, filename)
        except TemplateSyntaxError as error:
            code = self._compile_last_good(environment, name, error)
        else:
            self.good[name] = (source, filename)
        return environment.template_class.from_code(environment, code, globals or {}, is_current)

    def _compile_last_good(self, environment: Environment, name: str, error: TemplateSyntaxError) -> Any:
        for kept in (self.good, self.unproven):
            if name not in kept:
                continue
            try:
                return environment.compile(kept[name][0], name, kept[name][1])
            except TemplateSyntaxError:  # good for another version of the app, which had another filter
                _log.debug("the kept version of %s does not compile any more", name)
        raise error

    def remember(self, environment: Environment) -> None:
        """Read (and not compile) the templates that are not known yet."""
        if not self.inner.has_source_access:
            return
        for name in self.inner.list_templates()[:KEPT]:
            if name not in self.good and name not in self.unproven:
                self._read(environment, name)

    def _read(self, environment: Environment, name: str) -> None:
        try:
            source, filename, _ = self.inner.get_source(environment, name)
        except (TemplateError, OSError, UnicodeDecodeError) as error:
            _log.debug("%s cannot be remembered: %s", name, error)
        else:
            self.unproven[name] = (source, filename)


def _signature(filename: str | None) -> tuple[int, int, int, int] | None:
    """What changes with every write: finer than the seconds that Jinja compares."""
    if not filename:
        return None
    try:
        status = os.stat(filename)  # noqa: PTH116  (asked for each template of a request)
    except (OSError, ValueError):  # it is gone, or it was never a file
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def wrap(
    app: Flask, good: MutableMapping[str, Source], unproven: MutableMapping[str, Source]
) -> LastGoodLoader | None:
    """Put a ``LastGoodLoader`` around the loader that the app has; None where it has none."""
    environment = app.jinja_env
    if environment.loader is None:
        return None
    loader = LastGoodLoader(environment.loader, good, unproven)
    environment.loader = loader
    environment.auto_reload = True
    loader.remember(environment)
    return loader
