"""What becomes of each KPI after a review: settled, measured on, handed over, or written off.

A KPI that is where it was promised to be is settled by itself. Every other one needs a follow-up before
the review can be signed, with an owner and a day until which its figures are owed, or with a reason.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.review import FollowUp, ReviewState, faults
from govern.store import reviews

WRITTEN = ("follow_up", "owner", "until", "note")
_NOTHING: dict[str, Any] = dict.fromkeys(reviews.OF_A_KPI)


def opening(connection: Connection, project_id: str, kpi_ids: Sequence[str]) -> list[Record]:
    """The rows that a new review begins with: what was written off before stays so."""
    before = previous(connection, project_id)
    rows: list[Record] = []
    for kpi in kpi_ids:
        was = before.get(kpi)
        kept = was is not None and was["follow_up"] == FollowUp.WRITTEN_OFF
        said = {name: was[name] for name in WRITTEN} if was is not None and kept else {}
        rows.append({"kpi": kpi, **_NOTHING, **said})
    return rows


def previous(
    connection: Connection, project_id: str, number: int | None = None
) -> dict[str, Record]:
    """KPI → what the review that was signed last, or last before this number, says of it."""
    signed = [
        each
        for each in reviews.of_project(connection, project_id)
        if each["state"] == ReviewState.SIGNED and (number is None or each["number"] < number)
    ]
    return reviews.kpis(connection, signed[-1]["id"]) if signed else {}


def given(
    connection: Connection, review_id: int, known: set[str], said: Sequence[Mapping[str, Any]]
) -> list[Record]:
    """The rows of the KPIs that are spoken of, as they will be. Raises InvalidInput for a KPI that the
    project does not have, and for one that is named twice."""
    rows = reviews.kpis(connection, review_id)
    wrong = [f"the project has no KPI '{each['kpi']}'" for each in said if each["kpi"] not in known]
    named = [each["kpi"] for each in said]
    wrong += sorted({f"'{kpi}' is named twice" for kpi in named if named.count(kpi) > 1})
    if wrong:
        raise InvalidInput("What becomes of the KPIs cannot be so.", errors={"kpis": wrong})
    return [
        {
            "kpi": each["kpi"],
            **{
                name: rows[each["kpi"]][name] if each["kpi"] in rows else None
                for name in ("promised", "realised", "rate")
            },
            **{name: each.get(name) for name in WRITTEN},
        }
        for each in said
    ]


def told(
    connection: Connection, found: Record, values: Sequence[Record], today: date
) -> list[Record]:
    """Each KPI of the project with what becomes of it, what was said `before`, and what is `missing`."""
    rows = reviews.kpis(connection, found["id"])
    before = previous(connection, found["project"], found["number"])
    return [_told(each, rows.get(each["kpi"]), before.get(each["kpi"]), today) for each in values]


def _told(value: Record, row: Record | None, before: Record | None, today: date) -> Record:
    said = {name: None if row is None else row[name] for name in WRITTEN}
    if value["reached"] is True and said["follow_up"] is None:
        said["follow_up"] = FollowUp.SETTLED.value
    return {
        "kpi": value["kpi"],
        "name": value["name"],
        **{name: value[name] for name in ("promised", "realised", "rate", "why", "reached")},
        **said,
        "before": None if before is None else {name: before[name] for name in WRITTEN},
        "missing": _missing(value, said, today),
    }


def _missing(value: Record, said: Mapping[str, Any], today: date) -> list[str]:
    follow_up = None if said["follow_up"] is None else FollowUp(said["follow_up"])
    if follow_up is FollowUp.SETTLED:
        if value["reached"] is True:
            return []
        known = "it is not" if value["reached"] is False else "nobody knows whether it is"
        return [f"{known} where it was promised to be: it cannot be settled"]
    wrong = faults(follow_up, said["owner"], said["until"], said["note"], today)
    return [f"{name}: {why}" for name, why in wrong.items()]
