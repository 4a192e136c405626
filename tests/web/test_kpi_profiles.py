"""KPIs by the API: their profile, templates, and what composites come to, now and then."""

from datetime import timedelta
from typing import Any

from tests.services import house as made
from tests.services.house import NOW, House
from tests.web.caller import Callers, good, problem
from tests.web.test_as_of import seal

JAN = "2026-01-31"


def add(people: Callers, kpi_id: str, project: str = "P1", **fields: Any) -> dict[str, Any]:
    body = {"id": kpi_id, "project": project, "name": kpi_id, **fields}
    return good(people.pia.post("/kpis", body), 201)


def report(people: Callers, kpi_id: str, actual: str) -> None:
    reading = {"period": JAN, "actual": actual}
    good(people.dan.post(f"/kpis/{kpi_id}/readings", reading), 201)


def test_a_profile_says_what_it_lacks(people: Callers, project: str) -> None:
    whole = people.pia.get("/kpis/P1-K1")
    assert good(whole)["profile"] == {"complete": True, "missing": []}
    change = {"baseline_source": None}
    good(people.pia.call("PATCH", "/kpis/P1-K1", change, version=good(whole)["version"]))
    told = good(people.pia.get("/kpis/P1-K1"))["profile"]
    assert told["complete"] is False
    assert told["missing"] == ["baseline_source"]
    (listed,) = good(people.pia.get("/kpis?project=P1"))["items"]
    assert listed["profile"] == told


def test_a_kpi_is_made_from_a_template(people: Callers, project: str) -> None:
    (template,) = [
        each
        for each in good(people.pia.get("/kpi-templates?category=satisfaction"))["items"]
        if each["id"] == "churn"
    ]
    assert template == good(people.pia.get("/kpi-templates/churn"))
    added = add(people, "CHURN", template="churn", tolerance="0.4")
    for name in ("unit", "direction", "aggregation", "tolerance_red", "tolerance_in"):
        assert added[name] == template[name]
    assert (added["tolerance"], added["formula"]) == ("0.4", None)
    problem(people.pia.get("/kpi-templates/chrun"), 404, "not-found")
    body = {"id": "X", "project": "P1", "name": "X", "template": "chrun"}
    refused = problem(people.pia.post("/kpis", body), 422, "invalid-input")
    assert "Did you mean 'churn'?" in refused["errors"]["template"][0]


def test_a_composite_tells_what_it_was_computed_from(people: Callers, project: str) -> None:
    add(people, "gain")
    add(people, "COST-1")
    inputs = {"cost": "COST-1"}
    added = add(people, "ROI", formula="(gain - cost) / cost", inputs=inputs)
    assert added["inputs"] == {"cost": "COST-1", "gain": "gain"}
    report(people, "gain", "6")
    report(people, "COST-1", "4")
    told = good(people.aud.get("/kpis/ROI/computed"))
    (item,) = told["items"]
    assert (item["period"], item["actual"], item["validated"]) == (JAN, "0.5", False)
    assert [(each["name"], each["actual"]) for each in item["inputs"]] == [
        ("cost", "4"),
        ("gain", "6"),
    ]
    assert item["parts"]["value"] == "0.5"
    problem(people.aud.get("/kpis/gain/computed"), 422, "invalid-input")
    refused = people.dan.post("/kpis/ROI/readings", {"period": JAN, "actual": "1"})
    assert "computed from others" in refused.text
    assert refused.status_code == 422
    body = {"id": "X", "project": "P1", "name": "X", "formula": "gain / (cost"}
    wrong = problem(people.pia.post("/kpis", body), 422, "invalid-input")
    assert list(wrong["errors"]) == ["formula"]
    nothing = people.nil.get("/kpis/ROI/computed")
    problem(nothing, 404, "not-found")


def test_what_it_came_to_then_stands_with_inputs_of_another_project(
    house: House, people: Callers, project: str
) -> None:
    made.add_project(house, "P2")
    add(people, "COST-2", project="P2")
    add(people, "gain")
    add(people, "ROI", formula="gain / cost", inputs={"cost": "COST-2"})
    report(people, "gain", "6")
    report(people, "COST-2", "4")
    path = "/kpis/ROI/computed"
    before = good(people.aud.get(path))
    size = seal(house, NOW - timedelta(hours=1))
    made.report(house, "COST-2", {JAN: 3})
    assert good(people.aud.get(path))["items"][0]["actual"] == "2"
    assert before["items"][0]["actual"] == "1.5"
    assert good(people.aud.get(f"{path}?as_of_size={size}")) == before
