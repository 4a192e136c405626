"""What a change is about: a KPI, a deliverable or the project, as it stands and as it was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from govern.domain import agreed
from govern.domain.agreed import Agreed, difference
from govern.domain.terms import by_the_same, differing
from govern.services import agreed_terms, plan_content
from govern.services.plan_content import AGREED
from govern.services.scope_kinds import Change
from govern.store import deliverables, projects

MOVING = ("hold", "terminate")
"""The kinds of change that move the project to another stage."""

_STAGE = ("stage", "resume_on")


_NO_FIELDS = {"kpi", "planned"}
"""What is kept of a KPI beside its fields."""


class What(StrEnum):
    KPI = "kpi"
    DELIVERABLE = "deliverable"
    PROJECT = "project"


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    what: What
    id: str

    def __str__(self) -> str:
        return f"KPI {self.id}" if self.what is What.KPI else f"{self.what.value} {self.id}"


def subject_of(project_id: str, change: Change) -> Subject:
    """What a resolved change is about."""
    for what in (What.KPI, What.DELIVERABLE):
        if change.get(what.value) is not None:
            return Subject(what, change[what.value])
    return Subject(What.PROJECT, project_id)


def stands(
    connection: Connection,
    project_id: str,
    subject: Subject,
    changes: Sequence[Change],
    kept: Mapping[str, Any] | None = None,
) -> dict[str, Any] | None:
    """A subject as it stands, as plain data, by the fields that are agreed, those that the changes touch
    and those by which it was kept before; `None` where there is none."""
    touched = _touched(subject, changes) | {*(kept or ())} - _NO_FIELDS
    if subject.what is What.KPI:
        names = (*AGREED, *sorted(touched - {*AGREED, "id", "project"}))
        found = plan_content.kpis_as_they_stand(connection, project_id, names).get(subject.id)
        return None if found is None else agreed.told(found)
    if subject.what is What.DELIVERABLE:
        made = deliverables.find(connection, subject.id)
        if made is None or made["project"] != project_id:
            return None
        names = {*agreed_terms.OF_DELIVERABLES, *touched} - {"id"}
        return dict(agreed_terms.of_deliverable(made, sorted(names)))
    project = projects.find(connection, project_id)
    names = {*agreed_terms.OF_PROJECT, *touched}
    return None if project is None else dict(agreed_terms.of_project(project, sorted(names)))


def changed(
    subject: Subject, was: Mapping[str, Any] | None, now: Mapping[str, Any] | None
) -> list[str]:
    """How what stands is another than what was kept, in sentences."""
    if was is None or now is None:
        there = "is there" if was is None else "is gone"
        return [] if was is now else [f"{_capital(subject)} {there} by now."]
    if subject.what is What.KPI:
        return _changed_kpi(subject, agreed.read(was), agreed.read(now))
    return [
        f"{each.field} of {subject} was {_word(each.first)} and is {_word(each.second)}."
        for each in differing(was, by_the_same(was, now))
    ]


def _changed_kpi(subject: Subject, was: Agreed, now: Agreed) -> list[str]:
    # Its fields may have been written down when fewer were agreed.
    same = Agreed(was.kpi, {name: now.fields.get(name) for name in was.fields}, now.planned)
    found = difference(was, same)
    return [
        *(
            f"{name} of {subject} was {_word(before)} and is {_word(after)}."
            for name, (before, after) in found.fields.items()
        ),
        *(
            f"The value planned for {subject} and {day} was {_word(before)} and is {_word(after)}."
            for day, (before, after) in found.planned.items()
        ),
    ]


def _touched(subject: Subject, changes: Sequence[Change]) -> set[str]:
    """The fields of a subject that changes name, as asked or as resolved."""
    touched: set[str] = set()
    for change in changes:
        kind: str = change["kind"]
        fields: dict[str, Any] = change.get("fields") or {}
        if subject.what is What.PROJECT:
            touched.update(fields if kind == "project" else _STAGE if kind in MOVING else ())
        elif subject.id in (change.get(subject.what.value), _new(subject, kind, fields)):
            touched.update(fields)
            if kind == "drop_deliverable":
                touched.add("state")
    return touched


def _new(subject: Subject, kind: str, fields: Mapping[str, Any]) -> str | None:
    return fields.get("id") if kind == f"add_{subject.what.value}" else None


def _capital(subject: Subject) -> str:
    told = str(subject)
    return told[0].upper() + told[1:]


def _word(value: Any) -> str:
    return agreed.as_text(value) or "unknown"
