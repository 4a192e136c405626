"""Projects in flight change their workflow: previewed, whole or not at all, and told in the ledger."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from govern.domain.record import Record
from govern.domain.refusal import CannotMigrate, InvalidInput, NotAllowed, NotFound, PreviewChanged
from govern.process.load import load_sources
from govern.services import gates, history, moves, projects, waiver_list, waivers
from govern.services import workflows as stored
from govern.services.migrations import Wanted, migrate, preview
from govern.services.people import OPERATOR
from govern.services.workflows import take_workflows
from govern.store import projects as stored_projects
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, add_project, submit

ROOT = Path(__file__).parents[2]
SHIPPED = (ROOT / "workflows" / "value-realization.yaml").read_text()
LATER = NOW + timedelta(hours=1)


def take(house: House, *changes: tuple[str, str], version: int = 4) -> str:
    """Another version of the shipped workflow; returns its digest."""
    text = SHIPPED.replace("version: 3\n", f"version: {version}\n", 1)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    loaded = load_sources({"workflows/value-realization.yaml": text}, tables=None)
    assert loaded.workflows, loaded.problems
    (digest,) = take_workflows(house.runtime, OPERATOR, loaded.workflows.values(), now=NOW)
    return digest


RENAMED = (
    ("stages: [draft, value_defined,", "stages: [draft, promised,"),
    ("to: value_defined\n", "to: promised\n"),
    ("from: value_defined\n", "from: promised\n"),
    ("- id: value_defined\n", "- id: promise\n"),
)


def stands(house: House, project: str) -> tuple[str, str, int]:
    found = projects.get_project(house.runtime, OPERATOR, project)
    return found["stage"], found["workflow"], found["workflow_version"]


def told(house: House, project: str) -> list[Record]:
    return history.project_history(house.runtime, OPERATOR, project).items


def kinds(house: House, project: str) -> list[str]:
    return [each["kind"] for each in told(house, project)]


def apply(house: House, wanted: Wanted, reason: str = "The new text is better.") -> Record:
    seen = preview(house.runtime, OPERATOR, wanted, now=NOW)
    return migrate(house.runtime, OPERATOR, wanted, seen=seen["preview"], reason=reason, now=LATER)


def test_projects_stay_on_their_version_until_they_are_migrated(house):
    add_project(house, "P1")
    digest = take(house, ("decide_within: 10", "decide_within: 12"))
    assert stands(house, "P1") == ("draft", "value-realization", 3)
    add_project(house, "P2")
    assert stands(house, "P2") == ("draft", "value-realization", 4)

    seen = preview(house.runtime, OPERATOR, Wanted("value-realization"), now=NOW)
    assert [(s["project"], s["stage"], s["to_stage"], s["lost"]) for s in seen["projects"]] == [
        ("P1", "draft", "draft", [])
    ]
    assert seen["refused"] == []
    assert (
        "The gate 'value_defined', time to decide: 12 working days; before: 10 working days."
        in seen["changes"][0]["sentences"]
    )
    assert stands(house, "P1") == ("draft", "value-realization", 3)

    apply(house, Wanted("value-realization"))
    assert stands(house, "P1") == ("draft", "value-realization", 4)
    last = told(house, "P1")[-1]
    assert last["kind"] == "project.migrated"
    assert last["data"]["to"] == {"workflow": "value-realization", "version": 4, "digest": digest}
    assert last["data"]["from"]["version"] == 3
    assert last["data"]["reason"] == "The new text is better."
    assert kinds(house, "P2").count("project.migrated") == 0
    assert "from value-realization version 3 to value-realization version 4" in last["told"]


def test_a_stage_that_is_gone_is_mapped_or_nothing_changes(house):
    add_project(house, "P1")
    add_project(house, "P2")
    with house.runtime.store.writing() as connection:
        _put(connection, "P1", "value_defined")
    take(house, *RENAMED)
    before = kinds(house, "P2")
    wanted = Wanted("value-realization")
    seen = preview(house.runtime, OPERATOR, wanted, now=NOW)
    assert [(r["project"], r["stage"]) for r in seen["refused"]] == [("P1", "value_defined")]
    assert "--map value_defined=STAGE" in seen["refused"][0]["why"]
    with pytest.raises(CannotMigrate) as refused:
        apply(house, wanted)
    assert refused.value.facts["refused"][0]["project"] == "P1"
    assert stands(house, "P2") == ("draft", "value-realization", 3)
    assert kinds(house, "P2") == before

    apply(house, Wanted("value-realization", mapping={"value_defined": "promised"}))
    assert stands(house, "P1") == ("promised", "value-realization", 4)
    legal = projects.get_project(house.runtime, OPERATOR, "P1")["legal"]
    assert {"gate": "planned", "decision": "go", "to": "planned"} in legal


def test_an_open_submission_stands_in_the_way_until_it_is_withdrawn(house):
    add_project(house, "P1")
    opened = submit(house, "P1", "value_defined")
    take(house, ("decide_within: 10", "decide_within: 12"))
    with pytest.raises(CannotMigrate) as refused:
        apply(house, Wanted("value-realization"))
    assert f"submission {opened['id']}" in refused.value.facts["refused"][0]["why"]
    assert stands(house, "P1")[2] == 3

    done = apply(house, Wanted("value-realization", withdraw=True))
    assert done["projects"][0]["lost"] == [
        f"Submission {opened['id']} to gate 'value_defined' ends undecided, with 0 votes and "
        "0 scores."
    ]
    found = gates.get_submission(house.runtime, house.pia, opened["id"], now=LATER)
    assert (found["state"], found["decision"]) == ("withdrawn", None)
    assert kinds(house, "P1")[-2:] == ["gate.withdrawn", "project.migrated"]
    again = submit(house, "P1", "value_defined")
    assert (again["iteration"], again["state"]) == (2, "open")


def test_what_was_previewed_is_what_is_applied(house):
    add_project(house, "P1")
    take(house, ("decide_within: 10", "decide_within: 12"))
    wanted = Wanted("value-realization")
    seen = preview(house.runtime, OPERATOR, wanted, now=NOW)
    projects.change_project(
        house.runtime, house.pia, "P1", {"objective": "Another"}, version=None, now=NOW
    )
    with pytest.raises(PreviewChanged):
        migrate(
            house.runtime, OPERATOR, wanted, seen=seen["preview"], reason="It is time.", now=LATER
        )
    assert stands(house, "P1")[2] == 3
    other = Wanted("value-realization", withdraw=True)
    fresh = preview(house.runtime, OPERATOR, wanted, now=NOW)
    with pytest.raises(PreviewChanged):
        migrate(house.runtime, OPERATOR, other, seen=fresh["preview"], reason="No.", now=LATER)


def test_into_another_workflow(house):
    add_project(house, "P1")
    with house.runtime.store.writing() as connection:
        _put(connection, "P1", "planned")
    unmapped = Wanted("small-project", projects=["P1"])
    seen = preview(house.runtime, OPERATOR, unmapped, now=NOW)
    assert seen["refused"][0]["stage"] == "planned"
    mapped = Wanted("small-project", projects=["P1"], mapping={"planned": "monitoring"})
    done = apply(house, mapped)
    assert stands(house, "P1") == ("monitoring", "small-project", 2)
    assert "time in stage begins anew" in done["projects"][0]["lost"][0]
    assert apply(house, mapped)["projects"] == []
    assert kinds(house, "P1").count("project.migrated") == 1


def test_a_project_on_hold_resumes_in_the_mapped_stage(house):
    add_project(house, "P1")
    with house.runtime.store.writing() as connection:
        _put(connection, "P1", "planned")
    moves.move(house.runtime, house.gus, "P1", to_do="hold", reason="Wait.", version=None, now=NOW)
    to_small = Wanted("small-project", projects=["P1"])
    assert preview(house.runtime, OPERATOR, to_small, now=NOW)["refused"][0]["stage"] == "planned"
    apply(house, Wanted("small-project", projects=["P1"], mapping={"planned": "draft"}))
    assert stands(house, "P1")[0] == "on_hold"
    back = moves.move(
        house.runtime, house.sam, "P1", to_do="resume", reason="Go on.", version=None, now=LATER
    )
    assert back["stage"] == "draft"


def test_no_project_ends_by_a_migration(house):
    add_project(house, "P1")
    wanted = Wanted("small-project", projects=["P1"], mapping={"draft": "closed"})
    seen = preview(house.runtime, OPERATOR, wanted, now=NOW)
    assert "only a gate takes a project there" in seen["refused"][0]["why"]


def test_a_waiver_of_what_is_asked_no_more_is_named_and_ends(house: House) -> None:
    add_project(house, "P1")
    for criterion in ("kpis-named", "benefit-promised"):
        waivers.grant(
            house.runtime,
            house.gus,
            "P1",
            gate="value_defined",
            criterion=criterion,
            reason="They follow.",
            expires_on=(NOW + timedelta(days=30)).date(),
            now=NOW,
        )
    take(house, ("- id: kpis-named\n", "- id: kpis-listed\n"), ("kpis-named:", "kpis-listed:"))
    wanted = Wanted("value-realization")
    seen = preview(house.runtime, OPERATOR, wanted, now=NOW)
    assert seen["projects"][0]["lost"][0].startswith(
        "The waiver of 'kpis-named' at gate 'value_defined' until"
    )
    assert states(house) == {"kpis-named": "in_force", "benefit-promised": "in_force"}
    migrate(house.runtime, OPERATOR, wanted, seen=seen["preview"], reason="Simpler.", now=NOW)
    assert states(house) == {"kpis-named": "revoked", "benefit-promised": "in_force"}
    ended, changed = told(house, "P1")[-2:]
    assert (ended["kind"], changed["kind"]) == ("waiver.revoked", "project.migrated")
    assert (ended["data"]["criterion"], ended["data"]["reason"]) == ("kpis-named", "Simpler.")


def states(house: House) -> dict[str, str]:
    found = waiver_list.list_waivers(house.runtime, OPERATOR, PageRequest(), project="P1", now=NOW)
    return {each["criterion"]: each["state"] for each in found.items}


def test_who_may_not_and_what_is_not_there(house):
    add_project(house, "P1")
    for actor in (house.gus, house.pia, house.aud):
        with pytest.raises(NotAllowed):
            preview(house.runtime, actor, Wanted("value-realization"), now=NOW)
        with pytest.raises(NotAllowed):
            migrate(house.runtime, actor, Wanted("value-realization"), seen="", reason="x", now=NOW)
    for wanted in (
        Wanted("nothing"),
        Wanted("value-realization", version=7),
        Wanted("small-project", projects=["P9"]),
    ):
        with pytest.raises(NotFound):
            preview(house.runtime, OPERATOR, wanted, now=NOW)
    for mapping in ({"draft": "nowhere"}, {"nowhere": "draft"}):
        wanted = Wanted("small-project", projects=["P1"], mapping=mapping)
        with pytest.raises(InvalidInput):
            preview(house.runtime, OPERATOR, wanted, now=NOW)


def test_the_versions_are_listed_with_their_projects(house):
    add_project(house, "P1")
    take(house, ("decide_within: 10", "decide_within: 12"))
    listed = {(e["id"], e["version"]): e for e in stored.list_workflows(house.runtime)}
    assert listed["value-realization", 3]["projects"] == 1
    assert listed["value-realization", 4]["newest"]
    assert not listed["value-realization", 3]["newest"]
    assert ("small-project", 2) in listed


def _put(connection: Any, project: str, stage: str) -> None:
    """As an import would have: the project stands there."""
    found = stored_projects.find(connection, project, lock=True)
    stored_projects.change(connection, project, found["version"], {"stage": stage})
    stored_projects.add_move(connection, project, found["stage"], stage, NOW.date(), NOW)
