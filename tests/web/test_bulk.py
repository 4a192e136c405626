"""Many readings in one call: all or none, or row by row with a result for each."""

from datetime import date
from time import perf_counter
from typing import Any

import pytest

from govern.domain.period import Cadence, ends_between
from govern.services import kpis
from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state
from tests.services import house as made
from tests.services.house import NOW, House
from tests.web.caller import Callers, good, problem

GOOD = {"kpi": "P1-K1", "period": "2026-01-31", "actual": "90"}

REFUSED: list[tuple[Any, str, str]] = [
    ({**GOOD, "period": "2026-02-27"}, "period", "the one it lies in ends on 2026-02-28"),
    ({**GOOD, "period": "2026-11-30"}, "period", "there can be no actual yet"),
    ({**GOOD, "period": "31.03.2026"}, "period", "such as 2026-11-24"),
    ({**GOOD, "actual": "a lot"}, "actual", "a number is needed"),
    ({**GOOD, "confidence": "sure"}, "confidence", "one of high, medium, low"),
    ({**GOOD, "amount": 3}, "amount", "there is no such field here; known are"),
    ({"kpi": "P1-K1", "period": "2026-03-31"}, "actual", "is needed"),
    ({**GOOD, "kpi": "P1-K9"}, "kpi", "There is no KPI 'P1-K9' that you may see."),
    ({**GOOD, "kpi": 7}, "kpi", "an id is a text"),
    (3, "body", "a JSON object is needed"),
]


def _each(*rows: Any) -> dict[str, Any]:
    return {"mode": "each", "readings": list(rows)}


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(("row", "field", "says"), REFUSED)
def test_a_row_that_cannot_be_taken_is_told_and_the_others_are_recorded(
    people: Callers, row: Any, field: str, says: str
) -> None:
    after = {**GOOD, "period": "2026-04-30"}
    results = good(people.dan.post("/readings", _each(GOOD, row, after)))["results"]
    assert [each["status"] for each in results] == ["recorded", "refused", "recorded"]
    assert [each["errors"] is None for each in results] == [True, False, True]
    [(named, [why])] = results[1]["errors"].items()
    assert named == field
    assert says in why
    stored = good(people.dan.get("/kpis/P1-K1/readings"))["items"]
    assert [each["period"] for each in stored] == ["2026-01-31", "2026-04-30"]


@pytest.mark.usefixtures("project")
def test_each_row_says_what_became_of_it(people: Callers) -> None:
    one, two = GOOD, {**GOOD, "period": "2026-02-28", "actual": None}
    first = good(people.dan.post("/readings", _each(one, two)))["results"]
    assert [each["status"] for each in first] == ["recorded", "recorded"]
    other = {**one, "actual": "91", "reason": "The ledger was closed."}
    second = good(people.dan.post("/readings", _each(other, two)))["results"]
    assert [each["status"] for each in second] == ["corrected", "unchanged"]
    assert second[1] == {
        "kpi": "P1-K1",
        "period": "2026-02-28",
        "status": "unchanged",
        "errors": None,
    }
    corrected = good(people.dan.get("/kpis/P1-K1/readings"))["items"][0]
    assert (corrected["actual"], corrected["reason"]) == ("91", "The ledger was closed.")


@pytest.mark.usefixtures("project")
def test_which_of_two_is_meant_is_not_guessed(people: Callers) -> None:
    other = {**GOOD, "actual": "91"}
    last = {**GOOD, "period": "2026-02-28"}
    results = good(people.dan.post("/readings", _each(GOOD, last, other)))["results"]
    assert [each["status"] for each in results] == ["refused", "recorded", "refused"]
    assert results[0]["errors"] == {"period": ["the period stands twice: reading 2 has it too"]}
    assert results[2]["errors"] == {"period": ["the period stands twice: reading 0 has it too"]}


def test_a_project_on_which_nothing_may_be_reported_is_one_row_among_others(
    people: Callers, house: House
) -> None:
    made.add_project(house, "P1")
    results = good(people.sam.post("/readings", _each(GOOD)))["results"]
    [why] = results[0]["errors"]["kpi"]
    assert why.startswith("This takes one of the roles")
    unseen = good(people.nil.post("/readings", _each(GOOD)))["results"]
    assert unseen[0]["errors"] == {"kpi": ["There is no KPI 'P1-K1' that you may see."]}
    assert good(people.dan.get("/kpis/P1-K1/readings"))["items"] == []


@pytest.mark.usefixtures("project")
def test_unless_it_is_asked_for_one_bad_row_keeps_all_out(people: Callers) -> None:
    rows = [GOOD, {**GOOD, "period": "2026-02-28", "actual": "x"}, 3]
    for said in ({}, {"mode": "all"}):
        told = problem(
            people.dan.post("/readings", {"readings": rows, **said}), 422, "invalid-input"
        )
        assert sorted(told["errors"]) == ["readings.1.actual", "readings.2"]
    assert good(people.dan.get("/kpis/P1-K1/readings"))["items"] == []
    wrong = people.dan.post("/readings", {"readings": rows, "mode": "some"})
    assert "mode" in problem(wrong, 422, "invalid-input")["errors"]


MONTHS = [*ends_between(Cadence.MONTHLY, date(2018, 7, 1), date(2026, 10, 31))]
SECONDS = 30
"""Many times what it takes: a query for each row took minutes."""


@pytest.mark.parametrize("mode", ["all", "each"])
def test_ten_thousand_at_once(people: Callers, house: House, mode: str) -> None:
    for project in range(10):
        made.add_project(house, f"P{project}")
        for number in range(10):
            added = {"id": f"P{project}-M{number}", "project": f"P{project}", "name": "x"}
            kpis.add_kpi(house.runtime, house.pia, added, now=NOW)
    rows = [
        {"kpi": f"P{project}-M{number}", "period": month.isoformat(), "actual": number}
        for project in range(10)
        for number in range(10)
        for month in MONTHS
    ]
    assert len(rows) == 10_000
    began = perf_counter()
    results = good(people.dan.post("/readings", {"mode": mode, "readings": rows}))["results"]
    assert perf_counter() - began < SECONDS
    assert {each["status"] for each in results} == {"recorded"}
    again = good(people.dan.post("/readings", {"mode": mode, "readings": rows}))["results"]
    assert {each["status"] for each in again} == {"unchanged"}
    assert audit_state(house.runtime, OPERATOR, project_id="P3").differences == ()
