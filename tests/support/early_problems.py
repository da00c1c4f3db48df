"""Failures that the Python source shows before any request: a small project for each, and what mends it."""

from __future__ import annotations

from early_setup import SETUP
from early_start import START
from early_views import VIEWS
from template_cases import TEMPLATES

EARLY = (*VIEWS, *SETUP, *START, *TEMPLATES)
