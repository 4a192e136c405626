"""A portfolio at a glance: curves of value by hand, how projects stand, where they wait and how long."""

from datetime import date, timedelta
from typing import Any

import pytest

from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound
from govern.services import moves
from govern.services.curves import realisation_curves
from govern.services.holds import Until
from govern.services.people import OPERATOR
from govern.services.pipeline import pipeline
from govern.services.rating import rag_by_project
from tests.services.house import NOW, House, add_project, publish_rules, report, submit
from tests.services.test_gates import to_stage
from tests.services.test_rollup import add

RATED = """\
schema: govern/rules/v1
area: rating
owner: pmo@example.org
tables:
  - id: kpi-rag
    title: How a KPI stands
    hit: first
    rows: |
      | attainment || rag     |
      | null       || "grey"  |
      | >= 90%     || "green" |
      | >= 80%     || "amber" |
      | -          || "red"   |
"""


def curved(house: House, **options: Any) -> list[Record]:
    return realisation_curves(house.runtime, OPERATOR, now=NOW, **options)["curves"]


def at(curve: Record, day: str) -> Record:
    return next(each for each in curve["points"] if each["day"] == date.fromisoformat(day))


@pytest.fixture
def savings(house: House) -> House:
    """Two savings in thousands of EUR, 10 a month planned of each; of the second, March is missing."""
    add_project(house)
    add(house, "P1-S1", [8] * 10)
    add(house, "P1-S2", [8, 8, None, 8, 8, 8, 8, 8, 8, 8])
    return house


def test_a_curve_goes_by_months_and_has_the_day(savings: House) -> None:
    [curve] = curved(savings)
    assert (curve["currency"], curve["per"], curve["kpis"]) == ("EUR", "to_date", ["P1-S1"])
    assert [each["day"].month for each in curve["points"]] == [*range(1, 12), 11, 12]
    assert at(curve, "2026-01-31")["planned"] == 10_000
    assert at(curve, "2026-01-31")["realised"] == 8_000
    assert at(curve, "2026-10-31")["realised"] == 80_000
    today = at(curve, "2026-11-24")
    assert (today["planned"], today["realised"], today["forecast"]) == (100_000, 80_000, 80_000)
    last = at(curve, "2026-12-31")
    assert (last["planned"], last["realised"]) == (120_000, None)
    # Eight a month, ten times so far and twice more: nothing has ever moved.
    assert last["forecast"] == 96_000
    assert last["together"] == last["independent"] == [96_000, 96_000]


def test_what_is_not_known_is_named_and_never_a_smaller_sum(savings: House) -> None:
    [curve] = curved(savings)
    assert curve["left_out"] == [
        {"kpi": "P1-S2", "project": "P1", "why": "realised: no figure for 2026-03-31"}
    ]
    report(savings, "P1-S2", {"2026-03-31": 8})
    [whole] = curved(savings)
    assert whole["left_out"] == []
    assert at(whole, "2026-10-31")["realised"] == 160_000
    assert at(whole, "2026-12-31")["forecast"] == 192_000


def test_without_every_forecast_there_is_none(savings: House) -> None:
    add(savings, "P1-S3", [None] * 7 + [9, 9, 9], cumulative=False, aggregation="last")
    month, _ = sorted(curved(savings), key=lambda each: each["per"])
    assert (month["per"], month["kpis"]) == ("month", ["P1-S3"])
    assert month["no_forecast"] == [
        {"kpi": "P1-S3", "why": "3 figures were reported; a forecast needs 4"}
    ]
    assert {each["forecast"] for each in month["points"]} == {None}
    assert at(month, "2026-07-31")["realised"] is None
    assert at(month, "2026-08-31")["realised"] == 9_000


def test_a_long_curve_goes_by_quarters(savings: House) -> None:
    add(savings, "P1-S4", [8] * 10, target_on=date(2030, 12, 31))
    [curve] = curved(savings)
    days = [each["day"] for each in curve["points"]]
    assert days[:2] == [date(2026, 3, 31), date(2026, 6, 30)]
    assert len(days) == 21  # 20 quarters and the day
    # The plan ended with 2026: it stays where it ended.
    assert at(curve, "2030-12-31")["planned"] == 240_000


def test_as_on_an_earlier_day(savings: House) -> None:
    [curve] = curved(savings, at=date(2026, 6, 30))
    assert at(curve, "2026-06-30")["realised"] == 48_000
    assert at(curve, "2026-07-31")["realised"] is None


def test_an_amount_without_a_rate_is_in_no_curve(savings: House) -> None:
    [curve] = curved(savings, currency="USD")
    assert curve["points"] == []
    assert curve["left_out"][0]["why"].startswith("planned: no exchange rate for 2026-01-31")


def test_what_there_is_not_is_refused(savings: House) -> None:
    with pytest.raises(NotFound):
        curved(savings, portfolio="other")
    with pytest.raises(InvalidInput):
        curved(savings, currency="XXY")
    with pytest.raises(InvalidInput):
        curved(savings, at=NOW.date() + timedelta(days=1))


def test_projects_stand_where_they_stand_and_wait_as_long_as_they_wait(house: House) -> None:
    to_stage(house, add_project(house), "value_defined")
    submit(house, add_project(house, "P2"), "value_defined")
    add_project(house, "P3")
    moves.move(
        house.runtime,
        house.sam,
        "P3",
        to_do="hold",
        reason="Later.",
        until=Until(date(2027, 2, 1), None),
        version=None,
        now=NOW,
    )
    found = pipeline(house.runtime, OPERATOR, now=NOW + timedelta(days=30))
    stages = {each["stage"]: each for each in found["stages"]}
    assert [*stages] == [
        *("draft", "value_defined", "planned", "monitoring", "post_review", "closed"),
        *("on_hold", "terminated"),
    ]
    assert {name: each["projects"] for name, each in stages.items() if each["projects"]} == {
        "draft": 1,
        "value_defined": 1,
        "on_hold": 1,
    }
    assert (stages["draft"]["waiting"], stages["on_hold"]["outside"]) == (1, True)
    [waiting] = found["waiting"]
    assert (waiting["project"], waiting["gate"], waiting["days_waiting"]) == (
        *("P2", "value_defined"),
        30,
    )
    decide_by = waiting["decide_by"]
    assert waiting["days_over"] == (NOW.date() + timedelta(days=30) - decide_by).days > 0
    assert [each["project"] for each in found["projects"]] == ["P2", "P1", "P3"]
    assert found["projects"][2]["resume_on"] == date(2027, 2, 1)
    with pytest.raises(NotFound):
        pipeline(house.runtime, OPERATOR, portfolio="other", now=NOW)


def test_the_worst_of_a_project_stands_first(house: House) -> None:
    add_project(house)
    add(house, "P1-S1", [8] * 10)
    add(house, "P1-S2", [10] * 10)
    without = rag_by_project(house.runtime, OPERATOR, now=NOW)
    assert (without["values"], without["projects"]) == (None, [])
    publish_rules(house.runtime, RATED)
    found = rag_by_project(house.runtime, OPERATOR, now=NOW)
    assert found["values"] == ["grey", "green", "amber", "red"]
    [project] = found["projects"]
    assert project["worst"] == "amber"
    assert project["counts"] == {"grey": 1, "green": 1, "amber": 1, "red": 0}
    assert {each["kpi"]: each["value"] for each in project["kpis"]} == {
        "P1-K1": "grey",
        "P1-S1": "amber",
        "P1-S2": "green",
    }
    assert found["counts"] == project["counts"]
    early = rag_by_project(house.runtime, OPERATOR, at=date(2025, 12, 31), now=NOW)
    assert early["projects"][0]["worst"] == "grey"
