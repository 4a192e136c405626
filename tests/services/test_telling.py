"""The history in sentences."""

from govern.services import history, recommendations
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, add_project, report, submit
from tests.services.test_gates import to_stage, vote
from tests.services.test_sweeps import answer


def test_every_event_of_a_project_tells_a_sentence(house: House) -> None:
    project = add_project(house, spent=None)
    first = submit(house, project, "value_defined")
    vote(house, "sam", first, "recycle", reason="Too vague.", override_reason="Who owns it?")
    to_stage(house, project, "monitoring")
    report(house, "P1-K1", {"2026-10-31": 700})
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    (open_one,) = recommendations.list_recommendations(
        house.runtime, house.sam, PageRequest(), status="proposed", now=NOW
    ).items
    answer(house, open_one["id"], "rejected")
    told = {
        event["kind"]: event["told"]
        for event in history.project_history(house.runtime, house.aud, project).items
    }
    assert told["project.added"] == "'Project P1' enters in stage draft"
    assert told["plan.recorded"] == "12 planned values of P1-K1 for 2026-01-31 to 2026-12-31"
    assert told["readings.recorded"] == "reading of P1-K1 for 2026-10-31: 700"
    assert "go as gatekeeper on submission 4: Because." in told["vote.cast"]
    assert told["gate.decided"].startswith("gate monitoring: go, against the advice")
    assert told["stage.moved"] == "from planned to monitoring by go at gate monitoring"
    assert told["recommendation.rejected"] == "recommendation 1 by rule behind-plan: Because."
    assert not [text for text in told.values() if "{" in text]
