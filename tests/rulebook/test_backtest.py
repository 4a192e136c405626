"""What rules would have done, counted; and held against what became of the projects."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.observation.frame import observe
from govern.observation.tables import ObservationTables
from govern.rulebook.backtest import Backtest, Backtesting
from govern.rulebook.load import load
from govern.rulebook.outcomes import Accuracy, Outcomes, accuracy, median
from tests.observation.portfolios import any_tables, slow
from tests.rulebook.observed import AS_OF, month
from tests.rulebook.portfolios import portfolio
from tests.rulebook.rule_files import file, rule, rulebook

RULE = rulebook(file(rule()))
"""Fires below 80 % of plan."""


def backtest(
    tables: ObservationTables,
    first: date = date(2025, 1, 1),
    last: date = AS_OF,
    outcomes: Outcomes | None = None,
    at_once: int = 100,
    rules: str | None = None,
) -> Backtest:
    book = RULE if rules is None else rulebook(file(rules))
    testing = Backtesting(book.rules, first, last, outcomes)
    projects = tables.projects["project"].sort().to_list()
    for start in range(0, len(projects), at_once):
        mine = projects[start : start + at_once]
        testing.add(observe(_of(tables, mine), last))
    return testing.result()


def _of(tables: ObservationTables, projects: list[str]) -> ObservationTables:
    parts = [tables.of_project(project) for project in projects]
    names = ObservationTables.__slots__
    return ObservationTables(
        **{name: pl.concat([getattr(part, name) for part in parts]) for name in names}
    )


def test_how_often_for_how_long_and_how_sure() -> None:
    found = backtest(
        portfolio({"P1.a": [90, 70, 70, 90], "P1.b": [70, 90, 90, None], "P2.a": [90, 90, 90, 90]})
    )
    (record,) = found.rules
    assert found.projects == 2
    counts = record.counts
    assert (counts.subjects, counts.periods, counts.fired, counts.unknown) == (3, 12, 3, 1)
    assert (record.subjects_fired, record.episodes, record.ongoing, record.flapping) == (2, 2, 0, 1)
    assert record.median_periods == Decimal("1.5")
    assert record.unknown_share == Decimal("0.0833")
    assert record.accuracy is None
    assert found.episodes.rows() == [
        ("a", "P1", "P1.a", month(2), month(1), 2, False, False),
        ("a", "P1", "P1.b", month(3), month(3), 1, False, True),
    ]


def test_a_range_counts_its_own_periods_and_keeps_the_true_beginning_of_an_episode() -> None:
    tables = portfolio({"P1.a": [70, 70, 70, 90, 70, 90]})
    found = backtest(tables, first=month(3), last=month(2))
    (record,) = found.rules
    assert (record.counts.periods, record.counts.fired) == (2, 1)
    assert found.episodes["start"].to_list() == [month(5)]
    assert backtest(tables, first=month(2), last=month(2)).episodes.height == 0


def test_what_a_rule_does_not_apply_to_is_not_counted() -> None:
    tables = portfolio({"P1.a": [70, 70], "P2.a": [70, 70]}, stages={"P2": [("draft", None)]})
    (record,) = backtest(tables, rules=rule(more='applies_to: stage = "monitoring"')).rules
    assert (record.counts.subjects, record.counts.periods, record.episodes) == (1, 2, 1)
    assert record.unknown_share == 0


def test_a_rule_that_applies_to_nothing_has_no_shares() -> None:
    found = backtest(portfolio({"P1.a": [70]}), rules=rule(more='applies_to: stage = "x"'))
    assert found.rules[0].unknown_share is None
    assert found.rules[0].median_periods is None


OUTCOMES = {"P1": AS_OF, "P2": AS_OF, "P3": month(9), "P5": AS_OF + timedelta(days=1)}


def test_alarms_against_what_became_of_the_projects() -> None:
    tables = portfolio(
        {
            "P1.a": [90, 70, 70, 90],  # warned, 61 days before
            "P2.a": [90, 90, 90, 70],  # too late: on the day itself
            "P3.a": [70, 70, 70, 70],  # over before the range began
            "P4.a": [70, 70, 70, 70],  # nothing happened
            "P5.a": [70, 90, 90, 90],  # only after the range
            "P6.a": [70, 90, 90, 90],  # nobody knows when
            "P7.a": [90, 90, 90, 90],
        }
    )
    outcomes = Outcomes("terminated", OUTCOMES, frozenset({"P6"}))
    found = backtest(tables, first=month(3), outcomes=outcomes)
    expected = Accuracy(
        outcomes=2,
        looked_at=2,
        warned=1,
        late=1,
        false_alarms=2,
        left_out=2,
        lead_days=Decimal((AS_OF - month(2)).days),
    )
    assert found.rules[0].accuracy == expected
    assert found.together == expected
    assert (expected.precision, expected.recall) == (Decimal("0.3333"), Decimal("0.5000"))


def test_all_rules_together_are_one_alarm_the_earliest() -> None:
    tables = portfolio({"P1.a": [95, 70, 70, 90]})
    both = rule("a") + rule("b", when="attainment < 96%")
    found = backtest(tables, outcomes=Outcomes("x", {"P1": AS_OF}), rules=both)
    leads = [record.accuracy.lead_days for record in found.rules if record.accuracy]
    assert leads == [(AS_OF - month(2)).days, (AS_OF - month(3)).days]
    assert found.together is not None
    assert found.together.lead_days == (AS_OF - month(3)).days


@pytest.mark.parametrize(("on", "alarms"), [({}, {}), ({}, {"P1": AS_OF}), ({"P1": AS_OF}, {})])
def test_nothing_to_divide_by_is_unknown(
    on: Mapping[str, date], alarms: Mapping[str, date]
) -> None:
    found = accuracy(Outcomes("x", on), alarms, set(), AS_OF, AS_OF)
    assert found.precision == (Decimal(0) if alarms else None)
    assert found.recall == (Decimal(0) if on else None)
    assert found.lead_days is None


def test_the_median_of_an_even_number_lies_between() -> None:
    assert median([]) is None
    assert median([5, 1, 3]) == 3
    assert median([4, 1]) == Decimal("2.5")


SHIPPED = load(Path(__file__).parents[2] / "rules").rulebook


@slow
@given(any_tables(), st.integers(1, 3), st.integers(1, 5))
def test_the_result_does_not_depend_on_how_the_portfolio_is_cut(
    tables: ObservationTables, at_once: int, most: int
) -> None:
    """Nor on whether all is observed or what the rules read, what is added to another and joined, and
    how many episodes are to be listed."""
    assert SHIPPED is not None
    first, last = date(2025, 6, 1), date(2026, 11, 24)
    outcomes = Outcomes("x", {"P0": date(2026, 5, 1), "P2": date(2026, 9, 1)})
    whole = Backtesting(SHIPPED.rules, first, last, outcomes)
    whole.add(observe(tables, last))
    cut = Backtesting(SHIPPED.rules, first, last, outcomes, listed=most)
    projects = tables.projects["project"].sort().to_list()
    for start in range(0, len(projects), at_once):
        part = Backtesting(SHIPPED.rules, first, last, outcomes, listed=most)
        part.add(part.observed(_of(tables, projects[start : start + at_once])))
        cut.join(part)
    one, other = whole.result(), cut.result()
    assert replace(one, episodes=other.episodes) == other
    few = one.episodes.group_by("rule", maintain_order=True).head(most)
    assert few.select(one.episodes.columns).equals(other.episodes)


def test_only_what_rules_read_is_observed() -> None:
    testing = Backtesting(RULE.rules, date(2025, 1, 1), AS_OF)
    kpis = testing.observed(portfolio({"P1.a": [90, 70, 70, 90]})).kpis
    assert {"attainment", "is_first", "period"} <= set(kpis.columns)
    assert {"name", "budget", "variance", "band"}.isdisjoint(kpis.columns)
