"""The rulebook that govern ships with."""

from pathlib import Path

import pytest

from govern.documents.problem import render
from govern.domain.recommendation import Action
from govern.rulebook.coverage import covered
from govern.rulebook.load import load
from govern.rulebook.rule import Scope
from govern.rulebook.trials import run

LOADED = load(Path(__file__).parents[2] / "rules")


def test_it_has_no_problem_not_even_a_warning() -> None:
    assert [render(each, LOADED.sources) for each in LOADED.problems] == []


def test_every_test_passes() -> None:
    assert LOADED.rulebook is not None
    assert [result for result in run(LOADED.rulebook) if not result.passed] == []


def test_tests_reach_nearly_every_clause_and_every_row() -> None:
    assert LOADED.rulebook is not None
    coverage = covered(LOADED.rulebook, run(LOADED.rulebook), LOADED.sources)
    assert coverage.percent >= 98
    assert [item.id for item in coverage.items if item.percent < 90] == []


@pytest.mark.parametrize(
    "area", ["revenue", "cost", "satisfaction", "market_share", "value", "data", "project"]
)
def test_every_area_has_rules(area: str) -> None:
    assert LOADED.rulebook is not None
    assert any(rule.area == area for rule in LOADED.rulebook.rules)


def test_every_rule_recommends_something_and_has_an_owner() -> None:
    assert LOADED.rulebook is not None
    for rule in LOADED.rulebook.rules:
        assert rule.recommend is not None, rule.id
        assert rule.owner is not None, rule.id
    actions = {rule.recommend.action for rule in LOADED.rulebook.rules if rule.recommend}
    assert len(actions) >= 8
    assert actions <= set(Action)
    assert any(rule.scope is Scope.PROJECT for rule in LOADED.rulebook.rules)
