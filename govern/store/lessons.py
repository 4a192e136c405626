"""Lessons, the words that they are searched by, and which were shown with which submission.

SQLite looks words up in `lesson_text` (FTS5), PostgreSQL in an index over the column `words`; both hold
the same plain words (`domain.words`), so that both find the same.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, cast, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import TSQUERY

from govern.domain.record import Record
from govern.domain.words import all_words
from govern.store.engine import is_sqlite
from govern.store.query import AnySelect
from govern.store.tables import (
    evidence_file,
    kpi,
    lesson,
    lesson_shown,
    project,
    reading,
    recommendation,
    review,
    scope_change,
    submission,
)

RECORDED = "recorded"
WITHDRAWN = "withdrawn"
STATES = (RECORDED, WITHDRAWN)

SEARCHED = ("label", "happened", "because", "next_time")
"""The texts that are searched, with the tags."""

TEXT_TABLE = "CREATE VIRTUAL TABLE lesson_text USING fts5(words, tokenize = 'ascii')"
"""What SQLite looks words up in; migration 0011 holds the same."""

_FIELDS = (
    lesson.c.id,
    lesson.c.project_id.label("project"),
    project.c.name.label("project_name"),
    project.c.portfolio_id.label("portfolio"),
    *(column for column in lesson.c if column.name not in ("id", "project_id", "words")),
)


def _select() -> AnySelect:
    return select(*_FIELDS).join(project, project.c.id == lesson.c.project_id)


def words_of(values: Any) -> str:
    """The words that a lesson with these values is found by."""
    return all_words([*(values[name] for name in SEARCHED), *values["tags"]])


def find(connection: Connection, lesson_id: int, lock: bool = False) -> Record | None:
    query = _select().where(lesson.c.id == lesson_id)
    if lock:
        query = query.with_for_update(of=lesson)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def some(connection: Connection, lesson_ids: Collection[int]) -> dict[int, Record]:
    """Those of these lessons that there are."""
    rows = connection.execute(_select().where(lesson.c.id.in_(sorted(lesson_ids)))).mappings()
    return {row["id"]: dict(row) for row in rows}


def of_project(connection: Connection, project_id: str) -> list[Record]:
    """The lessons of a project, the first one first; those that were withdrawn, too."""
    query = _select().where(lesson.c.project_id == project_id).order_by(lesson.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def of_others(connection: Connection, project_id: str) -> list[Record]:
    """Every lesson of another project that stands."""
    query = _select().where(lesson.c.project_id != project_id, lesson.c.state == RECORDED)
    return [dict(row) for row in connection.execute(query.order_by(lesson.c.id)).mappings()]


def search(
    connection: Connection,
    wanted: Sequence[str] | None,
    *,
    project_id: str | None = None,
    portfolio_id: str | None = None,
    withdrawn: bool = False,
) -> list[Record]:
    """The lessons in which every one of the words begins a word, the newest first; without words all."""
    query = _select().order_by(lesson.c.id.desc())
    if wanted is not None:
        if not wanted:
            return []
        query = query.where(_holds(connection, wanted))
    if project_id is not None:
        query = query.where(lesson.c.project_id == project_id)
    if portfolio_id is not None:
        query = query.where(project.c.portfolio_id == portfolio_id)
    if not withdrawn:
        query = query.where(lesson.c.state == RECORDED)
    return [dict(row) for row in connection.execute(query).mappings()]


def _holds(connection: Connection, wanted: Sequence[str]) -> Any:
    # A word is letters and digits alone (`domain.words`): nothing in it could be read as an operator.
    if is_sqlite(connection):
        match = " AND ".join(f'"{word}"*' for word in wanted)
        rows = text("SELECT rowid FROM lesson_text WHERE lesson_text MATCH :match")
        return lesson.c.id.in_(rows.bindparams(match=match).columns(lesson.c.id))
    asked = " & ".join(f"'{word}':*" for word in wanted)
    vector = func.array_to_tsvector(func.string_to_array(lesson.c.words, " "))
    return vector.op("@@")(cast(asked, TSQUERY))


def add(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    number = connection.execute(
        insert(lesson)
        .values(**values, words=words_of(values), state=RECORDED, version=1, recorded_at=at)
        .returning(lesson.c.id)
    ).scalar_one()
    _look_up(connection, [number])
    return number


def change(connection: Connection, found: Record, values: dict[str, Any]) -> None:
    """Writes values over those of `found`, which the caller has locked."""
    connection.execute(
        update(lesson)
        .where(lesson.c.id == found["id"])
        .values(**values, words=words_of({**found, **values}), version=found["version"] + 1)
    )
    _look_up(connection, [found["id"]])


def find_anew(connection: Connection) -> None:
    """Makes the words of every lesson again from its texts, and all that they are looked up in: what
    a text holds no more is found nowhere."""
    rows = connection.execute(select(lesson)).mappings().all()
    for row in rows:
        words = words_of(row)
        if words != row["words"]:
            connection.execute(update(lesson).where(lesson.c.id == row["id"]).values(words=words))
    if is_sqlite(connection):
        connection.exec_driver_sql("DELETE FROM lesson_text")
        _look_up(connection, [row["id"] for row in rows])
        # The index keeps the words of rows that are gone until it is made again.
        connection.exec_driver_sql("INSERT INTO lesson_text (lesson_text) VALUES ('rebuild')")


def _look_up(connection: Connection, lesson_ids: Iterable[int]) -> None:
    if is_sqlite(connection):
        statement = text(
            "INSERT OR REPLACE INTO lesson_text (rowid, words) SELECT id, words FROM lesson "
            "WHERE id = :lesson"
        )
        for each in lesson_ids:
            connection.execute(statement, {"lesson": each})


def is_review_of(connection: Connection, review_id: int, project_id: str) -> bool:
    query = select(review.c.id).where(review.c.id == review_id, review.c.project_id == project_id)
    return connection.execute(query).first() is not None


_KEPT = {
    "gate": submission,
    "scope_change": scope_change,
    "recommendation": recommendation,
    "file": evidence_file,
}


def is_kept(connection: Connection, kind: str, number: int, project_id: str) -> bool:
    """Whether the project has such a thing: what a piece of evidence may name."""
    if kind == "reading":
        query = (
            select(reading.c.id)
            .join(kpi, kpi.c.id == reading.c.kpi_id)
            .where(reading.c.id == number, kpi.c.project_id == project_id)
        )
    else:
        table = _KEPT[kind]
        query = select(table.c.id).where(table.c.id == number, table.c.project_id == project_id)
    return connection.execute(query).first() is not None


def show(connection: Connection, submission_id: int, shown: Iterable[Record]) -> None:
    rows = [{"submission_id": submission_id, **_row(each)} for each in shown]
    if rows:
        connection.execute(insert(lesson_shown), rows)


def _row(each: Record) -> Record:
    return {"lesson_id": each["lesson"], "rank": each["rank"], "alike": each["alike"]}


_SHOWN = (
    select(lesson_shown)
    .where(lesson_shown.c.submission_id.in_(bindparam("of", expanding=True)))
    .order_by(lesson_shown.c.submission_id, lesson_shown.c.rank)
)


def shown(connection: Connection, submission_ids: Collection[int]) -> dict[int, list[Record]]:
    """Submission → what was shown with it, in order: `lesson`, `rank`, `alike`."""
    rows = connection.execute(_SHOWN, {"of": sorted(submission_ids)})
    told: dict[int, list[Record]] = {each: [] for each in submission_ids}
    for row in rows:
        told[row.submission_id].append(
            {"lesson": row.lesson_id, "rank": row.rank, "alike": row.alike}
        )
    return told


def every_shown(connection: Connection) -> set[int]:
    """Every lesson that was shown with a submission."""
    return set(connection.scalars(select(lesson_shown.c.lesson_id)))
