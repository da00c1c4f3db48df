"""How much is measured, and what each group says while it works."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """``runs`` of each figure; ``quick`` measures the smallest size only, to see that all of it works."""

    runs: int = 5
    quick: bool = False

    @property
    def often(self) -> int:
        """Runs of what is over in a moment: twice as many, so that one busy moment matters less."""
        return self.runs if self.quick else 2 * self.runs + 1

    def seconds(self, wanted: float) -> float:
        """How long a measured stretch is."""
        return wanted / 10 if self.quick else wanted


def say(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


def alone(group: str) -> None:
    """Run one group as a program of its own."""
    from run import main

    words = sys.argv[1:]
    if words and words[0].isdigit():
        words = ["--runs", *words]
    sys.exit(main([group, *words]))
