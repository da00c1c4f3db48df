"""Route Playground: teach, learn and prototype with Flask, on ordinary Flask folders."""

from __future__ import annotations

__version__ = "0.1.0"
