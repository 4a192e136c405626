"""Rules tried over HTTP, on both databases: those in force, and a draft that nobody has published."""

from typing import Any

import pytest

from tests.services.house import RULES
from tests.web.caller import Callers, good, problem

DRAFT = {"draft.yaml": RULES.replace("act: 80%", "act: 5%").replace("watch: 90%", "watch: 6%")}
BROKEN = {"a/draft.yaml": RULES.replace("attainment < act", "attainmnt < act")}


def test_why_a_rule_fires(steady: Callers) -> None:
    told = good(steady.pia.post("/rules/explain", {"project": "P1", "rule": "behind-plan"}))
    (item,) = told["items"]
    assert (item["kpi"], item["period"], item["state"]) == ("P1-K1", "2026-10-31", "fires")
    assert item["sentence"].startswith("Red since the period to ")
    when = next(each for each in item["conditions"] if each["name"] == "when")
    assert (when["value"], when["parts"][0]["text"]) == ("true", "attainment")
    assert item["periods"][-1]["actual"] == "100"


def test_a_draft_is_tried_and_changes_nothing(steady: Callers) -> None:
    before = good(steady.rae.get("/rulebook"))
    asked: dict[str, Any] = {"project": "P1", "draft": DRAFT}
    told = good(steady.rae.post("/rules/explain", asked))
    assert told["rulebook_digest"] != before["digest"]
    assert told["items"][0]["state"] == "silent"
    tested = good(steady.rae.post("/rules/backtest", {"draft": DRAFT}))
    assert [each["episodes"] for each in tested["rules"]] == [0]
    assert good(steady.rae.get("/rulebook")) == before


@pytest.mark.parametrize("path", ["explain", "backtest"])
def test_a_draft_with_errors_is_answered_with_every_place(steady: Callers, path: str) -> None:
    body = {"draft": BROKEN} | ({"project": "P1"} if path == "explain" else {})
    told = problem(steady.rae.post(f"/rules/{path}", body), 422, "faulty-rules")
    (error,) = [each for each in told["problems"] if each["level"] == "error"]
    assert (error["path"], error["line"], error["column"]) == ("a/draft.yaml", 10, 11)
    assert error["help"] == "did you mean 'attainment'?"


def test_what_rules_would_have_done(steady: Callers) -> None:
    body = {"from": "2026-01-01", "to": "2026-10-31", "rules": ["behind-plan"]}
    told = good(steady.rae.post("/rules/backtest", body))
    assert (told["projects"], told["against"], told["together"]) == (3, None, None)
    (rule,) = told["rules"]
    assert (rule["episodes"], rule["subjects_fired"], rule["accuracy"]) == (1, 1, None)
    assert [each["kpi"] for each in told["episodes"]] == ["P1-K1"]
    none = good(steady.rae.post("/rules/backtest", body | {"most_episodes": 0}))
    assert (none["episodes"], none["left_off"]) == ([], 1)


def test_against_what_became_of_projects(steady: Callers) -> None:
    outcomes = [{"project": "P1", "on": "2026-11-20"}, {"project": "P1", "on": "2026-11-15"}]
    told = good(steady.rae.post("/rules/backtest", {"outcomes": outcomes}))
    assert told["against"] == "as given"
    accuracy = told["together"]
    assert (accuracy["outcomes"], accuracy["warned"], accuracy["recall"]) == (1, 1, "1")
    stage = good(steady.rae.post("/rules/backtest", {"against": "terminated"}))
    assert (stage["against"], stage["together"]["recall"]) == ("terminated", None)


def test_two_answers_to_one_question_are_refused(steady: Callers) -> None:
    both = {"draft": DRAFT, "revision": "sha256:0"}
    problem(steady.rae.post("/rules/backtest", both), 422, "invalid-input")
    twice = {"against": "terminated", "outcomes": [{"project": "P1", "on": "2026-11-20"}]}
    problem(steady.rae.post("/rules/backtest", twice), 422, "invalid-input")
    problem(steady.rae.post("/rules/backtest", {"revision": "sha256:0"}), 404, "not-found")


def test_nobody_learns_of_projects_that_they_may_not_see(people: Callers, project: str) -> None:
    asked = {"project": project, "rule": "behind-plan"}
    problem(people.nil.post("/rules/explain", asked), 404, "not-found")
    problem(people.pia.post("/rules/backtest", {}), 403, "not-allowed")
