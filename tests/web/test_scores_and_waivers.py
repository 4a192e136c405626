"""Scores, waivers and overrides as the web API takes and tells them, on both databases."""

from typing import Any

import pytest

from tests.services.waived_house import submitted
from tests.web.caller import Callers, good, problem

FIT = {"criterion": "strategic-fit", "score": "7.5", "note": "Two of three goals."}
WAIVER = {
    "gate": "start",
    "criterion": "strategic-fit",
    "reason": "The board has said so.",
    "expires_on": "2026-12-31",
}


@pytest.fixture
def opened(people: Callers) -> str:
    return f"/submissions/{submitted(people.house)['id']}"


def test_a_score_is_given_told_and_corrected(people: Callers, opened: str) -> None:
    (waits, _) = good(people.sam.get("/waiting"))["scores"]
    assert (waits["criterion"], waits["as"]) == ("strategic-fit", ["sponsor"])
    scored = people.sam.post(f"{opened}/scores", FIT, version=1)
    told = good(scored, 201)["scorecards"][0]
    assert scored.headers["ETag"] == '"v2"'
    assert (told["mean"], told["missing"], told["who"]) == ("7.5", 1, ["Ali", "Fay", "Max"])
    assert told["scores"][0]["note"] == FIT["note"]
    corrected = people.sam.post(f"{opened}/scores", {**FIT, "score": 8}, version=2)
    assert good(corrected, 201)["scorecards"][0]["mean"] == "8"
    assert good(people.aud.get(opened))["scorecards"] == good(corrected, 201)["scorecards"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**FIT, "score": 11}, "score"),
        ({**FIT, "score": "-0.01"}, "score"),
        ({**FIT, "score": "7.555"}, "score"),
        ({**FIT, "score": None}, "score"),
        ({**FIT, "criterion": "budget-set"}, "criterion"),
        ({**FIT, "role": "finance"}, "role"),
    ],
)
def test_what_is_no_score(people: Callers, opened: str, body: Any, field: str) -> None:
    told = problem(people.sam.post(f"{opened}/scores", body, version=1), 422, "invalid-input")
    assert list(told["errors"]) == [field]


def test_a_waiver_is_granted_listed_and_ended(people: Callers, opened: str) -> None:
    assert good(people.aud.get("/projects/P1"))["waivers"] == []
    tag = people.aud.get("/projects/P1").headers["ETag"]
    granted = people.gus.post("/projects/P1/waivers", WAIVER)
    waiver = good(granted, 201)
    assert waiver.pop("receipt") is None, "there is no key"
    assert granted.headers["Location"] == f"/api/v1/waivers/{waiver['id']}"
    assert (waiver["state"], waiver["by"], waiver["role"]) == ("in_force", "Gus", "gatekeeper")
    again = people.aud.get("/projects/P1", headers={"If-None-Match": tag})
    assert good(again)["waivers"] == [waiver], "who has read it before is told"
    found = good(people.aud.get(opened))
    assert found["waivers"] == good(people.aud.get("/waivers?project=P1"))["items"] == [waiver]
    outcomes = {each["id"]: each["outcome"] for each in found["results"]}
    assert outcomes["strategic-fit"] == "waived"
    path = f"/waivers/{waiver['id']}"
    ended = people.gus.post(f"{path}/revoke", {"reason": "Over."}, version=1)
    assert good(ended)["state"] == "revoked"
    problem(people.gus.post(f"{path}/revoke", {"reason": "x"}, version=2), 409, "waiver-ended")
    assert {**good(people.aud.get(path)), "receipt": None} == good(ended)


def test_who_may_not_waive(people: Callers, opened: str) -> None:
    told = problem(people.pia.post("/projects/P1/waivers", WAIVER), 403, "not-allowed")
    assert told["needed"] == ["gatekeeper"]
    problem(people.nil.post("/projects/P1/waivers", WAIVER), 404, "not-found")
    past = {**WAIVER, "expires_on": "2026-11-23"}
    told = problem(people.gus.post("/projects/P1/waivers", past), 422, "invalid-input")
    assert list(told["errors"]) == ["expires_on"]
    good(people.gus.post("/projects/P1/waivers", WAIVER), 201)
    problem(people.gus.post("/projects/P1/waivers", WAIVER), 409, "duplicate")


def test_the_workflow_says_who_scores_and_who_waives(people: Callers, opened: str) -> None:
    (gate, _) = good(people.aud.get("/projects/P1/workflow"))["gates"]
    assert (gate["waive"], gate["veto"]) == (["gatekeeper"], [])
    fit = gate["criteria"][0]
    assert (fit["require"], fit["score"]["by"]) == (None, ["sponsor", "finance"])
    assert fit["score"]["anchors"][1] == {"at": 10, "means": "The strategy asks for it"}


def test_overrides_are_counted(people: Callers, opened: str) -> None:
    assert good(people.aud.get("/overrides")) == {"gates": [], "criteria": []}
    ballot = {"decision": "recycle", "reason": "No.", "override_reason": "It is too early."}
    good(people.sam.post(f"{opened}/votes", ballot, version=1), 201)
    told = good(people.aud.get("/overrides?workflow=scored&from=2026-11-24&to=2026-11-24"))
    assert told["gates"] == [
        {"workflow": "scored", "gate": "start", "decisions": 1, "overrides": 1, "rate": "1"}
    ]
    fit = next(each for each in told["criteria"] if each["criterion"] == "strategic-fit")
    assert (fit["unknown"], fit["passed_unknown"], fit["rate"]) == (1, 0, "0")
    assert good(people.aud.get("/overrides?to=2026-11-23"))["gates"] == []
    wrong = people.aud.get("/overrides?from=2026-11-24&to=2026-11-23")
    assert list(problem(wrong, 422, "invalid-input")["errors"]) == ["to"]
