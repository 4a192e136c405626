"""What a scope change does: tried where nothing stays, applied, and held against what has changed since.

What a proposal was seen to change is kept with it: `was` and `becomes` of each change are its KPI,
deliverable or project before and after. While one of them is not what it was, the proposal would do
something else than it showed.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from govern.domain import agreed
from govern.domain.agreed import Agreed, Difference, difference
from govern.domain.refusal import InvalidInput
from govern.services import scope_losses
from govern.services.kpi_checks import lock_named
from govern.services.scope_kinds import KINDS, Applying, Change, check, placed
from govern.services.scope_subjects import Subject, What, changed, stands, subject_of
from govern.store import kpis

Kept = Mapping[str, Any]
"""A change as it is kept: plain, resolved, with `kind`, what it is about, `was` and `becomes`."""


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
    """The changes as they are kept: each applied after the other, and all taken back; with what is `lost`
    by those that cut something.

    Raises InvalidInput with the place of every field that cannot be so, and for a change that changes
    nothing; Duplicate, IllegalMove, AlreadySubmitted.
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
                subject = subject_of(project_id, meant)
                was = stands(connection, project_id, subject, changes)
                kind.apply(applying, meant)
                becomes = stands(connection, project_id, subject, changes)
                if was == becomes:
                    raise InvalidInput(
                        "A change changes something.",
                        errors={"kind": [f"{subject} is so already"]},
                    )
            kept.append({**meant, "was": was, "becomes": becomes})
    finally:
        nested.rollback()
    found = scope_losses.lost(connection, applying.project, kept, applying.now)
    return [
        {**each, "lost": lost} if scope_losses.may_cut(each) else each
        for each, lost in zip(kept, found, strict=True)
    ]


def write(applying: Applying, changes: Sequence[Kept]) -> None:
    """Applies changes as they are kept, one after the other."""
    for change in changes:
        KINDS[change["kind"]].apply(applying, change)


def sides(
    project_id: str, changes: Sequence[Kept], what: What
) -> dict[str, tuple[Any | None, Any | None]]:
    """Each subject of a sort, as it was and as it becomes by all the changes together, in order of ids."""
    first: dict[Subject, Any] = {}
    last: dict[Subject, Any] = {}
    for change in changes:
        subject = subject_of(project_id, change)
        if subject.what is what:
            first.setdefault(subject, change["was"])
            last[subject] = change["becomes"]
    return {each.id: (first[each], last[each]) for each in sorted(first)}


def effects(project_id: str, changes: Sequence[Kept]) -> list[Difference]:
    """What becomes of each KPI by all the changes together, in order of their ids."""
    found = sides(project_id, changes, What.KPI)
    return [difference(_read(was), _read(becomes)) for was, becomes in found.values()]


def changed_since(
    connection: Connection, project_id: str, changes: Sequence[Kept], today: date
) -> list[str]:
    """What is not as it was when the changes were proposed, in sentences."""
    told: list[str] = []
    seen: set[Subject] = set()
    for change in changes:
        until = change.get("until")
        if until is not None and date.fromisoformat(until) <= today:
            told.append(f"The hold was to end on {until}, which has come.")
        subject = subject_of(project_id, change)
        if subject not in seen:
            seen.add(subject)
            now = stands(connection, project_id, subject, changes, change["was"])
            told += changed(subject, change["was"], now)
    return told


def _read(told: Mapping[str, Any] | None) -> Agreed | None:
    return None if told is None else agreed.read(told)
