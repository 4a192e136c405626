"""Why a rule says what it says, asked of the stored portfolio, on both databases."""

from datetime import date

import pytest

from govern.domain.refusal import FaultyRules, InvalidInput, NotFound
from govern.services.explaining import explain
from govern.services.judging import draft_of
from govern.services.people import OPERATOR
from govern.services.rulebooks import published
from tests.services.house import NOW, RULES, House, add_project, publish_rules, report

DRAFT = RULES.replace("params: {act: 80%, watch: 90%}", "params: {act: 50%, watch: 60%}")


@pytest.fixture
def project(house: House) -> str:
    add_project(house)
    report(house, "P1-K1", {"2026-08-31": 800, "2026-09-30": 630, "2026-10-31": 700})
    return "P1"


def test_a_rule_of_the_rulebook_in_force(house: House, project: str) -> None:
    told = explain(house.runtime, house.pia, project, rule="behind-plan", now=NOW)
    assert told["as_of"] == date(2026, 11, 24)
    assert told["rulebook_digest"] == published(house.runtime)["digest"]
    (item,) = told["items"]
    assert (item["kpi"], item["period"], item["state"]) == ("P1-K1", date(2026, 10, 31), "fires")
    assert item["sentence"] == "Red since the period to 30 September 2026: Revenue at 70% of plan"
    when = item["conditions"][1]
    assert (when["name"], when["text"], when["value"]) == ("when", "attainment < act", "true")
    assert [(each["text"], each["value"]) for each in when["parts"]] == [
        ("attainment", "0.7"),
        ("act", "0.8"),
    ]
    last = item["periods"][-1]
    assert (last["planned"], last["actual"], last["attainment"]) == ("1000", "700", "0.7")
    assert item["action"] == "descope"


def test_an_earlier_period_and_one_kpi(house: House, project: str) -> None:
    asked = {"rule": "behind-plan", "kpi": "P1-K1", "now": NOW}
    told = explain(house.runtime, house.pia, project, on=date(2026, 9, 1), **asked)
    assert [(each["period"], each["state"]) for each in told["items"]] == [
        (date(2026, 8, 31), "silent")
    ]
    with pytest.raises(NotFound, match="by 2025-01-01"):
        explain(house.runtime, house.pia, project, on=date(2025, 1, 1), **asked)


def test_a_draft_and_an_earlier_revision(house: House, project: str) -> None:
    first = published(house.runtime)["digest"]
    draft = draft_of({"draft.yaml": DRAFT})
    told = explain(house.runtime, house.pia, project, draft=draft, now=NOW)
    assert (told["rulebook_digest"], told["items"][0]["state"]) == (draft.digest, "silent")
    assert published(house.runtime)["digest"] == first, "nothing is published by trying it"
    publish_rules(house.runtime, DRAFT)
    now_told = explain(house.runtime, house.pia, project, now=NOW)
    assert now_told["items"][0]["state"] == "silent"
    before = explain(house.runtime, house.pia, project, revision=first, now=NOW)
    assert before["items"][0]["state"] == "fires"


def test_what_cannot_be_explained_is_refused(house: House, project: str) -> None:
    def ask(project: str = project, **asked: object) -> None:
        explain(house.runtime, house.pia, project, now=NOW, **asked)  # type: ignore[arg-type]

    with pytest.raises(NotFound, match="Did you mean 'behind-plan'"):
        ask(rule="behind-plane")
    with pytest.raises(NotFound, match="no KPI 'P1-K9'"):
        ask(kpi="P1-K9")
    with pytest.raises(NotFound, match="no project 'P9'"):
        ask("P9")
    with pytest.raises(NotFound, match="No rulebook sha256:00"):
        ask(revision="sha256:00")
    with pytest.raises(InvalidInput):
        ask(on=date(2026, 11, 25))
    with pytest.raises(FaultyRules) as faulty:
        draft_of({"draft.yaml": DRAFT.replace("attainment < act", "attainmnt < act")})
    (error,) = [each for each in faulty.value.facts["problems"] if each["level"] == "error"]
    assert (error["path"], error["line"], error["column"]) == ("draft.yaml", 10, 11)
    assert error["help"] == "did you mean 'attainment'?"
    nobody = explain(house.runtime, OPERATOR, project, rule="behind-plan", now=NOW)
    assert nobody["items"]


def test_a_rule_on_projects_has_no_kpi(house: House, project: str) -> None:
    draft = draft_of(
        {
            "a.yaml": "schema: govern/rules/v1\narea: x\nrules:\n"
            "  - {id: many, title: Many, scope: project, when: count(kpis) > 0, severity: red, "
            "message: '{name}'}\n"
        }
    )
    (item,) = explain(house.runtime, house.pia, project, draft=draft, now=NOW)["items"]
    assert (item["kpi"], item["sentence"][:3]) == (None, "Red")
    assert item["action"] is None
    with pytest.raises(InvalidInput, match="project as a whole"):
        explain(house.runtime, house.pia, project, rule="many", kpi="P1-K1", draft=draft, now=NOW)
    assert (
        explain(house.runtime, house.pia, project, kpi="P1-K1", draft=draft, now=NOW)["items"] == []
    )
