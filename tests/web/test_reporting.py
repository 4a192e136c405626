"""What is due and how reports came, as the web API tells it; and readings with all that is said of them."""

import pytest

from tests.services import timed
from tests.services.house import House, report
from tests.web.caller import Callers, everybody, good, problem


@pytest.fixture
def people(house: House) -> Callers:
    """P1 reports; August of 2026 is missing."""
    timed.take(house)
    timed.start(house)
    report(house, "P1-K1", {f"2026-{end}": 1 for end in ("08-31", "10-31")})
    report(house, "P1-K1", {"2026-08-31": None})
    timed.pass_gate(house, "P1", "start")
    return everybody(house)


def test_it_is_listed_by_kpi_with_the_periods(people: Callers) -> None:
    (found,) = good(people.dan.get("/readings/due?overdue=true"))["items"]
    assert (found["kpi"], found["owner"]) == ("P1-K1", "Olga")
    periods = [each["period"] for each in found["periods"]]
    assert periods == [
        *("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"),
        *("2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30"),
    ]
    # January ended on a Saturday.
    assert found["periods"][0] == {
        "period": "2026-01-31",
        "due": "2026-02-02",
        "state": "overdue",
        "days_over": 295,
    }
    assert found["overdue_days"] == 295
    assert good(people.dan.get("/readings/due?overdue=false"))["items"] == []
    assert good(people.dan.get("/readings/due?owner=Ulf"))["items"] == []
    (ahead,) = good(people.dan.get("/readings/due?project=P1&by=2026-11-30"))["items"]
    assert ahead["periods"][-1]["state"] == "not_yet"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("by=soon", "by"),
        ("overdue=1", "overdue"),
        ("sort=name", "sort"),
        ("limit=0", "limit"),
        ("cursor=x", "cursor"),
        ("late=true", "late"),
    ],
)
def test_what_cannot_be_asked_is_named(people: Callers, query: str, field: str) -> None:
    told = problem(people.dan.get(f"/readings/due?{query}"), 422, "invalid-input")
    assert list(told["errors"]) == [field]


def test_a_project_or_kpi_that_is_not_there(people: Callers) -> None:
    problem(people.dan.get("/readings/due?project=P9"), 404, "not-found")
    problem(people.dan.get("/kpis/K9/punctuality"), 404, "not-found")


def test_how_reports_came(people: Callers) -> None:
    told = good(people.dan.get("/kpis/P1-K1/punctuality?periods=2"))
    assert (told["on_time"], told["late"], told["missing"], told["due"]) == (0, 1, 1, 0)
    assert [each["state"] for each in told["reports"]] == ["missing", "late"]
    refused = people.dan.get("/kpis/P1-K1/punctuality?periods=121")
    assert list(problem(refused, 422, "invalid-input")["errors"]) == ["periods"]


def test_row_by_row_only_the_correction_without_a_reason_is_refused(people: Callers) -> None:
    rows = [
        {"kpi": "P1-K1", "period": "2026-10-31", "actual": 2},
        {"kpi": "P1-K1", "period": "2026-08-31", "actual": 2},
        {"kpi": "P1-K1", "period": "2026-09-30", "actual": 2},
    ]
    told = good(people.dan.post("/readings", {"mode": "each", "readings": rows}))["results"]
    # August had been reported without a figure: there is nothing to explain.
    assert [each["status"] for each in told] == ["refused", "corrected", "recorded"]
    assert list(told[0]["errors"]) == ["reason"]
    rows[0]["reason"] = "It was the other shop's."
    told = good(people.dan.post("/readings", {"mode": "each", "readings": rows}))["results"]
    assert [each["status"] for each in told] == ["corrected", "unchanged", "unchanged"]


def test_what_is_said_of_a_reading_is_told_again(people: Callers) -> None:
    said = {
        "period": "2026-09-30",
        "actual": "900",
        "note": "Two days are missing.",
        "confidence": "low",
        "link": "https://example.org/ledger/9",
    }
    good(people.dan.post("/kpis/P1-K1/readings", said), 201)
    better = said | {"actual": "905", "confidence": "high", "reason": "They came in."}
    assert good(people.dan.post("/kpis/P1-K1/readings", better), 201)["status"] == "corrected"
    # Who says less about the same figure says something else, and says why.
    plain = {"period": "2026-09-30", "actual": "905"}
    problem(people.dan.post("/kpis/P1-K1/readings", plain), 422, "invalid-input")
    items = good(people.dan.get("/kpis/P1-K1/readings?history=true"))["items"]
    first, second = (each for each in items if each["period"] == "2026-09-30")
    for name, value in said.items():
        assert first[name] == value
    assert (first["reason"], first["origin"], first["corrects"]) == (None, None, None)
    assert first["corrected_by"] == second["id"]
    assert second["corrects"] == first["id"]
    assert second["corrected_by"] is None
    assert (second["confidence"], second["reason"]) == ("high", "They came in.")
    for wrong in ("sure", 1, ""):
        refused = people.dan.post("/kpis/P1-K1/readings", better | {"confidence": wrong})
        assert list(problem(refused, 422, "invalid-input")["errors"]) == ["confidence"]
