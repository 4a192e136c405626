"""Letters with notices: each goes to one person, says what it is about and where that stands.

Whoever sends one takes its notices for a while, as with reports (`services.deliveries`). A letter that was
tried before has the same Message-ID.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from uuid import NAMESPACE_URL, uuid5

from govern.domain.actor import Actor
from govern.domain.distribution import mailboxes
from govern.domain.record import Record
from govern.services import mail, secrets_made
from govern.services.backing_off import pause
from govern.services.news_relay import may_see
from govern.services.notice_mail import page_of
from govern.services.outlets import MailServer
from govern.services.runtime import Runtime
from govern.services.trying import NotSent
from govern.services.watch import Work
from govern.store import notice_mail as stored
from govern.store import people

MOST_TRIES = 8
TAKEN_FOR = timedelta(minutes=5)
STOP = "/mail/stop/"


def send_waiting(runtime: Runtime, *, now: datetime, for_s: float) -> int:
    """Sends letters until none is due, or for so many seconds; returns how many were tried."""
    server = runtime.outlets.mail
    if server is None:
        return 0
    begun, count = monotonic(), 0
    while (passed := monotonic() - begun) < for_s:
        if not _send_one(runtime, server, now + timedelta(seconds=passed)):
            break
        count += 1
    return count


def _send_one(runtime: Runtime, server: MailServer, at: datetime) -> bool:
    with runtime.store.reading() as connection:
        if not stored.is_due(connection, at):
            return False
    secret = secrets_made.make()
    with runtime.store.writing() as connection:
        taken = stored.take(connection, at, at + TAKEN_FOR, secrets_made.sha256_of(secret))
    if not taken:
        return False
    values: dict[str, object]
    with runtime.watch.work(Work.SENDING, channel="notice") as watched:
        try:
            told = letter(runtime, taken, secret, at)
            if told is not None:
                mail.send(server, told, at=at)
            values = {"state": stored.DROPPED if told is None else stored.SENT, "ended_at": at}
            watched.outcome = str(values["state"])
        except NotSent as why:
            watched.outcome = "to_be_tried_again"
            last = taken[0]["tries"] >= MOST_TRIES
            values = {"failure": str(why)}
            if last:
                values |= {"state": stored.FAILED, "ended_at": at}
            else:
                values |= {"next_try_at": at + pause(taken[0]["tries"], f"mail {taken[0]['id']}")}
    if "ended_at" in values:
        values["next_try_at"] = None
    with runtime.store.writing() as connection:
        for each in taken:
            stored.tell(connection, each, values)
    return True


def letter(
    runtime: Runtime, taken: Sequence[Record], secret: str, at: datetime
) -> mail.Letter | None:
    """What is sent of notices that were taken; None where nothing is: to somebody without an address,
    or who may not see any more what they are about."""
    with runtime.store.reading() as connection:
        to = people.find(connection, taken[0]["person_id"])
        actor = people.actor_of_person(connection, taken[0]["person_id"], at)
        found = stored.notices_of(connection, [each["notice_id"] for each in taken])
    if to is None or actor is None:
        return None
    seen = [each for each in found if each["project"] is None or _may(actor, each)]
    try:
        address = mailboxes(to["email"])
    except ValueError:
        return None
    if not seen or not address:
        return None
    first = taken[0]
    key = f"govern:notice:{first['id']}:{first['recorded_at']:%Y-%m-%dT%H:%M:%S.%f}"
    return mail.Letter(
        address,
        _subject(seen, daily=bool(first["daily"]), at=at),
        _text(runtime.public_url, seen, f"{runtime.public_url}{STOP}{secret}"),
        None,
        None,
        str(uuid5(NAMESPACE_URL, key)),
        f"{runtime.public_url}{STOP}{secret}",
    )


def _may(actor: Actor, notice: Record) -> bool:
    project = {"id": notice["project"], "portfolio": notice["portfolio"]}
    return may_see(actor, notice["project"], project)


def _subject(seen: Sequence[Record], *, daily: bool, at: datetime) -> str:
    """One line, whatever a text holds."""
    if daily:
        things = "1 notice" if len(seen) == 1 else f"{len(seen)} notices"
        return f"govern: {things}, {at.date().isoformat()}"
    about = seen[0]["project_name"]
    kind = seen[0]["kind"].replace(".", " ").replace("_", " ")
    return " ".join((f"govern: {kind}, {about}" if about else f"govern: {kind}").split())


def _text(public_url: str, seen: Sequence[Record], stop_at: str) -> str:
    lines: list[str] = []
    for each in seen:
        about = f"{each['project']} {each['project_name']}\n" if each["project"] else ""
        lines += [f"{about}{each['text']}", f"{public_url}{page_of(each)}", ""]
    lines += ["--", f"No more of these: {stop_at}"]
    return "\n".join(lines) + "\n"
