"""What each resource does when all is well, on both databases."""

from typing import Any

import pytest

from tests.services import house as made
from tests.services.house import EVIDENCE, House
from tests.web.caller import Callers, good, problem

pytestmark = pytest.mark.usefixtures("project")

NEW_PROJECT = {"id": "P2", "portfolio": "main", "name": "Second", "tags": ["a", "b"]}


def test_a_project_is_added_read_and_changed(people: Callers) -> None:
    added = people.pia.post("/projects", {**NEW_PROJECT, "budget": "12.50", "start": "2026-01-01"})
    told = good(added, 201)
    assert added.headers["ETag"] == '"v1"'
    assert added.headers["Location"] == "/api/v1/projects/P2"
    assert (told["budget"], told["stage"], told["start"]) == ("12.5", "draft", "2026-01-01")
    assert {"gate": None, "decision": "hold", "to": "on_hold"} in told["legal"]

    changed = people.pia.patch("/projects/P2", {"spent": 3, "tags": []}, version=1)
    assert changed.headers["ETag"] == '"v2"'
    assert good(changed)["spent"] == "3"
    read = people.aud.get("/projects/P2")
    assert good(read) == good(changed)
    assert read.headers["ETag"] == '"v2"'


def test_what_the_caller_has_already_is_not_sent_again(people: Callers) -> None:
    tag = people.pia.get("/projects/P1").headers["ETag"]
    again = people.pia.get("/projects/P1", headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert people.pia.get("/projects/P1", headers={"If-None-Match": '"v99"'}).status_code == 200


def test_a_kpi_is_added_changed_and_planned(people: Callers) -> None:
    new = {"id": "K 2", "project": "P1", "name": "Cost", "direction": "decrease", "weight": 2}
    told = good(people.pia.post("/kpis", new), 201)
    assert (told["weight"], told["cadence"], told["baseline"]) == ("2", "monthly", None)
    changed = people.pia.patch("/kpis/K%202", {"baseline": "0.1"}, version=1)
    assert good(changed)["baseline"] == "0.1"

    plan = {"planned": [{"period": "2026-01-31", "planned": "7"}]}
    assert good(people.pia.post("/kpis/K%202/plan", plan)) == {
        "kpi": "K 2",
        "planned": [{"period": "2026-01-31", "planned": "7"}],
        "recorded": 1,
    }
    assert good(people.pia.post("/kpis/K%202/plan", plan))["recorded"] == 0
    assert good(people.pia.get("/kpis/K%202/plan"))["planned"] == plan["planned"]
    assert [each["id"] for each in good(people.pia.get("/kpis?project=P1"))["items"]] == [
        "K 2",
        "P1-K1",
    ]


def test_readings_are_recorded_corrected_and_left_alone(people: Callers) -> None:
    one = people.dan.post("/kpis/P1-K1/readings", {"period": "2026-01-31", "actual": "90"})
    assert good(one, 201) == {"kpi": "P1-K1", "period": "2026-01-31", "status": "recorded"}
    many = {
        "readings": [
            {"kpi": "P1-K1", "period": "2026-01-31", "actual": 90},
            {"kpi": "P1-K1", "period": "2026-02-28", "actual": None, "note": "late"},
        ]
    }
    assert [each["status"] for each in good(people.dan.post("/readings", many))["results"]] == [
        "unchanged",
        "recorded",
    ]
    many["readings"][0]["actual"] = "91.5"
    unexplained = problem(people.dan.post("/readings", many), 422, "invalid-input")
    assert list(unexplained["errors"]) == ["readings.0.reason"]
    one = people.dan.post("/kpis/P1-K1/readings", {"period": "2026-01-31", "actual": "91.5"})
    assert problem(one, 422, "invalid-input")["errors"] == {
        "reason": [
            "it corrects 90, which was recorded on 2026-11-24: say why it is corrected",
        ]
    }
    many["readings"][0]["reason"] = "An invoice was missing."
    assert [each["status"] for each in good(people.dan.post("/readings", many))["results"]] == [
        "corrected",
        "unchanged",
    ]
    in_force = good(people.dan.get("/kpis/P1-K1/readings"))["items"]
    assert [each["actual"] for each in in_force] == ["91.5", None]
    every = good(people.dan.get("/kpis/P1-K1/readings?history=true&sort=-recorded_at"))["items"]
    assert len(every) == 3


def test_one_bad_reading_and_none_is_recorded(people: Callers) -> None:
    many = {
        "readings": [
            {"kpi": "P1-K1", "period": "2026-01-31", "actual": "90"},
            {"kpi": "P1-K1", "period": "2026-02-27", "actual": "90"},
        ]
    }
    told = problem(people.dan.post("/readings", many), 422, "invalid-input")
    assert list(told["errors"]) == ["readings.1.period"]
    assert good(people.dan.get("/kpis/P1-K1/readings"))["items"] == []
    one = people.dan.post("/kpis/P1-K1/readings", {"period": "2026-02-27", "actual": "90"})
    assert list(problem(one, 422, "invalid-input")["errors"]) == ["period"]


def test_a_deliverable_is_added_and_tied_to_its_kpi(people: Callers) -> None:
    new = {"id": "D2", "project": "P1", "name": "App", "serves": {"P1-K1": "0.4"}}
    added = people.pia.post("/deliverables", new)
    assert good(added, 201)["serves"] == {"P1-K1": "0.4"}
    done = {"state": "done", "done_on": "2026-11-20", "serves": {"P1-K1": None}}
    assert good(people.pia.patch("/deliverables/D2", done, version=1))["serves"] == {"P1-K1": None}
    assert good(people.pia.get("/deliverables/D2"))["state"] == "done"
    too_much = people.pia.patch("/deliverables/D2", {"serves": {"P1-K1": 0.5}}, version=2)
    assert list(problem(too_much, 422, "invalid-input")["errors"]) == ["serves.P1-K1"]
    assert len(good(people.pia.get("/deliverables?state=done"))["items"]) == 1


def _submit(people: Callers, gate: str = "value_defined", **options: Any) -> Any:
    version = good(people.pia.get("/projects/P1"))["version"]
    evidence = [{"name": name, "link": "https://example.org"} for name in EVIDENCE[gate]]
    return people.pia.post(
        "/projects/P1/submissions",
        {"gate": gate, "evidence": evidence, **options},
        version=version,
    )


def test_a_gate_is_submitted_decided_and_told(people: Callers) -> None:
    made_one = _submit(people, note="Ready")
    told = good(made_one, 201)
    where = made_one.headers["Location"].removeprefix("/api/v1")
    assert told["advice"] == "go"
    assert told["results"][0]["outcome"] == "met"
    assert [each["role"] for each in told["missing"]] == ["sponsor"]

    waiting = good(people.sam.get("/waiting"))
    assert [each["submission"] for each in waiting["gates"]] == [told["id"]]
    assert waiting["gates"][0]["as"] == ["sponsor"]

    yes = {"decision": "go", "reason": "The value is clear."}
    voted = people.sam.post(f"{where}/votes", yes, version=told["version"])
    assert good(voted, 201)["decision"] == "go"
    assert voted.headers["ETag"] == f'"v{told["version"] + 1}"'
    assert good(people.sam.get(where)) == good(voted, 201)
    assert good(people.pia.get("/projects/P1"))["stage"] == "value_defined"
    assert [each["id"] for each in good(people.sam.get("/submissions?state=decided"))["items"]] == [
        told["id"]
    ]

    kinds = [each["kind"] for each in good(people.aud.get("/projects/P1/history"))["items"]]
    assert kinds[-4:] == ["gate.submitted", "vote.cast", "gate.decided", "stage.moved"]
    of_gate = people.aud.get("/projects/P1/gates/value_defined/history")
    assert [each["kind"] for each in good(of_gate)["items"]] == kinds[-4:]
    facts = good(people.aud.get(f"/projects/P1/facts/{told['facts_digest']}"))
    assert facts["digest"] == told["facts_digest"]
    assert facts["facts"]


def test_a_conditional_go_leaves_a_condition_to_close(people: Callers) -> None:
    told = good(_submit(people), 201)
    vote = {
        "decision": "conditional_go",
        "reason": "One thing is missing.",
        "override_reason": "The owner has to be named.",
        "conditions": [{"text": "Name an owner.", "owner": "Pia", "due": "2026-12-24"}],
    }
    good(people.sam.post(f"/submissions/{told['id']}/votes", vote, version=told["version"]), 201)
    [owed] = good(people.pia.get("/conditions?state=open&project=P1"))["items"]
    assert owed["due"] == "2026-12-24"
    assert [each["id"] for each in good(people.pia.get("/waiting"))["conditions"]] == [owed["id"]]
    read = people.sam.get(f"/conditions/{owed['id']}")
    closed = people.sam.post(
        f"/conditions/{owed['id']}/close",
        {"evidence": "Named in the minutes."},
        version=read.headers["ETag"],
    )
    assert good(closed)["state"] == "closed"


def test_a_project_is_held_resumed_and_ended(people: Callers) -> None:
    held = people.sam.post(
        "/projects/P1/moves", {"decision": "hold", "reason": "Supplier lost."}, version=1
    )
    assert (good(held)["stage"], good(held)["held_from"]) == ("on_hold", "draft")
    wrong = people.sam.post(
        "/projects/P1/moves", {"decision": "hold", "reason": "Again."}, version=2
    )
    assert problem(wrong, 409, "illegal-move")["legal"]
    back = people.sam.post(
        "/projects/P1/moves", {"decision": "resume", "reason": "New one."}, version=2
    )
    assert good(back)["stage"] == "draft"
    ended = people.sam.post(
        "/projects/P1/moves", {"decision": "kill", "reason": "Pointless."}, version=3
    )
    assert good(ended)["stage"] == "terminated"


def test_a_sweep_finds_and_recommends_and_an_answer_is_kept(people: Callers, house: House) -> None:
    made.report(house, "P1-K1", {"2026-10-31": 100})
    missing = people.pia.get("/sweeps/current")
    problem(missing, 404, "not-found")
    swept = good(people.op.post("/sweeps", {"as_of": "2026-10-31"}))
    assert (swept["counts"]["fires"], swept["proposed"], swept["unchanged"]) == (1, 1, False)
    assert good(people.op.post("/sweeps", {"as_of": "2026-10-31"}))["unchanged"] is True
    assert good(people.pia.get("/sweeps/current"))["id"] == swept["id"]
    [found] = good(people.pia.get("/findings?state=fires&severity=red&kpi=P1-K1"))["items"]
    assert found["message"] == "Revenue at 10% of plan"
    by_sweep = people.pia.get("/findings", query={"sweep": swept["id"], "rule": "behind-plan"})
    assert good(by_sweep)["items"] == [found]

    [proposed] = good(people.sam.get("/recommendations?status=proposed&action=descope"))["items"]
    assert good(people.sam.get("/waiting"))["recommendations"] == [proposed]
    where = f"/recommendations/{proposed['id']}"
    read = people.sam.get(where)
    later = {"answer": "defer", "reason": "After the audit.", "deferred_until": "2026-12-31"}
    deferred = people.sam.post(f"{where}/answers", later, version=read.headers["ETag"])
    assert good(deferred)["status"] == "deferred"
    no = {"answer": "reject", "reason": "It is needed."}
    rejected = people.sam.post(f"{where}/answers", no, version=deferred.headers["ETag"])
    assert good(rejected)["status"] == "rejected"
    again = people.sam.post(f"{where}/answers", no, version=rejected.headers["ETag"])
    told = problem(again, 409, "recommendation-closed")
    assert (told["status"], told["state"], told["allowed"]) == (409, "rejected", [])


def test_who_am_i_and_by_which_rules_and_process(people: Callers) -> None:
    me = good(people.max.get("/me"))
    assert me["name"] == "Max"
    assert {"role": "sponsor", "portfolio": "main", "project": None} in me["roles"]
    workflow = good(people.pia.get("/workflows/value-realization"))
    assert workflow["stages"][0] == "draft"
    assert workflow["mermaid"].startswith("stateDiagram-v2")
    assert workflow["gates"][0]["from"] == "draft"
    assert good(people.pia.get("/projects/P1/workflow"))["digest"] == workflow["digest"]
    assert [rule["id"] for rule in good(people.pia.get("/rulebook"))["rules"]] == ["behind-plan"]
    assert good(people.nobody.get("/health"))["status"] == "ok"


def test_the_chain_of_the_service_is_for_auditors(people: Callers) -> None:
    told = good(people.eve.get("/service/history?limit=2"))
    assert [each["seq"] for each in told["items"]] == [1, 2]
    assert told["next"] == "2"
    problem(people.pia.get("/service/history"), 403, "not-allowed")


def test_readings_are_validated_by_their_ids_and_say_so(people: Callers) -> None:
    month = {"kpi": "P1-K1", "period": "2026-10-31", "actual": "7"}
    good(people.dan.post("/readings", {"readings": [month]}))
    (reported,) = good(people.aud.get("/kpis/P1-K1/readings?state=provisional"))["items"]
    assert (reported["state"], reported["validated_by"]) == ("provisional", None)
    told = good(people.fay.post("/readings/validations", {"readings": [reported["id"]]}))
    assert told["results"] == [
        {
            "reading": reported["id"],
            "kpi": "P1-K1",
            "period": "2026-10-31",
            "status": "validated",
        }
    ]
    (validated,) = good(people.aud.get("/kpis/P1-K1/readings?state=validated"))["items"]
    assert validated["validated_at"] == "2026-11-24T10:00:00.000000Z"
    asked = {"readings": [reported["id"], 999]}
    assert problem(people.fay.post("/readings/validations", asked), 404, "not-found")[
        "readings"
    ] == [999]
    again = people.dan.post("/readings/validations", {"readings": [reported["id"]]})
    refused = problem(again, 403, "not-allowed")
    assert refused["needed"] == ["finance"]


def test_which_duties_are_separated_is_told_to_everybody(people: Callers) -> None:
    pairs = {each["pair"]: each for each in good(people.dan.get("/separation"))["pairs"]}
    assert pairs["submitter/decider"]["kept_in"] == "always"
    assert pairs["reading_submitter/decider"]["separated"] is None
    assert pairs["rule_author/rule_publisher"]["separated"] is True


def test_a_benefits_map_is_read_and_drawn(people: Callers, project: str) -> None:
    goal = {"id": "GROW", "name": "Grow <at home>"}
    good(people.op.post("/objectives", goal), 201)
    named = {"id": "P1-O1", "project": "P1", "name": "Orders & nights", "serves": {"P1-K1": "0.4"}}
    added = people.pia.post("/outcomes", named)
    assert added.headers["Location"].endswith("/outcomes/P1-O1")
    assert good(added, 201)["serves"] == {"P1-K1": "0.4"}
    changed = {"produces": {"P1-O1": 0.5}, "serves": {}}
    good(people.pia.patch("/deliverables/P1-D1", changed, version=1))
    good(people.pia.patch("/kpis/P1-K1", {"supports": {"GROW": None}}, version=1))
    told = good(people.aud.get("/projects/P1/benefits-map"))
    assert told["contributions"] == [{"deliverable": "P1-D1", "kpi": "P1-K1", "share": "0.2"}]
    assert told["objectives"] == [{"objective": "GROW", "share": None}]
    assert told["problems"] == []
    drawn = people.aud.get("/projects/P1/benefits-map.svg")
    assert drawn.content_type == "image/svg+xml; charset=utf-8"
    assert "Grow &lt;at home&gt;" in drawn.get_data(as_text=True)
    assert "default-src 'none'" in drawn.headers["Content-Security-Policy"]
    written = people.aud.get("/projects/P1/benefits-map.mmd")
    assert written.content_type == "text/plain; charset=utf-8"
    assert "Orders #38; nights" in written.get_data(as_text=True)
    for kind in ("", ".svg", ".mmd"):
        problem(people.nil.get(f"/projects/P1/benefits-map{kind}"), 404, "not-found")


def test_a_circle_of_outcomes_is_refused_by_field(people: Callers, project: str) -> None:
    for number in (1, 2):
        named = {"id": f"P1-O{number}", "project": "P1", "name": "x"}
        named |= {"leads_to": {"P1-O1": None}} if number == 2 else {}
        good(people.pia.post("/outcomes", named), 201)
    back = people.pia.patch("/outcomes/P1-O1", {"leads_to": {"P1-O2": None}}, version=1)
    told = problem(back, 422, "invalid-input")
    assert told["errors"] == {"leads_to.P1-O2": ["would lead round: P1-O1 → P1-O2 → P1-O1"]}
