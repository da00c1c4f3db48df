"""The ``playground`` command: the window, and everything that it does without one."""

from playground.cli.entry import main

__all__ = ["main"]
