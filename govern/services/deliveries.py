"""Reports on their way: each is tried until it is sent, at most eight times, further and further apart.

Any number of ticks may send together: each report is taken by one of them, for a while. One that stops
between sending and writing so leaves it to the next, which sends it again, under the same number: a
receiver who knows the number already lets it be.
"""

import json
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import Busy, NotAllowed, NotFound, Refusal
from govern.services import outbox, report_schedules, sending
from govern.services.due import Done
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.services.trying import NotSent, NotWanted
from govern.services.watch import Work
from govern.store import deliveries
from govern.store import report_schedules as schedules
from govern.store.paging import Page, PageRequest

MOST_TRIES = 8
FIRST_PAUSE = timedelta(minutes=5)
"""After the first try; after each further one twice as long as before."""

TAKEN_FOR = timedelta(minutes=15)
"""So long nobody else tries what somebody is trying."""

SENDS_FOR_S = 300
"""So long one tick sends; what waits then is the next one's. With the longest try it is well within
TAKEN_FOR, which counts from the beginning of the tick."""


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries that failed."""
    return FIRST_PAUSE * 2 ** (tries - 1)


def list_deliveries(runtime: Runtime, actor: Actor, request: PageRequest, **wanted: Any) -> Page:
    """Those of schedules that the actor has added; all of them for an administrator or an auditor.
    `wanted` are `schedule` and `state`."""
    with runtime.store.reading() as connection:
        person = report_schedules.only_of(actor)
        return deliveries.page(connection, request, person_id=person, **wanted)


def get_delivery(runtime: Runtime, actor: Actor, number: int) -> Record:
    """Raises NotFound."""
    with runtime.store.reading() as connection:
        found = deliveries.find(connection, number)
        schedule = None if found is None else schedules.find(connection, found["schedule"])
    only = report_schedules.only_of(actor)
    if found is None or schedule is None or only not in (None, schedule["recorded_by"]):
        raise NotFound(f"There is no delivery {number} that you may see.")
    return found


def send_waiting(runtime: Runtime, actor: Actor, *, now: datetime) -> tuple[list[Done], list[str]]:
    """Sends what is due for a try: what was done, and what could not be and is tried again."""
    done: list[Done] = []
    failed: list[str] = []
    begun = monotonic()
    while monotonic() - begun < SENDS_FOR_S:
        try:
            with runtime.store.writing() as connection:
                taken = deliveries.take(connection, now, now + TAKEN_FOR)
            if taken is None:
                break
            at = now + timedelta(seconds=monotonic() - begun)
            with runtime.watch.work(Work.SENDING, channel=taken["channel"]) as watched:
                told = _try(runtime, actor, taken, at, now)
                watched.outcome = _outcome(told)
        except Refusal as refused:
            failed.append(refused.detail)
            break
        if isinstance(told, str):
            failed.append(f"Delivery {taken['id']} was not sent: {told}. It is tried again.")
        else:
            done += told
    return done, failed


def _try(
    runtime: Runtime, actor: Actor, taken: Record, at: datetime, now: datetime
) -> list[Done] | str:
    """What was done, or why it is tried again. `at` is the moment, `now` that of the tick."""
    try:
        schedule = _sendable(runtime, taken, now)
        kept = _text(runtime, schedule, taken, now)
        result = sending.send(
            runtime.outlets,
            schedule,
            taken,
            json.loads(kept),
            public_url=runtime.public_url,
            at=at,
        )
    except outbox.NotMade as why:
        return _failed(runtime, actor, taken, str(why), now, ends=why.ends)
    except NotWanted as why:
        return _failed(runtime, actor, taken, str(why), now, ends=True)
    except NotSent as why:
        return _later(runtime, actor, taken, str(why), now)
    except Busy:
        raise
    except Exception as error:  # a fault of one of them is no reason to leave the others
        return _later(runtime, actor, taken, type(error).__name__, now)
    return _sent(runtime, actor, schedule, taken, result.refused, now)


def _outcome(told: list[Done] | str) -> str:
    """What became of a try, in a word; `elsewhere` where somebody else had it by then."""
    if isinstance(told, str):
        return "to_be_tried_again"
    if not told:
        return "elsewhere"
    return "sent" if any(each.kind == outbox.SENT for each in told) else "failed"


def _sendable(runtime: Runtime, taken: Record, now: datetime) -> Record:
    """The schedule of a delivery that may be sent now. Raises NotMade."""
    if taken["tries"] > MOST_TRIES:
        raise outbox.NotMade(f"{MOST_TRIES} tries came to no end")
    with runtime.store.reading() as connection:
        schedule = _schedule(connection, taken)
        whose = report_schedules.whoever_added(connection, schedule, now)
        if whose is None:
            raise outbox.NotMade(outbox.NOBODYS, ends=True)
        try:
            report_schedules.require_readable(
                connection, whose, schedule["portfolio"], schedule["project"]
            )
        except (NotFound, NotAllowed) as refused:
            why = f"whoever has it sent may not read it any more: {refused.detail}"
            raise outbox.NotMade(why) from refused
    return schedule


def _text(runtime: Runtime, schedule: Record, taken: Record, now: datetime) -> str:
    """What is to be sent; made anew where somebody was erased since it was made."""
    if taken["text"] is not None:
        return taken["text"]
    return outbox.make(runtime, schedule, taken["due_on"], now).text


def _sent(
    runtime: Runtime, actor: Actor, schedule: Record, taken: Record, refused: int, now: datetime
) -> list[Done]:
    failure = f"the mail server did not take {refused} of its addresses" if refused else None
    sent = {"state": deliveries.SENT, "sent_at": now, "failure": failure}
    with runtime.store.writing() as connection:
        if not deliveries.tell(connection, taken, {**sent, **_OVER}):
            return []
        event = {"schedule": schedule["id"], "report": schedule["report"], **_what(taken)}
        also = {"channel": taken["channel"], "refused": refused}
        record_event(connection, SERVICE, actor, outbox.SENT, {**event, **also}, now)
        done = [Done(outbox.SENT, schedule["project"] or SERVICE, None, taken["subject"])]
        if failure is not None:
            text = f"{taken['subject']}: {failure} (delivery {taken['id']})."
            key = f"{outbox.SENT}:{taken['key']}:refused"
            done += outbox.tell(connection, actor, schedule, text, key, now)
    return done


def _later(
    runtime: Runtime, actor: Actor, taken: Record, why: str, now: datetime
) -> list[Done] | str:
    if taken["tries"] >= MOST_TRIES:
        return _failed(runtime, actor, taken, why, now, ends=False)
    again = {
        "state": deliveries.WAITING,
        "failure": why,
        "next_try_at": now + pause(taken["tries"]),
    }
    with runtime.store.writing() as connection:
        deliveries.tell(connection, taken, again)
    return why


def _failed(
    runtime: Runtime, actor: Actor, taken: Record, why: str, now: datetime, *, ends: bool
) -> list[Done]:
    failed = {"state": deliveries.FAILED, "failure": why}
    with runtime.store.writing() as connection:
        schedule = schedules.find(connection, taken["schedule_id"], lock=True) or {}
        if not deliveries.tell(connection, taken, {**failed, **_OVER}):
            return []
        if ends and schedule["state"] == schedules.ACTIVE:
            report_schedules.write_end(connection, actor, schedule, why, now)
        return outbox.tell_not_sent(connection, actor, schedule, _what(taken), why, now)


_OVER = {"text": None, "next_try_at": None}
"""What is written of a report that is tried no more."""


def _what(taken: Record) -> Record:
    return {"delivery": taken["id"], "due_on": taken["due_on"], "tries": taken["tries"]}


def _schedule(connection: Connection, taken: Record) -> Record:
    found = schedules.find(connection, taken["schedule_id"])
    assert found is not None  # noqa: S101 - a delivery has one, and none is ever taken away
    return found
