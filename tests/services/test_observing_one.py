"""One project read as plain rows is the project that is read into frames: its facts, and what gates say."""

import json
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from govern.observation.facts import facts_of
from govern.observation.frame import observe
from govern.observation.one_project import OneProject
from govern.process import criteria
from govern.process.conditions import with_tables
from govern.services.example import load_example
from govern.services.ledger import keep_as_it_is
from govern.services.observing import load_tables
from govern.services.observing_one import load_project
from govern.services.people import OPERATOR
from govern.store import project_rows, rulebooks
from govern.store.tables import baseline_version, kpi, project
from tests.services.house import NOW, ROOT, House, add_project, report

DAYS = (date(2025, 3, 31), NOW.date())


def test_every_project_of_the_example_at_every_gate(house: House) -> None:
    load_example(house.runtime, OPERATOR, ROOT / "examples", now=NOW)
    with house.runtime.store.reading() as connection:
        revision = rulebooks.in_force(connection)
        assert revision is not None
        readable = house.runtime.catalog.rulebook(connection, revision["digest"]).readable("main")
        projects = connection.execute(select(project.c.id, project.c.workflow_digest)).all()
        assert len(projects) > 20
        for project_id, digest in projects:
            process = house.runtime.catalog.process(connection, digest)
            for day in DAYS:
                tables = load_tables(connection, {project_id})
                rows = OneProject(load_project(connection, project_id), day)
                assert written(rows.facts()) == written(facts_of(tables, project_id, day))
                frames = observe(tables, day)
                for gate in process.workflow.gates:
                    read = with_tables(gate, readable)
                    assert criteria.judge(read, rows) == criteria.judge(read, frames)


def test_a_plan_that_was_agreed_anew_is_held_against_the_first(house: House) -> None:
    project_id = add_project(house)
    report(house, f"{project_id}-K1", {"2026-10-31": 100})
    with house.runtime.store.writing() as connection:
        connection.execute(update(project).values(baseline_frozen_at=NOW))
        first = facts(connection, project_id)
        assert project_rows.load(connection, project_id) is not None
        assert all("original_target" in each for each in first["kpis"])
        rebase(connection, project_id)
        assert project_rows.load(connection, project_id) is None
        assert facts(connection, project_id) != first


def test_a_kpi_that_is_computed_is_seen_as_it_comes_out(house: House) -> None:
    project_id = add_project(house)
    with house.runtime.store.writing() as connection:
        assert project_rows.load(connection, project_id) is not None
        connection.execute(update(kpi).values(formula="1", inputs={}))
        assert project_rows.load(connection, project_id) is None


def facts(connection: Connection, project_id: str) -> dict[str, Any]:
    found = OneProject(load_project(connection, project_id), NOW.date()).facts()
    tables = load_tables(connection, {project_id})
    assert written(found) == written(facts_of(tables, project_id, NOW.date()))
    return found


def written(facts: dict[str, Any]) -> str:
    return json.dumps(facts)


def rebase(connection: Connection, project_id: str) -> None:
    told = {"kpi": f"{project_id}-K1", "baseline": "1", "target": "2", "planned": {}}
    digest = keep_as_it_is(connection, {"kpis": [told]}, NOW)
    for number in (1, 2):
        connection.execute(
            insert(baseline_version).values(
                project_id=project_id,
                number=number,
                digest=digest,
                recorded_by="someone",
                recorded_at=NOW,
            )
        )
