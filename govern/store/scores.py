"""The scores that people gave the criteria of a submission: only ever added to, the newest counts."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from govern.domain.record import Record
from govern.store.tables import score

_OF_SUBMISSION = select(score).where(score.c.submission_id == bindparam("of")).order_by(score.c.id)


def add(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    return connection.execute(
        insert(score).values(**values, recorded_at=at).returning(score.c.id)
    ).scalar_one()


def of_submission(connection: Connection, submission_id: int) -> list[Record]:
    """The newest score of each person on each criterion, in the order they were given."""
    rows = connection.execute(_OF_SUBMISSION, {"of": submission_id}).mappings()
    newest = {(row["criterion"], row["person_id"]): dict(row) for row in rows}
    return sorted(newest.values(), key=lambda each: each["id"])


def by_criterion(given: list[Record]) -> dict[str, list[Decimal]]:
    """Criterion → the scores in force."""
    found: dict[str, list[Decimal]] = {}
    for each in given:
        found.setdefault(each["criterion"], []).append(each["score"])
    return found
