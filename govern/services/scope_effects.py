"""What a scope change does: tried where nothing stays, applied, and held against what has changed since.

What a proposal was seen to change is kept with it: `was` and `becomes` of each change are its KPI before
and after. While one of the KPIs is not what it was, the proposal would do something else than it showed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from govern.domain import agreed
from govern.domain.agreed import Agreed, Difference, difference
from govern.domain.refusal import InvalidInput
from govern.services import baselines
from govern.services.baselines import AGREED
from govern.services.kpi_checks import lock_named
from govern.services.scope_kinds import KINDS, Applying, Change, check, placed
from govern.store import kpis

Kept = Mapping[str, Any]
"""A change as it is kept: plain, resolved, with `kind`, `kpi`, `was` and `becomes`."""


def lock(applying: Applying, changes: Sequence[Change]) -> None:
    """Locks the projects of the KPIs that changes name in formulas, before the project itself."""
    for change in changes:
        fields: dict[str, Any] = change.get("fields") or {}
        if not {"formula", "part_of", "inputs"} & fields.keys():
            continue
        found: dict[str, Any] = kpis.find(applying.connection, change.get("kpi") or "") or {}
        named: dict[str, Any] = {"formula": None, "part_of": None, "inputs": {}}
        named |= found | fields
        lock_named(
            applying.connection, applying.proposer, {**named, "project": applying.project["id"]}
        )


def tried(applying: Applying, changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The changes as they are kept: each applied after the other, and all taken back.

    Raises InvalidInput with the place of every field that cannot be so, and for a change that changes
    nothing; Duplicate.
    """
    kept: list[dict[str, Any]] = []
    connection, project_id = applying.connection, applying.project["id"]
    nested = connection.begin_nested()
    try:
        for index, change in enumerate(changes):
            with placed(f"changes.{index}."):
                check(change)
                kind = KINDS[change["kind"]]
                meant = {"kind": change["kind"], **kind.resolve(applying, change)}
                names = _names(meant["kpi"], changes)
                was = _stands(connection, project_id, meant["kpi"], names)
                kind.apply(applying, meant)
                becomes = _stands(connection, project_id, meant["kpi"], names)
                if was == becomes:
                    raise InvalidInput(
                        "A change changes something.",
                        errors={"kind": [f"KPI {meant['kpi']} is so already"]},
                    )
            kept.append(
                {
                    **meant,
                    "was": None if was is None else agreed.told(was),
                    "becomes": None if becomes is None else agreed.told(becomes),
                }
            )
    finally:
        nested.rollback()
    return kept


def write(applying: Applying, changes: Sequence[Kept]) -> None:
    """Applies changes as they are kept, one after the other."""
    for change in changes:
        KINDS[change["kind"]].apply(applying, change)


def effects(changes: Sequence[Kept]) -> list[Difference]:
    """What becomes of each KPI by all the changes together, in order of their ids."""
    first: dict[str, Agreed | None] = {}
    last: dict[str, Agreed | None] = {}
    for change in changes:
        first.setdefault(change["kpi"], _read(change["was"]))
        last[change["kpi"]] = _read(change["becomes"])
    return [difference(first[kpi], last[kpi]) for kpi in sorted(first)]


def changed_since(connection: Connection, project_id: str, changes: Sequence[Kept]) -> list[str]:
    """What is not as it was when the changes were proposed, in sentences."""
    told: list[str] = []
    seen: set[str] = set()
    for change in changes:
        kpi = change["kpi"]
        if kpi in seen:
            continue
        seen.add(kpi)
        was, stands = (
            _read(change["was"]),
            _stands(connection, project_id, kpi, _names(kpi, changes)),
        )
        if was is None or stands is None:
            if (was is None) != (stands is None):
                told.append(f"KPI {kpi} {'is there' if was is None else 'is gone'} by now.")
            continue
        # Its fields may have been written down when fewer were agreed.
        same = Agreed(kpi, {name: stands.fields.get(name) for name in was.fields}, stands.planned)
        found = difference(was, same)
        told += [
            f"{name} of KPI {kpi} was {_word(before)} and is {_word(after)}."
            for name, (before, after) in found.fields.items()
        ]
        told += [
            f"The value planned for KPI {kpi} and {day} was {_word(before)} and is {_word(after)}."
            for day, (before, after) in found.planned.items()
        ]
    return told


def _names(kpi: str, changes: Sequence[Change]) -> tuple[str, ...]:
    """The fields that are kept of a KPI: those that are agreed, and those that a change of it names."""
    touched: set[str] = set()
    for change in changes:
        fields: dict[str, Any] = change.get("fields") or {}
        if kpi in (change.get("kpi"), fields.get("id")):
            touched.update(fields)
    return (*AGREED, *sorted(touched - {*AGREED, "id", "project"}))


def _stands(
    connection: Connection, project_id: str, kpi: str, names: tuple[str, ...]
) -> Agreed | None:
    return baselines.as_it_stands(connection, project_id, names).get(kpi)


def _read(told: Mapping[str, Any] | None) -> Agreed | None:
    return None if told is None else agreed.read(told)


def _word(value: Any) -> str:
    return agreed.as_text(value) or "unknown"
