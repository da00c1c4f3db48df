"""The libraries that are imported late because they take long; importing this module does it early."""

from __future__ import annotations

import jinja2.meta
import libcst.metadata
import watchfiles

__all__ = ["jinja2", "libcst", "watchfiles"]
