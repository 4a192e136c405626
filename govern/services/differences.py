"""What two rulebooks say differently, in their files and of the portfolio."""

from dataclasses import asdict
from datetime import date, datetime

from govern.domain.actor import Actor
from govern.domain.progress import Progress, nobody_watches
from govern.domain.record import Record
from govern.rulebook.difference import Comparing, changes
from govern.rulebook.rule import Rulebook
from govern.services.judged import PROJECTS_AT_ONCE
from govern.services.judging import (
    observed_in_pieces,
    range_of,
    require_trying,
    rulebook_of,
)
from govern.services.runtime import Runtime

Named = Rulebook | str | None
"""A rulebook, the digest of a revision, or `None` for the one in force."""


def difference(
    runtime: Runtime,
    actor: Actor,
    before: Named,
    after: Named,
    *,
    as_of: date | None = None,
    first: date | None = None,
    at_once: int = PROJECTS_AT_ONCE,
    progress: Progress = nobody_watches,
    now: datetime,
) -> Record:
    """Rules added, removed and changed from one to the other, and who fires under one only.

    As of a day (today unless said), or with `first` in every period that ends from then to that day;
    on the facts as they are known now. Raises what `backtests.backtest` raises.
    """
    require_trying(actor)
    asked = range_of(first, as_of, now)
    range_ = (None, None) if first is None else (asked.first, asked.last)
    with runtime.store.reading() as connection:
        one, other = (
            each if isinstance(each, Rulebook) else rulebook_of(runtime, connection, each)
            for each in (before, after)
        )
        changed = changes(one, other)
        comparing = Comparing(one, other, *range_)
        compared = 0
        for observations in observed_in_pieces(connection, actor, asked.last, at_once, progress):
            comparing.add(observations)
            compared += observations.projects.filter("is_last").height
    only = comparing.result()
    return {
        "a": one.digest,
        "b": other.digest,
        "from": range_[0],
        "to": asked.last,
        "projects": compared,
        "changes": [asdict(each) for each in changed],
        "only": [asdict(each) for each in only],
        "same": not changed and not only,
    }
