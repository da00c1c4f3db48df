"""``sys.settrace`` beside other threads that use it at the same moment."""

from __future__ import annotations

import sys
import time
from typing import Any

_TRIES = 1000


def set_trace(function: Any) -> None:
    """Have this thread traced, or with None no more.

    Python 3.11 refuses with a ``RuntimeError`` while another thread is just given its trace function, which
    is over in a moment; a thread that is within that itself gets the error all the same.
    """
    for tries_left in reversed(range(_TRIES)):
        try:
            sys.settrace(function)
        except RuntimeError:
            if not tries_left:
                raise
            time.sleep(0)
        else:
            return
