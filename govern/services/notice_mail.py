"""Notices by mail: who wants which, and what is put down to be sent when one is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.mail_choice import MailChoice, sent_at
from govern.domain.record import Record
from govern.domain.refusal import NotFound
from govern.domain.role import Role
from govern.services import notices, secrets_made
from govern.services.access import check_version
from govern.services.ledger import SERVICE, record_event
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.store import notice_mail as stored

NOTICE = "notice.sent"
"""The kind of event that tells of a notice."""

CHOSEN = "mail.chosen"


def put(
    connection: Connection, project: Record | None, data: Mapping[str, Any], now: datetime
) -> int:
    """What is to be sent of a notice, as its event tells of it; returns to how many people."""
    to = set(data["people"])
    if data["role"] is not None and project is not None:
        to |= {*notices.holding(connection, project, (Role(data["role"]),), now)}
    to.discard(OPERATOR.person_id)
    when = {
        person: (choice is MailChoice.DAILY, due)
        for person, choice in stored.choices_of(connection, to).items()
        if (due := sent_at(choice, data["kind"], now)) is not None
    }
    return stored.put(connection, data["notice"], when, now)


def get_choice(runtime: Runtime, actor: Actor) -> Record:
    """What the actor has chosen (`choice`, `version`)."""
    with runtime.store.reading() as connection:
        return stored.choice_of(connection, actor.person_id)


def choose(
    runtime: Runtime, actor: Actor, choice: MailChoice, *, version: int | None, now: datetime
) -> Record:
    """All notices at once, those of gates that wait for them, one letter a day, or none. What waits
    was chosen before and goes; with none it does not."""
    with runtime.store.writing() as connection:
        before = stored.choice_of(connection, actor.person_id)
        check_version(before, version)
        if before["choice"] != choice or not before["version"]:
            write(connection, actor.person_id, choice, now)
        return stored.choice_of(connection, actor.person_id)


def stop(runtime: Runtime, secret: str, *, now: datetime) -> None:
    """Ends the letters to whoever got one with this secret in it. Raises NotFound."""
    with runtime.store.writing() as connection:
        person = stored.person_of_stop(connection, secrets_made.sha256_of(secret))
        if person is None:
            raise NotFound("This address stops no mail: it is not from a letter of these months.")
        if stored.choice_of(connection, person)["choice"] is not MailChoice.NONE:
            write(connection, person, MailChoice.NONE, now)


def write(connection: Connection, person_id: str, choice: MailChoice, now: datetime) -> None:
    """In the person's own name: nobody else chooses for them."""
    version = stored.choose(connection, person_id, choice, now)
    if choice is MailChoice.NONE:
        stored.drop(connection, person_id, now)
    told = {"choice": choice.value, "version": version}
    record_event(connection, SERVICE, Actor(person_id, ""), CHOSEN, told, now)


def page_of(notice: Mapping[str, Any]) -> str:
    """The path of the page of what a notice is about."""
    kind, key = notice["kind"], notice["key"]
    if kind.startswith("recommendation."):
        return f"/recommendations/{key.split(':')[1]}"
    if kind == notices.POOR_RECORD:
        return f"/rules/{quote(key.split(':')[1], safe='')}"
    if kind in (notices.READING_DUE, notices.READING_OVERDUE, notices.READING_ESCALATED):
        return "/readings"
    if notice["submission"] is not None:
        return f"/gates/{notice['submission']}"
    if notice["project"] is not None:
        return f"/projects/{quote(notice['project'], safe='')}"
    return "/waiting"
