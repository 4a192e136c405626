"""Alternatives over the web: what is told can be proposed as it is; what cannot be asked has its place."""

from datetime import date
from decimal import Decimal

import pytest

from govern.services import deliverables
from tests.services.house import NOW, House, add_project, report
from tests.services.test_gates import to_stage
from tests.services.test_rollup import MONTHS, add
from tests.web.caller import Callers, everybody, good, problem


@pytest.fixture
def people(house: House) -> Callers:
    """SAVING comes to 96 where 120 was promised; half of it is brought by P1-D2, planned for May."""
    add_project(house)
    add(house, "SAVING", [8] * 10)
    report(house, "P1-K1", dict.fromkeys(MONTHS, 700))
    planned = {
        "id": "P1-D2",
        "project": "P1",
        "name": "Second shop",
        "due": date(2027, 5, 31),
        "cost": Decimal("120.50"),
        "serves": {"SAVING": Decimal("0.5")},
    }
    deliverables.add_deliverable(house.runtime, house.pia, planned, now=NOW)
    return everybody(house)


def test_what_is_told_can_be_proposed_as_it_is(people: Callers) -> None:
    to_stage(people.house, "P1", "planned")
    asked = {
        "alternatives": [
            {"action": "descope", "deliverables": ["P1-D2"]},
            {"action": "rephase", "kpi": "SAVING"},
            {"action": "rebaseline", "kpi": "SAVING"},
            {"action": "accelerate", "deliverables": ["P1-D2"], "to": "2026-11-30"},
            {"action": "expand", "deliverables": ["P1-D2"], "by": "0.2"},
            {"action": "hold_funding", "until": "2027-03-31"},
            {"action": "terminate"},
        ]
    }
    found = good(people.sam.post("/projects/P1/alternatives", asked))
    assert found["not_possible"] == []
    for each in found["alternatives"][1:]:
        assert each["changes"], each["name"]
        body = {"changes": each["changes"]}
        preview = people.pia.post("/projects/P1/scope-change-previews", body)
        assert preview.status_code == 200, (each["name"], preview.text)


def test_numbers_are_told_exactly(people: Callers) -> None:
    asked = {"alternatives": [{"action": "descope", "deliverables": ["P1-D2"]}]}
    found = good(people.aud.post("/projects/P1/alternatives", asked))
    [_, descoped] = found["alternatives"]
    [row] = [each for each in descoped["kpis"] if each["kpi"] == "SAVING"]
    # 96, of which 80 are reported: half of the 16 to come is lost; thousands of EUR.
    told = {name: row[name] for name in ("without", "with", "change", "reported", "worth_with")}
    assert told == {
        "without": "96",
        "with": "88",
        "change": "-8",
        "reported": "80",
        "worth_with": "88000",
    }
    assert descoped["budget"]["saved"] == "120.5"
    assert descoped["changes"] == [{"kind": "drop_deliverable", "deliverable": "P1-D2"}]
    assert descoped["to_go"] is None


def test_what_cannot_be_asked_has_its_place(people: Callers) -> None:
    asked = {"alternatives": [{"action": "terminate", "periods": 2}, {"action": "cut"}]}
    refused = problem(people.sam.post("/projects/P1/alternatives", asked), 422, "invalid-input")
    assert "alternatives.1.action" in refused["errors"]
    asked = {"alternatives": [{"action": "terminate", "periods": 2}]}
    refused = problem(people.sam.post("/projects/P1/alternatives", asked), 422, "invalid-input")
    assert refused["errors"] == {"alternatives.0.periods": ["has no meaning for terminate"]}


def test_asking_writes_nothing(people: Callers) -> None:
    before = good(people.aud.get("/projects/P1/history"))
    good(people.sam.post("/projects/P1/alternatives", {"alternatives": [{"action": "terminate"}]}))
    assert good(people.aud.get("/projects/P1/history")) == before
