"""Notices on their way to people by mail, and who wants which."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from govern.domain.mail_choice import DEFAULT, MailChoice
from govern.domain.record import Record
from govern.store.engine import is_sqlite
from govern.store.tables import mail_choice, notice, notice_mail, project
from govern.store.tables import notice_mail as table

WAITING, SENT, FAILED, DROPPED = "waiting", "sent", "failed", "dropped"
STATES = (WAITING, SENT, FAILED, DROPPED)

MOST_IN_ONE = 200
"""So many notices stand in the letter of a day; the next one has the rest."""


def choice_of(connection: Connection, person_id: str) -> Record:
    """`choice` and `version`, which is 0 where nothing was chosen."""
    row = connection.execute(
        select(mail_choice.c.choice, mail_choice.c.version).where(
            mail_choice.c.person_id == person_id
        )
    ).first()
    if row is None:
        return {"choice": DEFAULT, "version": 0}
    return {"choice": MailChoice(row.choice), "version": row.version}


def choices_of(connection: Connection, people: Collection[str]) -> dict[str, MailChoice]:
    """Person → what they have chosen, or the default."""
    rows = connection.execute(
        select(mail_choice.c.person_id, mail_choice.c.choice).where(
            mail_choice.c.person_id.in_(sorted(people))
        )
    )
    chosen = {row.person_id: MailChoice(row.choice) for row in rows}
    return {each: chosen.get(each, DEFAULT) for each in people}


def choose(connection: Connection, person_id: str, choice: MailChoice, at: datetime) -> int:
    """Returns the version of the choice."""
    dialect = sqlite if is_sqlite(connection) else postgresql
    return connection.execute(
        dialect.insert(mail_choice)
        .values(person_id=person_id, choice=choice.value, version=1, recorded_at=at)
        .on_conflict_do_update(
            index_elements=["person_id"],
            set_={
                "choice": choice.value,
                "version": mail_choice.c.version + 1,
                "recorded_at": at,
            },
        )
        .returning(mail_choice.c.version)
    ).scalar_one()


def put(
    connection: Connection, notice_id: int, when: Mapping[str, tuple[bool, datetime]], at: datetime
) -> int:
    """A notice for people: person → whether it goes in the letter of a day, and when. Returns how many
    are new."""
    if not when:
        return 0
    dialect = sqlite if is_sqlite(connection) else postgresql
    done = connection.execute(
        dialect.insert(table)
        .values(
            [
                {
                    "notice_id": notice_id,
                    "person_id": person,
                    "daily": int(daily),
                    "state": WAITING,
                    "tries": 0,
                    "next_try_at": due,
                    "version": 1,
                    "recorded_at": at,
                }
                for person, (daily, due) in sorted(when.items())
            ]
        )
        .on_conflict_do_nothing()
        .returning(table.c.id)
    )
    return len(done.all())


def _due(now: datetime) -> Any:
    return (
        select(table)
        .where(table.c.state == WAITING, table.c.next_try_at <= now)
        .order_by(table.c.next_try_at, table.c.id)
        .limit(1)
    )


def is_due(connection: Connection, now: datetime) -> bool:
    return connection.execute(_due(now)).first() is not None


def take(connection: Connection, now: datetime, until: datetime, stop_sha256: str) -> list[Record]:
    """The notice that has waited longest, with those that go in the same letter, taken until then;
    nothing where none is due."""
    row = connection.execute(_due(now).with_for_update(skip_locked=True)).mappings().first()
    if row is None:
        return []
    found = [dict(row)]
    if row["daily"]:
        others = connection.execute(
            select(table)
            .where(
                table.c.state == WAITING,
                table.c.next_try_at <= now,
                table.c.person_id == row["person_id"],
                table.c.daily == 1,
                table.c.id != row["id"],
            )
            .order_by(table.c.id)
            .limit(MOST_IN_ONE - 1)
            .with_for_update(skip_locked=True)
        ).mappings()
        found += [dict(each) for each in others]
    for each in found:
        each.update(tries=each["tries"] + 1, version=each["version"] + 1, next_try_at=until)
        connection.execute(
            update(table)
            .where(table.c.id == each["id"])
            .values(
                tries=each["tries"],
                version=each["version"],
                next_try_at=until,
                stop_sha256=stop_sha256,
            )
        )
    return sorted(found, key=lambda each: each["id"])


def tell(connection: Connection, taken: Record, values: Mapping[str, Any]) -> bool:
    """Writes what became of one that was taken; False where somebody else has it by now."""
    told = connection.execute(
        update(table)
        .where(table.c.id == taken["id"], table.c.version == taken["version"])
        .values(**values, version=taken["version"] + 1)
    )
    return told.rowcount == 1


def notices_of(connection: Connection, numbers: Collection[int]) -> list[Record]:
    """Notices in order, with the portfolio of their project."""
    rows = connection.execute(
        select(
            *(notice.c.id, notice.c.key, notice.c.kind, notice.c.text, notice.c.recorded_at),
            notice.c.submission_id.label("submission"),
            notice.c.project_id.label("project"),
            project.c.portfolio_id.label("portfolio"),
            project.c.name.label("project_name"),
        )
        .join(project, project.c.id == notice.c.project_id, isouter=True)
        .where(notice.c.id.in_(sorted(numbers)))
        .order_by(notice.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def person_of_stop(connection: Connection, sha256: str) -> str | None:
    """Whose letters the address in one of them stops."""
    query = select(table.c.person_id).where(table.c.stop_sha256 == sha256).limit(1)
    return connection.scalar(query)


def drop(connection: Connection, person_id: str, at: datetime) -> None:
    """Nothing that waits for a person is sent any more."""
    connection.execute(
        update(table)
        .where(table.c.person_id == person_id, table.c.state == WAITING)
        .values(state=DROPPED, ended_at=at, next_try_at=None, version=table.c.version + 1)
    )


def forget_ended(connection: Connection, before: datetime) -> None:
    """Takes away what was done before a time."""
    connection.execute(delete(notice_mail).where(notice_mail.c.ended_at < before))
