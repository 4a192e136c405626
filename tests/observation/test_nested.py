"""A project's row holds all of it: rows can be divided as one likes, and come back as the tables."""

from dataclasses import fields

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.observation.errors import BrokenReferenceError, NotUniqueError, WrongColumnsError
from govern.observation.frame import Observations, observe
from govern.observation.nested import SCHEMA, flat, nested
from govern.observation.tables import SCHEMAS, ObservationTables
from tests.observation.portfolios import AS_OF, any_tables, kpi, slow, tables, values


def same(one: Observations, other: Observations) -> bool:
    frames = [each.name for each in fields(Observations) if each.name != "as_of"]
    return all(getattr(one, name).equals(getattr(other, name)) for name in frames)


@slow
@given(any_tables(), st.randoms(use_true_random=False))
def test_rows_in_any_order_are_observed_as_the_tables_were(
    given_: ObservationTables, order
) -> None:  # type: ignore[no-untyped-def]
    rows = nested(given_)
    assert dict(rows.schema) == dict(SCHEMA)
    numbers = list(range(rows.height))
    order.shuffle(numbers)
    assert same(observe(flat(rows[numbers]), AS_OF), observe(given_, AS_OF))


@slow
@given(any_tables())
def test_each_row_by_itself_is_its_project(given_: ObservationTables) -> None:
    for row in nested(given_).iter_slices(1):
        alone = observe(given_.of_project(row["project"][0]), AS_OF)
        assert same(observe(flat(row), AS_OF), alone)


def test_nothing_is_lost_and_nothing_is_made_up() -> None:
    given_ = tables(
        projects=[{"project": "P2"}, {"project": "P1", "tags": [], "budget": 0.1}],
        stages=[{"project": "P1", "stage": "planned"}, {"project": "P1", "stage": "draft"}],
        kpis=[kpi("K1", "P1", objectives=["O2", "O1"]), kpi("K2", "P1", objectives=[])],
        values=values("K1", AS_OF.replace(day=30), [1.0, None], [2.0, 0.1 + 0.2]),
        deliverables=[{"project": "P1", "deliverable": "D1"}],
        serves=[{"deliverable": "D1", "kpi": "K1", "contribution": None}],
    )
    again = flat(nested(given_))
    for name in SCHEMAS:
        before = getattr(given_, name)
        expected = before.sort("project") if name == "projects" else before
        assert getattr(again, name).equals(expected), name
    # The moves of a project stay in the order in which they were made.
    assert again.stages["stage"].to_list() == ["planned", "draft"]


def test_tables_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(NotUniqueError):
        nested(tables(projects=[{"project": "P1"}, {"project": "P1"}]))
    with pytest.raises(BrokenReferenceError, match="K9"):
        nested(tables(values=values("K9", AS_OF.replace(day=30), [1.0])))


@pytest.mark.parametrize(
    "rows",
    [
        nested(tables(projects=[{"project": "P1"}])).drop("kpis"),
        nested(tables(projects=[{"project": "P1"}])).drop("budget"),
        pl.DataFrame({"project": ["P1"]}),
        pl.DataFrame({"other": ["P1"]}),
    ],
)
def test_what_are_no_such_rows_is_refused(rows: pl.DataFrame) -> None:
    with pytest.raises(WrongColumnsError):
        flat(rows)
