"""The projects that one can start from, and what their cards say; the folders are ``assets/starters``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Starter:
    """One starter and what its card says; ``method`` is empty where ``rule`` names a file instead."""

    name: str
    title: str
    summary: str
    method: str
    rule: str


STARTERS = (
    Starter("hello", "Hello", "One route, one answer. The smallest Flask app there is.", "GET", "/"),
    Starter("pages", "Pages", "A Jinja template, a base page, a style sheet.", "GET", "/hello/<name>"),
    Starter("json", "JSON API", "Typed parameters, a JSON body, 201 and 404.", "POST", "/users"),
    Starter("blueprints", "Blueprints", "An app in two files with a prefix.", "GET", "/api/users"),
    Starter("empty", "Empty", "Just the app. You add the first route.", "", "app.py"),
)
