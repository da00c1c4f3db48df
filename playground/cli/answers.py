"""What the flags of ``add`` and ``change`` say of a route's methods and answer."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

from playground.core.answers import Answer, AnswerKind
from playground.core.names import check_status
from playground.core.problems import refuse
from playground.core.routes import METHODS, Route


def methods_of(text: str | None) -> tuple[str, ...]:
    """The methods that ``--methods`` names, in the usual order; none where it is not given."""
    if text is None:
        return ()
    named = [word.strip().upper() for word in text.split(",") if word.strip()]
    for word in named:
        if word not in METHODS:
            raise refuse(f"{word} is not a method.", f"Use some of {', '.join(METHODS)}.", field="methods")
    if not named:
        raise refuse("No method is named.", "Write for example --methods GET,POST.", field="methods")
    return tuple(method for method in METHODS if method in named)


def answer_of(
    arguments: argparse.Namespace, routes: tuple[Route, ...], before: Answer | None = None
) -> Answer:
    """The answer that the flags describe; what they don't name stays as it was ``before``."""
    answer = _named_answer(arguments, routes, before)
    if arguments.var:
        if not (answer.kind is AnswerKind.TEMPLATE or answer.by_endpoint):
            raise refuse("--var goes with --template, or with --redirect to a route.")
        answer = replace(answer, variables=_variables(arguments.var))
    if arguments.status is not None:
        if arguments.error is not None:
            raise refuse("--error says the status code already.", "Leave --status out.", field="status")
        status = check_status(arguments.status)
        plain = Answer(answer.kind).effective_status
        answer = replace(answer, status=None if status == plain else status)
    return answer


def _named_answer(arguments: argparse.Namespace, routes: tuple[Route, ...], before: Answer | None) -> Answer:
    for kind in AnswerKind:
        value = getattr(arguments, str(kind))
        if value is None:
            continue
        base = before if before is not None and before.kind is kind else Answer(kind)
        if kind is AnswerKind.ERROR:
            return replace(base, status=check_status(value))
        if kind is AnswerKind.REDIRECT:
            by_endpoint = any(route.endpoint == value for route in routes)
            return replace(base, value=value, by_endpoint=by_endpoint, variables=())
        return replace(base, value=value)
    return before or Answer(AnswerKind.TEXT)


def _variables(pairs: Sequence[str]) -> tuple[tuple[str, str], ...]:
    split = [pair.partition("=") for pair in pairs]
    for (name, equals, expression), pair in zip(split, pairs, strict=True):
        if not (name.strip() and equals and expression.strip()):
            raise refuse(f"--var {pair} is not NAME=EXPRESSION.", "Write for example --var name=name.")
    return tuple((name.strip(), expression.strip()) for name, _, expression in split)
