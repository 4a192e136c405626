"""How often one caller may do something, counted over all workers and hosts.

A count is a row of the database. So that not every request writes one, a process takes several at a
time and hands them out: what it took counts as used, so the limit holds exactly, and a process that
stops early wastes at most what it had taken.

The field's libraries count in memory, which several workers do not share, or in Redis, which nobody
should need to run for this; and none takes the time as an argument.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from govern.domain.refusal import TooManyRequests
from govern.services.runtime import Runtime
from govern.store import rate_windows

KEPT = 10_000
"""Callers whose counts are at hand."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` in a `window`; a process takes `at_once` of them at a time."""

    name: str
    most: int
    window: timedelta
    at_once: int = 1


@dataclass(slots=True)
class _Taken:
    """`left` of what was taken; `ends_at`: when the window ends. `full`: there was none to take."""

    ends_at: datetime
    left: int
    full: bool


@dataclass(slots=True)
class RateLimits:
    """The counts of one process."""

    _taken: "OrderedDict[str, _Taken]" = field(default_factory=OrderedDict[str, _Taken])
    _lock: Lock = field(default_factory=Lock)

    def use(self, runtime: Runtime, limit: Limit, caller: str, now: datetime) -> None:
        """Counts one. Raises TooManyRequests, which says after how many seconds to come again."""
        key = _key(limit, caller)
        with self._lock:
            known = self._taken.get(key)
            if known is not None and now < known.ends_at <= now + 2 * limit.window:
                self._taken.move_to_end(key)
                if known.full:
                    raise _too_many(limit, known.ends_at, now)
                if known.left > 0:
                    known.left -= 1
                    return
        taken = self._take(runtime, limit, key, now)
        with self._lock:
            self._taken[key] = taken
            while len(self._taken) > KEPT:
                self._taken.popitem(last=False)
        if taken.full:
            raise _too_many(limit, taken.ends_at, now)

    def _take(self, runtime: Runtime, limit: Limit, key: str, now: datetime) -> _Taken:
        """One to use now, and what more there was of `at_once`."""
        with runtime.store.writing() as connection:
            count, ends_at = rate_windows.add(connection, key, limit.at_once, limit.window, now)
        before = count - limit.at_once
        granted = max(0, min(limit.at_once, limit.most - before))
        return _Taken(ends_at, max(0, granted - 1), granted == 0)


def forget_old(runtime: Runtime, *, now: datetime) -> int:
    """Forgets windows that are over; returns how many."""
    with runtime.store.writing() as connection:
        return rate_windows.forget(connection, now)


def _key(limit: Limit, caller: str) -> str:
    """No address and no person's id stands in the table."""
    return f"{limit.name}:{hashlib.sha256(caller.encode()).hexdigest()[:32]}"


def _too_many(limit: Limit, ends_at: datetime, now: datetime) -> TooManyRequests:
    seconds = max(1, -int(-(ends_at - now).total_seconds() // 1))
    return TooManyRequests(
        f"At most {limit.most} of these are answered in {_told(limit.window)}; try again in "
        f"{seconds} second{'s' if seconds != 1 else ''}.",
        retry_after=seconds,
        most=limit.most,
    )


def _told(window: timedelta) -> str:
    minutes = int(window.total_seconds()) // 60
    return "a minute" if minutes == 1 else f"{minutes} minutes"
