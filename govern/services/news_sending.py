"""News to webhooks: of each project in order, again until it was taken, and stopped where nobody takes it.

Whoever sends takes the lane of a project and a webhook for a while; a process that is stopped between
sending and writing so cannot know, and the event is sent again, under the same id. A try that fails holds
back what follows it in its lane, and no other lane.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.ledger.event import Event
from govern.services import cloud_events, notices, webhooks
from govern.services.backing_off import pause
from govern.services.ledger import SERVICE
from govern.services.news_relay import may_see
from govern.services.notices import holding_everywhere
from govern.services.outlets import Hooks
from govern.services.report_schedules import whoever_added
from govern.services.runtime import Runtime
from govern.services.trying import NotSent
from govern.services.watch import Work
from govern.store import events, news, projects
from govern.store import webhooks as stored

MOST_TRIES = 10
"""Of one event: they take about 27 hours. What was not taken then is left out, and told."""

NOBODYS = "whoever added it holds no role any more"

FAILURES = 10
FAILING_FOR = timedelta(days=1)
"""A webhook of which so many tries failed one after the other, for so long, is disabled."""

TAKEN_FOR = timedelta(minutes=5)
"""Well above the longest that one try takes."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a try. `gone`: the receiver wants nothing any more. `again_after` is what it
    asked for. `nobodys`: whoever added the webhook holds no role any more."""

    state: str
    failure: str | None = None
    status: int | None = None
    duration_ms: int | None = None
    again_after: timedelta = timedelta(0)
    gone: bool = False
    nobodys: bool = False


def send_waiting(runtime: Runtime, actor: Actor, *, now: datetime, for_s: float) -> int:
    """Sends news until none is due, or for so many seconds; returns how many tries there were."""
    hooks = runtime.outlets.hooks
    if hooks is None:
        return 0
    begun, count = monotonic(), 0
    while (passed := monotonic() - begun) < for_s:
        if not _send_one(runtime, hooks, actor, now + timedelta(seconds=passed)):
            break
        count += 1
    return count


def envelope(runtime: Runtime, event: Event) -> bytes:
    """The CloudEvent of an event. What people wrote or are called stays a reference in it."""
    body = json.loads(event.body)
    return cloud_events.write(
        runtime.public_url,
        event.kind,
        event.leaf,
        subject=event.project,
        at=event.recorded_at,
        data=body["data"],
        sequence=event.seq,
        actor=body["actor"],
    )


def _send_one(runtime: Runtime, hooks: Hooks, actor: Actor, at: datetime) -> bool:
    with runtime.store.reading() as connection:
        if not news.is_due(connection, at):
            return False
    with runtime.store.writing() as connection:
        taken = news.take(connection, at, at + TAKEN_FOR)
    if taken is None:
        return False
    lane, delivery = taken
    with runtime.watch.work(Work.SENDING, channel="news") as watched:
        tried = _try(runtime, hooks, lane, delivery, at)
        watched.outcome = "to_be_tried_again" if tried.state == news.WAITING else tried.state
    failing = _write(runtime, lane, delivery, tried, at)
    if tried.nobodys:
        _end(runtime, actor, lane["webhook_id"], at)
    elif tried.gone or failing:
        _disable(runtime, actor, lane["webhook_id"], tried, at)
    elif tried.state == news.FAILED:
        _tell_not_delivered(runtime, actor, delivery, tried, at)
    return True


def _try(runtime: Runtime, hooks: Hooks, lane: Record, delivery: Record, at: datetime) -> Tried:
    from govern.services import webhook  # noqa: PLC0415 - only what sends needs HTTP and TLS

    with runtime.store.reading() as connection:
        found = stored.find(connection, lane["webhook_id"])
        assert found is not None  # noqa: S101 - a lane has one, and none is ever taken away
        withheld = _withheld(connection, found, delivery, at)
        event = events.one(connection, delivery["project"], delivery["seq"])
    if withheld is not None:
        return withheld
    assert event is not None  # noqa: S101 - events are never taken away
    body = envelope(runtime, event)
    begun = monotonic()
    try:
        answer = webhook.post(
            hooks, found["address"], webhooks.signed_as(found), event.leaf, body, at=at
        )
    except NotSent as why:
        failure, status, took = str(why), None, round((monotonic() - begun) * 1000)
        asked, gone = timedelta(0), False
    else:
        status, took = answer.status, answer.duration_ms
        if answer.taken:
            return Tried(news.SENT, None, status, took)
        asked, gone = answer.retry_after or timedelta(0), answer.gone
        failure = (
            "the receiver answered 410: it is gone for good"
            if gone
            else f"the receiver answered {status}"
        )
    last = delivery["tries"] + 1 >= MOST_TRIES and not gone
    return Tried(news.FAILED if last else news.WAITING, failure, status, took, asked, gone)


def _withheld(
    connection: Connection, found: Record, delivery: Record, at: datetime
) -> Tried | None:
    """Why an event is kept back; None where it is sent."""
    if found["state"] != stored.ACTIVE:
        return Tried(news.WAITING)
    whose = whoever_added(connection, found, at)
    chain = delivery["project"]
    project = None if chain == SERVICE else projects.find(connection, chain)
    if whose is None:
        return Tried(news.WITHHELD, NOBODYS, nobodys=True)
    if not may_see(whose, chain, project):
        return Tried(news.WITHHELD, "whoever added the webhook may not see this any more")
    return None


def _write(runtime: Runtime, lane: Record, delivery: Record, tried: Tried, at: datetime) -> bool:
    """Writes a try down and gives the lane back; whether the webhook has failed for too long. Writes
    nothing where somebody else has the lane by now."""
    was_tried = tried.duration_ms is not None
    values: dict[str, Any] = {
        "state": tried.state,
        "status": tried.status,
        "duration_ms": tried.duration_ms,
        "failure": tried.failure,
        "tries": delivery["tries"] + was_tried,
    }
    again_at = at
    if tried.state != news.WAITING:
        values["ended_at"] = at
    elif was_tried:
        about = f"{lane['webhook_id']} {lane['project']}"
        again_at = at + max(pause(values["tries"], about), tried.again_after)
    with runtime.store.writing() as connection:
        if not news.hold(connection, lane):
            return False
        news.tell(connection, delivery["id"], values)
        if was_tried:
            told = {name: values[name] for name in ("status", "duration_ms", "failure")}
            news.add_try(connection, delivery["id"], {"tried_at": at, **told})
        news.let_go(connection, lane, again_at, at)
        if tried.state == news.SENT:
            stored.note_sent(connection, lane["webhook_id"], at)
        elif was_tried:
            count, since = stored.note_failed(connection, lane["webhook_id"], at)
            return count >= FAILURES and at - since >= FAILING_FOR
    return False


def _end(runtime: Runtime, actor: Actor, number: int, at: datetime) -> None:
    with runtime.store.writing() as connection:
        found = stored.find(connection, number, lock=True)
        if found is not None and found["state"] != stored.ENDED:
            webhooks.write_end(connection, actor, found, NOBODYS, at)


def _disable(runtime: Runtime, actor: Actor, number: int, tried: Tried, at: datetime) -> None:
    """Sends nothing more to a webhook, and tells whoever added it, and the administrators."""
    with runtime.store.writing() as connection:
        found = stored.find(connection, number, lock=True)
        if found is None or found["state"] != stored.ACTIVE:
            return
        why = tried.failure or "nothing was taken"
        if not tried.gone:
            since = found["failing_since"] or at
            why = f"{found['failures']} tries failed since {since:%Y-%m-%d %H:%M} UTC, the last: {why}"
        webhooks.write_disabled(connection, actor, found, why, at)
        notices.send(
            connection,
            actor,
            notices.WEBHOOK_DISABLED,
            None,
            f"Webhook {number} is disabled: {why}. What happens waits until it is resumed.",
            [found["recorded_by"], *holding_everywhere(connection, at)],
            key=f"{notices.WEBHOOK_DISABLED}:{number}:{found['version']}",
            now=at,
        )


def _tell_not_delivered(
    runtime: Runtime, actor: Actor, delivery: Record, tried: Tried, at: datetime
) -> None:
    """Once a day for each webhook: what could not be delivered is an event no webhook waits for."""
    with runtime.store.writing() as connection:
        found = stored.find(connection, delivery["webhook"])
        if found is None:
            return
        notices.send(
            connection,
            actor,
            notices.WEBHOOK_NOT_DELIVERED,
            None,
            f"Webhook {found['id']} did not take {delivery['kind']}, number {delivery['seq']} of "
            f"{delivery['project']}, in {MOST_TRIES} tries: {tried.failure}. What follows is sent; "
            f"replay delivery {delivery['id']} to send this one again.",
            [found["recorded_by"]],
            key=f"{notices.WEBHOOK_NOT_DELIVERED}:{found['id']}:{at.date().isoformat()}",
            now=at,
        )
