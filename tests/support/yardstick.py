"""What a known piece of work costs on this machine at this moment: the measure of what should be quick.

A limit in seconds says more of the machine than of what is measured; a multiple of this does not.
"""

from __future__ import annotations

import time

WORK = range(100_000)


def yard() -> float:
    """Seconds of this thread's own time, some 8 ms, for adding up a hundred thousand squares."""
    times = []
    for _ in range(3):
        began = time.thread_time()
        sum(number * number for number in WORK)
        times.append(time.thread_time() - began)
    return min(times)
