"""Workflow versions and migrations over HTTP."""

import pytest

from tests.web.caller import Callers, good, problem

pytestmark = pytest.mark.usefixtures("project")

PREVIEWS = "/workflows/small-project/migration-previews"
MIGRATIONS = "/workflows/small-project/migrations"


def test_every_version_is_listed(people: Callers) -> None:
    items = good(people.aud.get("/workflows"))["items"]
    assert {"gateway-reviews", "small-project", "value-realization"} <= {e["id"] for e in items}
    assert all(each["newest"] for each in items)


def test_a_workflow_is_told_with_all_that_a_gate_says(people: Callers) -> None:
    told = good(people.aud.get("/workflows/gateway-reviews"))
    first = told["gates"][0]
    panel, owner = first["approve"]
    assert (panel["votes"], panel["of"], owner["of"]) == (2, 3, None)
    assert (first["remind"], first["expires"], first["repeats"]) == (3, 40, None)
    assert [g["id"] for g in told["gates"] if g["repeats"]] == ["mid-stage", "gate-5"]
    assert told["mermaid"].startswith("stateDiagram-v2")


def test_a_project_is_added_under_a_workflow(people: Callers) -> None:
    new = {"id": "S1", "portfolio": "main", "name": "Small", "workflow": "small-project"}
    assert good(people.pia.post("/projects", new), 201)["workflow"] == "small-project"
    unknown = {**new, "id": "S2", "workflow": "no-such"}
    problem(people.pia.post("/projects", unknown), 404, "not-found")


def test_a_migration_is_previewed_and_then_done(people: Callers) -> None:
    asked = {"projects": ["P1"]}
    seen = good(people.op.post(PREVIEWS, asked))
    assert [(s["project"], s["to_stage"]) for s in seen["projects"]] == [("P1", "draft")]
    assert seen["refused"] == []
    assert good(people.pia.get("/projects/P1"))["workflow"] == "value-realization"

    body = {**asked, "reason": "It is small."}
    stale = {**body, "preview": "sha256:" + "0" * 64}
    problem(people.op.post(MIGRATIONS, stale), 409, "preview-changed")
    done = good(people.op.post(MIGRATIONS, {**body, "preview": seen["preview"]}), 201)
    assert done["projects"] == seen["projects"]
    assert good(people.pia.get("/projects/P1"))["workflow"] == "small-project"


def test_what_is_refused(people: Callers) -> None:
    for name in ("pia", "gus", "eve", "ron"):
        problem(people[name].post(PREVIEWS, {"projects": ["P1"]}), 403, "not-allowed")
    problem(people.op.post(PREVIEWS, {"projects": ["P99"]}), 404, "not-found")
    wrong = {"projects": ["P1"], "map": [{"stage": "draft", "to": "nowhere"}]}
    problem(people.op.post(PREVIEWS, wrong), 422, "invalid-input")
    ended = {"projects": ["P1"], "map": [{"stage": "draft", "to": "closed"}]}
    seen = good(people.op.post(PREVIEWS, ended))
    assert seen["refused"][0]["project"] == "P1"
    body = {**ended, "preview": seen["preview"], "reason": "To be rid of it."}
    told = problem(people.op.post(MIGRATIONS, body), 409, "cannot-migrate")
    assert told["refused"] == seen["refused"]
    assert good(people.pia.get("/projects/P1"))["workflow"] == "value-realization"
