"""The 31 failures that beginners meet: each has an example project, a short sentence and a way out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from early_problems import EARLY
from load_cases import LOADS
from problem_cases import Case
from request_cases import CASES

from playground.core.help_rules import BY_ID, HELP_RULES, HelpRule

BY_TESTS = {
    "stale-code": "session/test_plain_words.py",
    "port-taken": "session/test_plain_words_loading.py",
}
"""Failures that no project has by itself: a file is written, or another program runs, while it is served."""
TABLES: dict[str, tuple[Case, ...]] = {"source": tuple(EARLY), "load": LOADS, "request": CASES}
EVERY = tuple(case for cases in TABLES.values() for case in cases)


def test_the_rules_are_numbered_and_named_once() -> None:
    assert [rule.number for rule in HELP_RULES] == list(range(1, len(HELP_RULES) + 1))
    assert len(BY_ID) == len(HELP_RULES) == 31


@pytest.mark.parametrize("rule", HELP_RULES, ids=lambda rule: rule.rule_id)
def test_each_rule_has_an_example(rule: HelpRule) -> None:
    if rule.rule_id in BY_TESTS:
        text = (Path(__file__).parent / BY_TESTS[rule.rule_id]).read_text(encoding="utf-8")
        assert f'"{rule.rule_id}"' in text
    else:
        assert [case for case in EVERY if case.rule_id == rule.rule_id]


@pytest.mark.parametrize("rule", [rule for rule in HELP_RULES if rule.early], ids=lambda rule: rule.rule_id)
def test_what_can_be_found_early_is_found_in_the_source(rule: HelpRule) -> None:
    assert [case for case in EARLY if case.rule_id == rule.rule_id]


def shown_late() -> list[HelpRule]:
    """The rules that a request or a load shows and the source does not."""
    return [rule for rule in HELP_RULES if not rule.early and rule.rule_id not in BY_TESTS]


@pytest.mark.parametrize("rule", shown_late(), ids=lambda rule: rule.rule_id)
def test_what_only_happens_has_a_request_or_a_load(rule: HelpRule) -> None:
    assert [case for case in (*CASES, *LOADS) if case.rule_id == rule.rule_id]


@pytest.mark.parametrize("table", TABLES)
def test_each_case_has_a_name_of_its_own(table: str) -> None:
    assert [name for name, count in Counter(map(str, TABLES[table])).items() if count > 1] == []


@pytest.mark.parametrize("case", EVERY, ids=str)
def test_each_sentence_is_short(case: Case) -> None:
    if case.rule_id:
        assert case.rule_id in BY_ID
        assert len(case.sentence.split()) <= 15
    assert case.sentence.endswith(".")
