"""All checks of templates; what they look at is gathered once for all of them."""

from __future__ import annotations

from playground.core.problems import Problem
from playground.project.checks.checked import CheckedProject
from playground.project.checks.template_assets import assets_not_found
from playground.project.checks.template_calls import Templates
from playground.project.checks.template_escaping import unescaped
from playground.project.checks.template_files import templates_not_found
from playground.project.checks.template_forms import forms_not_understood
from playground.project.checks.template_links import dead_links
from playground.project.checks.template_methods import posts_not_taken
from playground.project.checks.template_syntax import templates_not_read
from playground.project.checks.template_variables import variables_not_given

_CHECKS = (
    templates_not_read,
    templates_not_found,
    dead_links,
    variables_not_given,
    assets_not_found,
    forms_not_understood,
    posts_not_taken,
    unescaped,
)


def templates_checked(project: CheckedProject) -> tuple[Problem, ...]:
    """What is wrong with templates, and with what Python says of them."""
    templates = Templates(project)
    return tuple(problem for check in _CHECKS for problem in check(templates))


PROJECT_CHECKS = (templates_checked,)
