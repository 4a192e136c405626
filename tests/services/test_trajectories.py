"""Drawing trajectories for KPIs: what is recorded, what is only told, what is missing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.refusal import BaselineFrozen, InvalidInput, NotAllowed
from govern.domain.trajectory import Point, Shape
from govern.services import kpis, readings
from govern.services.people import OPERATOR
from govern.services.trajectories import Asked, draw
from tests.services.house import NOW, House, add_project
from tests.services.test_gates import to_stage

LINE = Asked(Shape.LINEAR)


def drawn(house: House, asked: Asked = LINE, kpi: str = "P1-K1", **more: Any) -> Any:
    more = {"by": "pia", "record": True, **more}
    actor = OPERATOR if more["by"] == "operator" else house.actors[more["by"]]
    return draw(house.runtime, actor, kpi, asked, record=more["record"], now=NOW)


def change(house: House, **fields: Any) -> None:
    kpis.change_kpi(house.runtime, house.pia, "P1-K1", fields, version=None, now=NOW)


def test_without_points_it_runs_from_the_baseline_to_the_target(house: House) -> None:
    add_project(house)
    found = drawn(house)
    assert (found["recorded"], len(found["values"]), found["kept"]) == (11, 12, [])
    assert found["values"][0] == {
        "period": date(2026, 1, 31),
        "planned": Decimal("101.92"),
        "was": 100,
    }
    plan = readings.list_plan(house.runtime, house.pia, "P1-K1")
    assert plan == [{"period": e["period"], "planned": e["planned"]} for e in found["values"]]
    assert drawn(house)["recorded"] == 0


def test_a_cumulative_kpi_is_planned_so_that_the_sum_to_date_reaches_the_target(
    house: House,
) -> None:
    add_project(house)
    change(house, cumulative=True, aggregation="sum", baseline=Decimal(60))
    values = [each["planned"] for each in drawn(house)["values"]]
    assert sum(values) == 1200
    later = drawn(house, Asked(Shape.LINEAR, begins=date(2026, 7, 1)))
    assert [each["planned"] for each in later["values"]] == values[6:]
    assert len(later["kept"]) == 6


def test_a_preview_records_nothing(house: House) -> None:
    add_project(house)
    before = readings.list_plan(house.runtime, house.pia, "P1-K1")
    found = drawn(house, Asked(Shape.STEP, [Point(date(2027, 1, 31), Decimal(7))]), record=False)
    assert (found["recorded"], len(found["values"]), len(found["kept"])) == (0, 1, 12)
    assert readings.list_plan(house.runtime, house.pia, "P1-K1") == before


def test_a_frozen_plan_is_drawn_and_not_recorded(house: House) -> None:
    add_project(house)
    to_stage(house, "P1", "planned")
    assert drawn(house, record=False)["values"]
    with pytest.raises(BaselineFrozen):
        drawn(house)


def test_who_plans_and_the_operator_at_the_command_line(house: House) -> None:
    add_project(house)
    for name in ("dan", "fay", "sam", "aud"):
        with pytest.raises(NotAllowed):
            drawn(house, by=name, record=False)
    assert drawn(house, by="operator")["recorded"] == 11


@pytest.mark.parametrize(
    ("asked", "field", "says"),
    [
        (Asked(Shape.LINEAR, [Point(date(2026, 1, 31), Decimal(1))]), "points", "2 or more"),
        (
            Asked(Shape.STEP, [Point(date(2026, 1, 31), Decimal(n)) for n in (1, 2)]),
            "points",
            "2026-01-31 stands twice",
        ),
        (Asked(Shape.LINEAR, begins=date(2026, 5, 1), ends=date(2026, 4, 1)), "to", "2026-05-01"),
        (Asked(Shape.LINEAR, begins=date(2028, 5, 1)), "from", "2026-12-31"),
        (
            Asked(Shape.LINEAR, [Point(date(year, 1, 1), Decimal(year)) for year in (1900, 2199)]),
            "points",
            "at most 3000",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(house: House, asked: Asked, field: str, says: str) -> None:
    add_project(house)
    with pytest.raises(InvalidInput) as refused:
        drawn(house, asked)
    assert says in refused.value.facts["errors"][field][0]


def test_what_the_way_needs_is_named(house: House) -> None:
    add_project(house)
    change(house, target_on=None)
    with pytest.raises(InvalidInput) as refused:
        drawn(house)
    assert "target_on of KPI P1-K1" in refused.value.facts["errors"]["points"][0]
    change(house, target_on=date(2027, 1, 1), baseline_on=None)
    with pytest.raises(InvalidInput):
        drawn(house)
