"""Refusing what a KPI cannot be: in itself, and by what it says of other KPIs."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.profile import Wrong
from govern.domain.profile import wrong as wrong_in_itself
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.services import kpi_references as references
from govern.store import compositions, projects, readings


def lock_named(connection: Connection, actor: Actor, kpi: Mapping[str, Any]) -> None:
    """Locks the projects of the KPIs that one names, and its own, in order of their ids."""
    if kpi["formula"] is None and kpi["part_of"] is None:
        return
    others = references.stored(connection, actor, kpi["project"])
    kpi = {**kpi, "inputs": references.completed(kpi, others.find)}
    for project_id in sorted(references.projects_named(kpi, others.walk) | {kpi["project"]}):
        projects.find(connection, project_id, lock=True)


def settled(
    connection: Connection, actor: Actor, kpi: Record, said: Collection[str] = ("inputs",)
) -> Record:
    """The KPI as it is kept: every input that its formula reads is named, and, where its inputs were
    not `said` anew, no other."""
    inputs: dict[str, str] = kpi["inputs"]
    if "inputs" not in said:
        inputs = references.read_by(kpi["formula"], inputs)
    if kpi["formula"] is None:
        return {**kpi, "inputs": inputs}
    others = references.stored(connection, actor, kpi["project"])
    return {**kpi, "inputs": references.completed({**kpi, "inputs": inputs}, others.find)}


def refuse_wrong(
    connection: Connection, actor: Actor, kpi: Record, before: Record | None = None
) -> None:
    """Raises InvalidInput naming every field that cannot be as it is. What was wrong `before` is not
    refused again to who changes something else."""
    found = new_problems(kpi, before)
    named = references.NAMED if before is None else _touched(kpi, before)
    if named & references.NAMED:
        others = references.stored(connection, actor, kpi["project"])
        found = references.wrong(kpi, others) | found
    if before is not None:
        found |= _wrong_for_others(connection, kpi, before)
        if kpi["formula"] is not None and before["formula"] is None:
            found |= _has_readings(connection, kpi)
    if found:
        raise InvalidInput(
            "The KPI cannot be so.",
            errors={name: [str(each)] for name, each in sorted(found.items())},
        )


def new_problems(kpi: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Wrong]:
    """What is wrong with a KPI in itself, and was not so before."""
    known = {} if before is None else wrong_in_itself(before)
    return {name: each for name, each in wrong_in_itself(kpi).items() if known.get(name) != each}


def wrong_for_reader(kpi: Mapping[str, Any], reader: Mapping[str, Any]) -> Wrong | None:
    """What a composite that reads the KPI has against its cadence."""
    if not references.coarser(kpi["cadence"], reader["cadence"]):
        return None
    return Wrong(
        f"is coarser than that of {reader['id']}, whose formula reads it",
        "change the composite first",
    )


def _touched(kpi: Record, before: Record) -> frozenset[str]:
    return frozenset(name for name in references.NAMED if kpi[name] != before[name])


def _wrong_for_others(connection: Connection, kpi: Record, before: Record) -> dict[str, Wrong]:
    if kpi["cadence"] == before["cadence"]:
        return {}
    for reader in compositions.readers_of(connection, kpi["id"]):
        problem = wrong_for_reader(kpi, reader)
        if problem is not None:
            return {"cadence": problem}
    return {}


def _has_readings(connection: Connection, kpi: Record) -> dict[str, Wrong]:
    stored = readings.in_force(connection, {kpi["project"]})
    if not any(kpi_id == kpi["id"] for kpi_id, _ in stored):
        return {}
    return {"formula": HAS_READINGS}


HAS_READINGS = Wrong(
    "would make a composite of a KPI that has readings of its own",
    "add the composite as a KPI of its own",
)
