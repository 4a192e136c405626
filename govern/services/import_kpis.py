"""The KPIs of an intake: what a template says of new ones, and which cannot be so.

They are checked together, as what one names may stand further down in the same file.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from govern.catalogue.template import Template
from govern.documents.problem import did_you_mean
from govern.domain.profile import Wrong
from govern.domain.record import Record
from govern.intake.rows import KpiRow
from govern.services import kpi_references as references
from govern.services.import_fields import kpi_values, stated
from govern.services.kpi_checks import HAS_READINGS, new_problems, wrong_for_reader
from govern.services.kpi_references import Others
from govern.services.kpi_templates import filled

Refuse = Callable[[KpiRow, str, str, Wrong], None]
"""Takes the row, the column, the value that stands there and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may be taken. `found` is what is stored of it, `said` what it says of that (of a new
    KPI: all that it will be), and `whole` the KPI as it will be."""

    row: KpiRow
    found: Record | None
    said: dict[str, Any]
    whole: dict[str, Any]


def candidate(
    row: KpiRow, found: Record | None, templates: Mapping[str, Template]
) -> Candidate | Wrong:
    """The row laid over what is stored, or over its template; wrong is a template that is not there."""
    kpi = row.kpi
    said = stated(kpi_values(kpi), row.stated)
    template = None
    if kpi.template is not None:
        template = templates.get(kpi.template)
        if template is None:
            near = did_you_mean(kpi.template, templates)
            return Wrong("is no template of the catalogue", near or "see govern catalogue list")
    if found is None:
        said = {**kpi_values(kpi), **filled(template, said)}
        return Candidate(row, None, said, {**said, "id": kpi.id, "project": kpi.project_id})
    if "formula" in said and "inputs" not in said:
        said = {**said, "inputs": references.read_by(said["formula"], found["inputs"])}
    return Candidate(row, found, said, {**found, **said})


def sound(
    candidates: Iterable[Candidate],
    stored: Mapping[str, Record],
    reported: set[str],
    refuse: Refuse,
) -> list[Candidate]:
    """Those that can be so, with the inputs of their formulas named in full; the others are refused.

    `reported` are the KPIs that have readings. What names a KPI that is refused is refused, too.
    """
    left = {each.whole["id"]: each for each in candidates}
    while True:
        known = {**stored, **{kpi_id: each.whole for kpi_id, each in left.items()}}
        left = {kpi_id: _named_in_full(each, known) for kpi_id, each in left.items()}
        known |= {kpi_id: each.whole for kpi_id, each in left.items()}
        readers = _readers(known)
        refused: list[str] = []
        for kpi_id, each in left.items():
            wrong = _wrong(each, known, readers, reported)
            for column, problem in wrong.items():
                refuse(each.row, column, _cell(each.whole[column]), problem)
            if wrong:
                refused.append(kpi_id)
        if not refused:
            return list(left.values())
        for kpi_id in refused:
            del left[kpi_id]


def _named_in_full(each: Candidate, known: Mapping[str, Record]) -> Candidate:
    inputs = references.completed(each.whole, known.get)
    if inputs == each.whole["inputs"]:
        return each
    whole = {**each.whole, "inputs": inputs}
    return Candidate(each.row, each.found, {**each.said, "inputs": inputs}, whole)


def _wrong(
    each: Candidate,
    known: Mapping[str, Record],
    readers: Mapping[str, list[Record]],
    reported: set[str],
) -> dict[str, Wrong]:
    whole, found = each.whole, each.found
    wrong = new_problems(whole, found)
    if whole["formula"] is not None or whole["part_of"] is not None:
        others = Others(known.get, known.get, tuple(known) if len(known) <= _NEAR else ())
        wrong = references.wrong(whole, others) | wrong
    for reader in readers.get(whole["id"], ()):
        problem = wrong_for_reader(whole, reader)
        if problem is not None:
            wrong.setdefault("cadence", problem)
    was_reported = found is None or found["formula"] is None
    if whole["formula"] is not None and was_reported and whole["id"] in reported:
        wrong.setdefault("formula", HAS_READINGS)
    return wrong


def _cell(value: Any) -> str:
    """A value as its column has it."""
    if isinstance(value, dict):
        named = cast("dict[str, str]", value)
        return "; ".join(f"{name}={kpi_id}" for name, kpi_id in named.items())
    return str(value)


_NEAR = 5_000
"""Ids that are searched for the one that may have been meant."""


def _readers(known: Mapping[str, Record]) -> dict[str, list[Record]]:
    """KPI → the composites that read it."""
    readers: dict[str, list[Record]] = {}
    for kpi in known.values():
        if kpi["formula"] is not None:
            for input_id in set(kpi["inputs"].values()):
                readers.setdefault(input_id, []).append(kpi)
    return readers
