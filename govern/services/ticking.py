"""The passing of time: whatever is due at a moment is done, each thing once.

Any number of ticks may run together: each thing is done in a short transaction of its own, under
the lock of what it is about, and leaves a notice whose key is unique.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from govern.domain.actor import Actor
from govern.domain.refusal import Busy, Refusal
from govern.domain.role import Permission
from govern.services import idempotency, news, rate_limits, waiting_files
from govern.services.access import require_everywhere
from govern.services.conditional_go import LAPSES
from govern.services.deadlines import DEADLINES
from govern.services.deliveries import send_waiting
from govern.services.due import Candidate, Done, Duty
from govern.services.effect_measuring import EFFECTS
from govern.services.hold_ends import HOLD_ENDS
from govern.services.ledger import SERVICE
from govern.services.log_upkeep import keep_up
from govern.services.outbox import put_due
from govern.services.pulling import pull_due
from govern.services.recommendation_deadlines import RECOMMENDATION_DEADLINES
from govern.services.rejudging import REJUDGING
from govern.services.reminders import REMINDERS
from govern.services.review_opening import REVIEW_OPENING
from govern.services.rule_records import POOR_RECORDS
from govern.services.runtime import Runtime
from govern.services.value_checks import VALUE_CHECKS
from govern.services.watch import Work

DUTIES = (
    EFFECTS,
    RECOMMENDATION_DEADLINES,
    REJUDGING,
    DEADLINES,
    LAPSES,
    HOLD_ENDS,
    VALUE_CHECKS,
    REVIEW_OPENING,
    REMINDERS,
    POOR_RECORDS,
)
"""In the order in which they are done: what a gate reads comes before it is judged, and who is told to
vote is told of what stands now."""

NEWS_FOR_S = 60
"""So long one tick sends news, and letters; what waits then is for the next, or for a worker."""

TRIES = 5
"""How often a thing is tried while the database is too busy for it."""


@dataclass(frozen=True, slots=True)
class Failed:
    """What could not be done, and is due still: the next tick tries again."""

    project: str
    submission: int | None
    why: str


@dataclass(frozen=True, slots=True)
class TickResult:
    at: datetime
    done: tuple[Done, ...]
    failed: tuple[Failed, ...]
    sealed: int | None = None
    """How many events the log holds then; None where there is no key to seal with."""


def tick(runtime: Runtime, actor: Actor, *, now: datetime) -> TickResult:
    """Does what is due at `now`, and seals it. What fails stops nothing else. Raises NotAllowed."""
    require_everywhere(actor, Permission.RUN_TICK)
    with runtime.watch.work(Work.TICK) as told:
        result = _ticked(runtime, actor, now)
        told.outcome = "partly" if result.failed else "done"
        told.count(done=len(result.done), failed=len(result.failed))
    return result


def _ticked(runtime: Runtime, actor: Actor, now: datetime) -> TickResult:
    done: list[Done] = []
    failed: list[Failed] = []
    for duty in DUTIES:
        with runtime.store.reading() as connection:
            candidates = duty.find(runtime, connection, now)
        for candidate in candidates:
            try:
                for each in _all_due(runtime, actor, duty, candidate, now):
                    done.append(each)
            except Refusal as refused:
                failed.append(Failed(candidate.project, candidate.submission, refused.detail))
            except Exception as error:  # one project's fault is no reason to leave the others
                why = f"{type(error).__name__}: {error}"
                failed.append(Failed(candidate.project, candidate.submission, why))
    pulled, not_pulled = pull_due(runtime, actor, now=now)
    done += pulled
    failed += [Failed(SERVICE, None, why) for why in not_pulled]
    for send in (put_due, send_waiting):
        sent, not_sent = send(runtime, actor, now=now)
        done += sent
        failed += [Failed(SERVICE, None, why) for why in not_sent]
    for also in (_forget_answers, _news):
        try:
            also(runtime, actor, now)
        except Refusal as refused:
            failed.append(Failed(SERVICE, None, refused.detail))
        except Exception as error:  # a fault of one of them is no reason to leave the others
            failed.append(Failed(SERVICE, None, f"{type(error).__name__}: {error}"))
    sealed = None
    try:
        kept = keep_up(runtime, actor, now).sealed
        sealed = None if kept is None else kept.size
    except Refusal as refused:
        failed.append(Failed(SERVICE, None, refused.detail))
    return TickResult(now, tuple(done), tuple(failed), sealed)


def _forget_answers(runtime: Runtime, actor: Actor, now: datetime) -> None:
    idempotency.forget_old(runtime, now=now)
    waiting_files.forget_old(runtime, now=now)
    rate_limits.forget_old(runtime, now=now)


def _news(runtime: Runtime, actor: Actor, now: datetime) -> None:
    news.pass_on(runtime, actor, now=now, for_s=NEWS_FOR_S)
    news.forget_old(runtime, now=now)


def _all_due(
    runtime: Runtime, actor: Actor, duty: Duty, candidate: Candidate, now: datetime
) -> Iterator[Done]:
    while done := _next_due(runtime, actor, duty, candidate, now):
        yield from done


def _next_due(
    runtime: Runtime, actor: Actor, duty: Duty, candidate: Candidate, now: datetime
) -> tuple[Done, ...]:
    for attempt in range(1, TRIES + 1):
        try:
            with runtime.store.writing() as connection:
                done = duty.do(runtime, connection, actor, candidate, now)
                if not done:
                    raise _NothingDue
                return done
        except _NothingDue:
            return ()
        except Busy:
            if attempt == TRIES:
                raise
    return ()


class _NothingDue(Exception):  # noqa: N818 - an answer, not a failure
    """Takes back what the transaction wrote: judging keeps the facts it saw, for nothing here."""
