"""What was sent to a webhook, how that went, and sending it again."""

from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import uuid4

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound
from govern.services import cloud_events, webhooks
from govern.services.ledger import SERVICE
from govern.services.news_kinds import wants
from govern.services.news_relay import may_see
from govern.services.outlets import HOOKS_NEEDED
from govern.services.report_schedules import whoever_added
from govern.services.runtime import Runtime
from govern.services.trying import NotSent
from govern.store import events, news, projects
from govern.store.paging import Page, PageRequest

MOST_AT_ONCE = 10_000
"""So many events are sent again by one request."""

PING = "ping"
"""The kind of a CloudEvent that tells of nothing; no event of the ledger."""
PING_WITHIN_S = 15

KEPT_FOR = timedelta(days=90)
"""So long it is kept what became of a piece of news."""


def list_deliveries(
    runtime: Runtime, actor: Actor, number: int, request: PageRequest, **wanted: Any
) -> Page:
    """What was sent to a webhook or waits, the newest first. `wanted` are `state` and `project`."""
    with runtime.store.reading() as connection:
        webhooks.visible(connection, actor, number)
        return news.page(connection, request, number, **wanted)


def get_delivery(runtime: Runtime, actor: Actor, number: int) -> Record:
    """One delivery with each of its `attempts`. Raises NotFound."""
    with runtime.store.reading() as connection:
        found = _found(news.find(connection, number), number)
        webhooks.visible(connection, actor, found["webhook"])
        return {**found, "attempts": news.tries_of(connection, number)}


def replay(runtime: Runtime, actor: Actor, number: int, *, now: datetime) -> Record:
    """Sends one delivery again, under the same id, and what follows it in its project after it.
    Raises NotFound, NotAllowed, InvalidInput."""
    with runtime.store.writing() as connection:
        found = _found(news.find(connection, number), number)
        webhooks.theirs(connection, actor, found["webhook"], lock=True)
        if not news.again(connection, found["webhook"], found["project"], [found["seq"]]):
            raise InvalidInput("It waits to be sent.", errors={"delivery": ["one that is done"]})
        news.wake(connection, found["project"], [found["webhook"]], now)
        after = _found(news.find(connection, number), number)
        return {**after, "attempts": news.tries_of(connection, number)}


def replay_since(
    runtime: Runtime, actor: Actor, number: int, *, since: datetime, now: datetime
) -> Record:
    """Sends every event since a time that the webhook is for, those too that were there before it.
    `events` of the answer counts what waits to be sent for that. Raises NotFound, NotAllowed,
    InvalidInput."""
    if since >= now:
        raise InvalidInput("Nothing is sent again.", errors={"since": ["a time in the past"]})
    with runtime.store.writing() as connection:
        found = webhooks.theirs(connection, actor, number, lock=True)
        whose = whoever_added(connection, found, now)
        count = 0
        for chain in news.projects_since(connection, since):
            project = None if chain == SERVICE else projects.find(connection, chain)
            if whose is None or not may_see(whose, chain, project):
                continue
            portfolio = None if project is None else project["portfolio"]
            wanted = [
                (seq, kind)
                for seq, kind in events.since(connection, chain, since)
                if wants(found, kind, chain, portfolio)
            ]
            count += len(wanted)
            if count > MOST_AT_ONCE:
                raise InvalidInput(
                    f"More than {MOST_AT_ONCE} events are too many to be sent again at once.",
                    errors={"since": ["a later time"]},
                )
            news.again(connection, number, chain, [seq for seq, _ in wanted])
            rows = [{"webhook_id": number, "seq": seq, "kind": kind} for seq, kind in wanted]
            news.put(connection, chain, rows, now)
        return {"webhook": number, "since": since, "events": count}


def ping(runtime: Runtime, actor: Actor, number: int, *, now: datetime) -> Record:
    """Sends one CloudEvent that tells of nothing, at once: `taken`, `status`, `duration_ms` and
    `failure` say what became of it. It changes nothing. Raises NotFound, NotAllowed, InvalidInput."""
    from govern.services import webhook  # noqa: PLC0415 - only what sends needs HTTP and TLS

    hooks = runtime.outlets.hooks
    if hooks is None:
        raise InvalidInput("News cannot be sent.", errors={"webhook": [HOOKS_NEEDED]})
    with runtime.store.reading() as connection:
        found = webhooks.theirs(connection, actor, number)
    name = str(uuid4())
    body = cloud_events.write(
        runtime.public_url, PING, name, subject=SERVICE, at=now, data={"webhook": number}
    )
    begun = monotonic()
    status: int | None = None
    failure: str | None = None
    try:
        answer = webhook.post(
            hooks,
            found["address"],
            webhooks.signed_as(found),
            name,
            body,
            at=now,
            within_s=PING_WITHIN_S,
        )
        status = answer.status
        webhook.require_taken(answer)
    except NotSent as why:
        failure = str(why)
    return {
        "taken": failure is None,
        "status": status,
        "duration_ms": round((monotonic() - begun) * 1000),
        "failure": failure,
    }


def _found(found: Record | None, number: int) -> Record:
    if found is None:
        raise NotFound(f"There is no delivery {number} that you may see.")
    return found
