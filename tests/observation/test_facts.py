import json
from dataclasses import fields
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from govern.observation.errors import UnknownFactsError, UnknownProjectError
from govern.observation.facts import facts_by_project, facts_of, tables_of
from govern.observation.frame import Observations, observe
from govern.observation.tables import ObservationTables
from tests.observation.portfolios import AS_OF, DAYS, any_tables, kpi, slow, tables, values

OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 30)


def assert_same(one: Observations, other: Observations) -> None:
    for member in fields(Observations):
        left, right = getattr(one, member.name), getattr(other, member.name)
        if isinstance(left, pl.DataFrame):
            assert_frame_equal(left, right, check_exact=True)
        else:
            assert left == right


def whole() -> ObservationTables:
    return tables(
        projects=[{"project": "P", "name": "P", "budget": 1e22, "tags": ["b", "a"]}],
        kpis=[kpi("K", baseline=0.1, cumulative=True, reporting_lag_days=0)],
        values=values("K", OCTOBER, [84.0, 1e-7, None], [105.0, None, 5.5]),
        stages=[
            {"project": "P", "stage": "draft", "since": date(2026, 1, 2)},
            {"project": "P", "stage": "planned", "since": date(2026, 12, 1)},
        ],
        deliverables=[{"project": "P", "deliverable": "D", "cost": -0.0}],
        serves=[{"deliverable": "D", "kpi": "K", "contribution": 0.25}],
        conditions=[{"project": "P", "condition": "1", "due": OCTOBER}],
        recommendations=[{"project": "P", "recommendation": "1", "rule": "r"}],
    )


def test_facts_are_what_was_seen_and_no_more() -> None:
    facts = facts_of(whole(), "P", AS_OF)
    assert facts["v"] == 1
    assert facts["as_of"] == "2026-11-24"
    assert facts["project"]["budget"] == "10000000000000000000000"
    assert facts["project"]["tags"] == ["b", "a"]
    assert facts["stages"] == [{"stage": "draft", "since": "2026-01-02"}]
    [k] = facts["kpis"]
    assert (k["baseline"], k["cumulative"], k["reporting_lag_days"]) == ("0.1", True, 0)
    # November is not over: its actual is not known yet. December's plan is.
    assert k["values"] == [
        {"period": "2026-10-31", "planned": "105", "actual": "84"},
        {"period": "2026-12-31", "planned": "5.5", "actual": None},
    ]
    [deliverable] = facts["deliverables"]
    assert deliverable["cost"] == "0"
    assert deliverable["serves"] == [{"kpi": "K", "contribution": "0.25"}]
    assert facts["conditions"][0]["due"] == "2026-10-31"
    assert facts["recommendations"][0]["rule"] == "r"


def test_small_numbers_have_no_exponent() -> None:
    later = facts_of(whole(), "P", NOVEMBER)
    assert later["kpis"][0]["values"][1]["actual"] == "0.0000001"


def test_the_stage_that_reaches_back_is_a_fact_but_its_later_date_is_not() -> None:
    facts = facts_of(whole(), "P", date(2025, 12, 31))
    assert facts["stages"] == [{"stage": "draft", "since": None}]


def test_a_project_that_is_not_there() -> None:
    with pytest.raises(UnknownProjectError, match="no project 'Q'"):
        facts_of(whole(), "Q", AS_OF)


def test_facts_of_a_later_format_are_refused() -> None:
    with pytest.raises(UnknownFactsError, match="version 2; this version reads 1"):
        tables_of([facts_of(whole(), "P", AS_OF) | {"v": 2}])


def plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and plain(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(plain(inner) for inner in value)
    return value is None or isinstance(value, str | int)


@slow
@given(any_tables(), DAYS)
def test_facts_make_the_same_observations_again(known: ObservationTables, as_of: date) -> None:
    facts = facts_by_project(known, as_of)
    stored = json.loads(json.dumps(list(facts.values())))
    assert all(plain(fact) for fact in stored)
    assert_same(observe(known, as_of), observe(tables_of(stored), as_of))
    assert facts_by_project(tables_of(stored), as_of) == facts


@slow
@given(any_tables(), DAYS, st.data())
def test_the_facts_of_one_project_do_not_depend_on_the_others(
    known: ObservationTables, as_of: date, data: st.DataObject
) -> None:
    project = data.draw(st.sampled_from(known.projects["project"].to_list()))
    facts = facts_of(known, project, as_of)
    assert facts == facts_by_project(known, as_of)[project]
    assert_same(observe(known.of_project(project), as_of), observe(tables_of([facts]), as_of))
