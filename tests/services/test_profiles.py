"""Benefit profiles: what is refused, what is missing, and what a template fills in."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.profile import ASKED
from govern.domain.refusal import BaselineFrozen, InvalidInput, NotFound
from govern.services import kpi_templates, kpis
from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state
from tests.services.house import NOW, House, add_project
from tests.services.test_gates import to_stage

WHOLE: dict[str, Any] = {
    "description": "What portal customers pay each month.",
    "category": "revenue",
    "unit": "EUR",
    "currency": "EUR",
    "direction": "increase",
    "baseline": Decimal(0),
    "baseline_on": date(2025, 12, 31),
    "baseline_source": "Ledger 2025",
    "target": Decimal(1200),
    "target_on": date(2026, 12, 31),
    "tolerance": Decimal("0.05"),
    "owner": "Olga",
    "department": "Sales",
    "source": "ERP",
    "calculation": "Invoices of the portal.",
    "cashable": True,
}


@pytest.fixture
def project(house: House) -> House:
    """A project, in a house with the catalogue that comes with govern."""
    add_project(house)
    return house


def add(house: House, kpi_id: str = "K", **fields: Any) -> dict[str, Any]:
    values = {"id": kpi_id, "project": "P1", "name": kpi_id, **fields}
    return kpis.add_kpi(house.runtime, house.pia, values, now=NOW)


def change(house: House, **fields: Any) -> dict[str, Any]:
    return kpis.change_kpi(house.runtime, house.pia, "K", fields, version=None, now=NOW)


WRONG: list[tuple[dict[str, Any], str, str]] = [
    (
        {"tolerance": Decimal("0.1"), "tolerance_red": Decimal("0.05")},
        "tolerance_red",
        "is below the tolerance, 0.1",
    ),
    ({"currency": "EUX"}, "currency", "no currency of ISO 4217"),
    ({"currency": "EUR", "unit": "USD"}, "currency", "is not the unit, which is USD"),
    ({"scale": Decimal(0)}, "scale", "is not above zero"),
    ({"attribution": Decimal("1.2")}, "attribution", "not a share from 0 to 1"),
    (
        {"baseline_on": date(2026, 5, 1), "target_on": date(2026, 4, 30)},
        "target_on",
        "before the day of the baseline, 2026-05-01",
    ),
    ({"template": "unit-csot"}, "template", "Did you mean 'unit-cost'?"),
]


@pytest.mark.parametrize(("fields", "field", "says"), WRONG, ids=[each[1] for each in WRONG])
def test_what_cannot_be_so_is_refused_when_added_and_when_changed(
    project: House, fields: dict[str, Any], field: str, says: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(project, **fields)
    assert says in refused.value.facts["errors"][field][0]
    add(project)
    with pytest.raises(InvalidInput) as refused:
        change(project, **fields)
    assert says in refused.value.facts["errors"][field][0]


def test_half_of_what_cannot_be_so_may_stand_already(project: House) -> None:
    add(project, tolerance=Decimal("0.1"))
    with pytest.raises(InvalidInput):
        change(project, tolerance_red=Decimal("0.05"))
    assert change(project, tolerance_red=Decimal("0.1"))["tolerance_red"] == Decimal("0.1")


def test_a_whole_profile_lacks_nothing(project: House) -> None:
    assert add(project, **WHOLE)["profile"] == {"complete": True, "missing": []}


@pytest.mark.parametrize("field", [name for name in ASKED if name != "cashable"])
def test_what_is_left_out_is_missing(project: House, field: str) -> None:
    left = {name: value for name, value in WHOLE.items() if name != field}
    assert add(project, **left)["profile"] == {"complete": False, "missing": [field]}


def test_what_does_not_apply_is_not_missing(project: House) -> None:
    nothing = {"baseline": None, "baseline_on": None, "baseline_source": None}
    held = add(project, **{**WHOLE, **nothing, "direction": "at_least"})
    assert held["profile"]["complete"]
    computed = {**WHOLE, "source": None, "calculation": None, "formula": "K * 2"}
    assert add(project, "K2", **computed)["profile"]["complete"]
    hours = {**WHOLE, "currency": None, "unit": "hours", "cashable": None}
    assert add(project, "K3", **hours)["profile"]["complete"]
    money = {**WHOLE, "cashable": None}
    assert add(project, "K4", **money)["profile"]["missing"] == ["cashable"]


def test_what_was_agreed_is_refused_as_such(project: House) -> None:
    add(project, **WHOLE)
    to_stage(project, "P1", "monitoring")
    with pytest.raises(BaselineFrozen) as refused:
        change(project, attribution=Decimal("0.5"), currency=None)
    assert refused.value.facts["fields"] == ["attribution", "currency"]
    assert change(project, description="Longer")["description"] == "Longer"


def test_a_template_says_what_is_left_out(project: House) -> None:
    made = add(project, template="unit-cost", currency="USD", tolerance=Decimal("0.02"))
    assert (made["direction"], made["aggregation"], made["unit"]) == ("decrease", "mean", "USD")
    assert (made["tolerance"], made["tolerance_red"]) == (Decimal("0.02"), Decimal("0.1"))
    assert (made["calculation"], made["formula"]) == ("Cost divided by volume.", None)
    assert made["template"] == "unit-cost"
    assert audit_state(project.runtime, OPERATOR).differences == ()


def test_tolerances_of_a_template_are_not_taken_in_another_measure(project: House) -> None:
    made = add(project, template="churn", tolerance_in="share", tolerance=Decimal("0.1"))
    assert (made["tolerance"], made["tolerance_red"]) == (Decimal("0.1"), None)


def test_a_template_makes_a_composite_where_its_inputs_are_said(project: House) -> None:
    add(project, "C")
    add(project, "V")
    made = add(project, template="unit-cost", inputs={"cost": "C", "volume": "V"})
    assert (made["formula"], made["inputs"]) == ("cost / volume", {"cost": "C", "volume": "V"})
    with pytest.raises(InvalidInput) as refused:
        add(project, "K2", template="unit-cost", inputs={"cost": "C"})
    assert "name volume" in refused.value.facts["errors"]["formula"][0]


def test_templates_are_listed_and_told(project: House) -> None:
    of_cost = kpi_templates.list_templates(project.runtime, category="cost")
    assert "unit-cost" in [each["id"] for each in of_cost]
    assert {each["category"] for each in of_cost} == {"cost"}
    told = kpi_templates.get_template(project.runtime, "churn")
    assert told["inputs"][0]["name"] == "lost"
    with pytest.raises(NotFound, match="Did you mean 'churn'"):
        kpi_templates.get_template(project.runtime, "chrun")
