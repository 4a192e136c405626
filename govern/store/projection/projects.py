"""What events say of projects, their KPIs and values, and their deliverables."""

from typing import Any

from govern.store.projection.fact import Fact
from govern.store.projection.rows import Rows
from govern.store.shares import PRODUCES, SUPPORTS
from govern.store.tables import (
    deliverable,
    kpi,
    planned_value,
    project,
    reading,
    reading_validation,
)

_PROJECT = {"portfolio": "portfolio_id", "start": "starts_on", "end": "ends_on"}
_OF_PROJECT = {"project": "project_id"}

_BY = "scope_change"
"""In an event beside the fields: the scope change that wrote it."""


def _columns(values: dict[str, Any], renamed: dict[str, str]) -> dict[str, Any]:
    return {renamed.get(name, name): value for name, value in values.items()}


def _changed(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: each["to"] for name, each in changes.items()}


def project_added(rows: Rows, fact: Fact) -> None:
    values = dict(fact.data)
    # An import says since when a project has been in its stage; others enter it on the day.
    since = values.pop("stage_since", fact.day.isoformat())
    rows.add(
        project,
        **_columns(values, _PROJECT),
        held_by_lapse=False,
        version=1,
        recorded_at=fact.at,
    )
    rows.add_move(fact.project, None, values["stage"], since=since, recorded_at=fact.at)


def project_changed(rows: Rows, fact: Fact) -> None:
    changes = {name: each for name, each in fact.data.items() if name != _BY}
    rows.change(project, fact.project, **_columns(_changed(changes), _PROJECT))


def stage_moved(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.change(
        project,
        fact.project,
        bump=False,
        stage=data["to"],
        held_from=data["held_from"],
        resume_on=data.get("resume_on"),
        resume_when=data.get("resume_when"),
        held_by_lapse=data.get("held_by_lapse", False),
        version=data["version"],
    )
    rows.add_move(fact.project, data["from"], data["to"], since=fact.day, recorded_at=fact.at)


def project_migrated(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.change(
        project,
        fact.project,
        workflow_digest=data["to"]["digest"],
        stage=data["to_stage"],
        held_from=data["to_held_from"],
    )
    before, after = data["from_stage"], data["to_stage"]
    if before != after:
        rows.add_move(fact.project, before, after, since=fact.day, recorded_at=fact.at)


def kpi_added(rows: Rows, fact: Fact) -> None:
    values = dict(fact.data)
    supports = values.pop("supports", {})
    rows.add(kpi, **_columns(values, _OF_PROJECT), version=1, recorded_at=fact.at)
    rows.tie(SUPPORTS, values["id"], supports)


def kpi_changed(rows: Rows, fact: Fact) -> None:
    values = _changed(fact.data["changes"])
    supports = values.pop("supports", None)
    rows.change(kpi, fact.data["kpi"], **values)
    if supports is not None:
        rows.tie(SUPPORTS, fact.data["kpi"], supports)


def readings_recorded(rows: Rows, fact: Fact) -> None:
    for each in fact.data["readings"]:
        values = _columns(each, {"kpi": "kpi_id"})
        rows.add(reading, **values, recorded_at=fact.at, recorded_by=fact.actor)


def readings_validated(rows: Rows, fact: Fact) -> None:
    for each in fact.data["readings"]:
        rows.add(
            reading_validation,
            id=each["validation"],
            reading_id=each["reading"],
            recorded_at=fact.at,
            recorded_by=fact.actor,
        )


def plan_recorded(rows: Rows, fact: Fact) -> None:
    for each in fact.data["planned"]:
        values = _columns(each, {"kpi": "kpi_id"})
        rows.add(planned_value, **values, recorded_at=fact.at, recorded_by=fact.actor)


def deliverable_added(rows: Rows, fact: Fact) -> None:
    values = {name: each for name, each in fact.data.items() if name != _BY}
    serves, produces = values.pop("serves"), values.pop("produces", {})
    rows.add(deliverable, **_columns(values, _OF_PROJECT), version=1, recorded_at=fact.at)
    rows.set_serves(values["id"], serves)
    rows.tie(PRODUCES, values["id"], produces)


def deliverable_changed(rows: Rows, fact: Fact) -> None:
    values = _changed(fact.data["changes"])
    serves, produces = values.pop("serves", None), values.pop("produces", None)
    rows.change(deliverable, fact.data["deliverable"], **values)
    if serves is not None:
        rows.set_serves(fact.data["deliverable"], serves)
    if produces is not None:
        rows.tie(PRODUCES, fact.data["deliverable"], produces)
