"""Gates whose criteria read the decision tables of the rulebook in force."""

import json
from datetime import date
from typing import Any

import pytest

from govern.domain.actor import Actor
from govern.domain.decision import Answer
from govern.domain.refusal import FaultyRules
from govern.domain.role import Role
from govern.ledger.canonical import canonical
from govern.observation.facts import tables_of
from govern.observation.frame import observe
from govern.process import criteria
from govern.process.conditions import with_tables
from govern.process.load import load_sources as load_workflows
from govern.rulebook.load import load_sources as load_rules
from govern.services import decisions, gates, people, rulebooks
from govern.services.ballots import Ballot
from govern.services.ledger import SERVICE
from govern.services.people import OPERATOR
from govern.services.workflows import take_workflows
from govern.store import blobs, events
from govern.store import people as stored_people
from tests.services.house import NOW, RULES, House, add_project, publish_rules, report

RATING = """\
schema: govern/rules/v1
area: rating
params: {watch: 90%}
tables:
  - id: kpi-rag
    hit: first
    rows: |
      | attainment || rag     |
      | null       || "grey"  |
      | >= watch   || "green" |
      | -          || "red"   |
"""

WORKFLOW = """\
schema: govern/workflow/v1
id: rated
version: 1
stages: [draft, closed]
gates:
  - id: close
    title: Close
    from: draft
    to: closed
    submit: [project_manager]
    approve: [{role: sponsor}]
    criteria:
      must:
        - id: nothing-red
          title: No KPI is red
          require: count(kpis) > 0 and every k in kpis satisfies k.kpi_rag != "red"
"""


def take(house: House, text: str = WORKFLOW) -> None:
    loaded = load_workflows({"rated.yaml": text}, tables=None)
    assert not loaded.problems
    take_workflows(house.runtime, OPERATOR, loaded.workflows.values(), now=NOW)


def put_in_force(house: House, **files: str) -> str:
    sources = {"benefits.yaml": RULES, **{f"{name}.yaml": text for name, text in files.items()}}
    loaded = load_rules(sources)
    assert loaded.rulebook is not None, loaded.problems
    rulebooks.publish(house.runtime, OPERATOR, loaded.rulebook, note=None, now=NOW)
    return loaded.rulebook.digest


def submitted(house: House, actual: int) -> dict[str, Any]:
    add_project(house, workflow="rated")
    report(house, "P1-K1", {"2026-10-31": actual})
    return gates.submit(house.runtime, house.pia, "P1", "close", now=NOW)


@pytest.mark.parametrize(
    ("actual", "outcome", "advice"), [(950, "met", "go"), (500, "not_met", "recycle")]
)
def test_a_gate_is_judged_with_the_tables_in_force(
    house: House, actual: int, outcome: str, advice: str
) -> None:
    digest = put_in_force(house, rating=RATING)
    take(house)
    found = submitted(house, actual)
    (result,) = found["results"]
    assert (result["outcome"], result["because"], found["advice"]) == (outcome, None, advice)
    assert found["rulebook_digest"] == digest


def test_a_portfolio_reads_the_table_with_its_own_parameters(house: House) -> None:
    own = "params: {watch: 90%}\nportfolios:\n  main: {watch: 40%}"
    put_in_force(house, rating=RATING.replace("params: {watch: 90%}", own))
    take(house)
    assert submitted(house, 500)["results"][0]["outcome"] == "met"


def test_what_a_submission_cites_gives_its_results_again(house: House) -> None:
    put_in_force(house, rating=RATING)
    take(house)
    found = submitted(house, 500)
    put_in_force(house, rating=RATING.replace("90%", "10%"))
    with house.runtime.store.reading() as connection:
        event = events.events_of(connection, "P1", after=0, limit=500)[-1]
        cited = json.loads(event.body)["data"]
        kept = {
            name: blobs.get(connection, cited[f"{name}_digest"])
            for name in ("facts", "rulebook", "workflow")
        }
    content = {name: each.content for name, each in kept.items() if each is not None}
    facts = json.loads(content["facts"])
    rulebook = load_rules(json.loads(content["rulebook"])).rulebook
    workflow = load_workflows({"rated.yaml": content["workflow"].decode()}, tables=None)
    assert rulebook is not None
    gate = with_tables(workflow.workflows["rated"].gates[0], rulebook.readable("main"))
    seen = observe(tables_of([facts]), date.fromisoformat(cited["as_of"]))
    (again,) = criteria.judge(gate, seen)
    assert (again.outcome, again.values) == ("not_met", found["results"][0]["values"])
    assert canonical(cited["results"]) == canonical(found["results"])


def test_without_the_table_the_criterion_is_unknown_and_says_so(house: House) -> None:
    take(house)
    found = submitted(house, 950)
    (result,) = found["results"]
    assert (result["outcome"], result["values"]) == ("unknown", {})
    assert result["because"] == (
        "with the rules in force it cannot be read: a KPI has no field `kpi_rag`"
    )
    assert found["advice"] == "hold"
    assert result["because"] in found["advice_because"][0]


@pytest.fixture
def author(house: House) -> Actor:
    email = "ana@example.org"
    person_id = people.add_person(house.runtime, OPERATOR, email=email, name="Ana", now=NOW)
    for role in (Role.RULE_AUTHOR, Role.RULE_PUBLISHER):
        people.grant_role(house.runtime, OPERATOR, email=email, role=role, now=NOW)
    with house.runtime.store.reading() as connection:
        actor = stored_people.actor_of_person(connection, person_id, NOW)
    assert actor is not None
    return actor


def test_rules_without_a_table_that_a_gate_reads_are_refused(house: House, author: Actor) -> None:
    before = rulebooks.published(house.runtime)["digest"]
    digest = put_in_force(house, rating=RATING)
    take(house)
    add_project(house, workflow="rated")
    with house.runtime.store.reading() as connection:
        told = len(events.events_of(connection, SERVICE, after=0, limit=500))

    def refuse(attempt: Any) -> None:
        with pytest.raises(FaultyRules, match="the gate 'close'") as refused:
            attempt()
        (problem,) = refused.value.facts["problems"]
        assert (problem["code"], problem["path"]) == ("E417", "rated.yaml")

    refuse(lambda: publish_rules(house.runtime, RULES))
    refuse(
        lambda: rulebooks.propose(
            house.runtime, author, {"benefits.yaml": RULES + "# shorter\n"}, note="No", now=NOW
        )
    )
    refuse(lambda: rulebooks.publish_proposed(house.runtime, author, before, now=NOW))
    assert rulebooks.published(house.runtime)["digest"] == digest
    with house.runtime.store.reading() as connection:
        assert len(events.events_of(connection, SERVICE, after=0, limit=500)) == told


def test_a_table_may_go_once_no_project_under_way_needs_it(house: House) -> None:
    put_in_force(house, rating=RATING)
    take(house)
    without = WORKFLOW.replace("version: 1", "version: 2").replace(
        'every k in kpis satisfies k.kpi_rag != "red"', "budget != null"
    )
    add_project(house, workflow="rated")
    take(house, without)
    with pytest.raises(FaultyRules, match="version 1"):
        publish_rules(house.runtime, RULES)
    submission = gates.submit(house.runtime, house.pia, "P1", "close", now=NOW)

    decisions.vote(
        house.runtime,
        house.sam,
        submission["id"],
        Ballot(Answer.KILL, "Over.", "Over."),
        version=submission["version"],
        now=NOW,
    )
    publish_rules(house.runtime, RULES)


def test_what_could_not_be_read_before_is_no_loss(house: House) -> None:
    take(house)
    publish_rules(house.runtime, RULES + "# longer\n")
