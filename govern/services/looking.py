"""Which projects a sweep looks at, and why: those that may come out otherwise than at the sweep before.

Everything that is judged of a project is written with an event of its chain, or with one of a project
whose KPIs its composite KPIs read (`tests/services/test_looking.py` holds that against the tables that
are read). What concerns all projects has them all looked at. What is left is time, see
`observation.next_look` and `rulebook.dated`.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection

from govern import ENGINE_VERSION
from govern.rulebook.dated import reads_the_day, turning
from govern.rulebook.rule import Rulebook
from govern.services.ledger import SERVICE
from govern.store import events, sweeping
from govern.store.sweeping import Base

ERASED_TEXTS = frozenset({"person.erased"})
"""Events of the service's chain that change what stands in projects. All others change nothing that is
judged: rules read no exchange rate, and no name of an objective."""


class Why(StrEnum):
    """The first of these that holds for a project says why it is looked at."""

    ALL = "all"
    FIRST = "first"
    EARLIER_DATE = "earlier_date"
    RULES = "rules"
    ENGINE = "engine"
    ERASURE = "erasure"
    DATE = "date"
    CHANGED = "changed"
    READS = "reads"
    PERIOD = "period"
    SNOOZE = "snooze"


@dataclass(frozen=True, slots=True)
class Looking:
    """`seqs`: project → number of the last event that is seen of it. `why` counts them. `base` is what
    the projects will stand on afterwards."""

    seqs: dict[str, int]
    base: Base
    why: dict[Why, int] = field(default_factory=dict[Why, int])


def looking_at_all(connection: Connection, rulebook: Rulebook, why: Why) -> Looking:
    seqs = sweeping.heads(connection)
    return Looking(seqs, _base(connection, rulebook), {why: len(seqs)})


def looking(
    connection: Connection, rulebook: Rulebook, stood: Base | None, since: date | None, as_of: date
) -> Looking:
    """After a sweep as of `since` that left `stood`, for one as of the same or a later date."""
    everything = _concerns_all(connection, rulebook, stood, since, as_of)
    if everything is not None or since is None:
        return looking_at_all(connection, rulebook, everything or Why.FIRST)
    found = Looking({}, _base(connection, rulebook))
    moved = sweeping.moved(connection)
    found.seqs.update(moved)
    found.why[Why.CHANGED] = len(moved)
    _add(connection, found, Why.READS, sweeping.readers_of(connection, moved))
    if as_of > since:
        _add(connection, found, Why.PERIOD, sweeping.due(connection, as_of))
        _add(connection, found, Why.SNOOZE, turning(rulebook.snoozes, since, as_of))
    return found


def _concerns_all(
    connection: Connection, rulebook: Rulebook, stood: Base | None, since: date | None, as_of: date
) -> Why | None:
    if stood is None:
        return Why.FIRST
    if stood.rulebook_digest != rulebook.digest:
        return Why.RULES
    if stood.engine != ENGINE_VERSION:
        return Why.ENGINE
    if sweeping.happened(connection, SERVICE, ERASED_TEXTS, stood.seq):
        return Why.ERASURE
    if as_of != since and any(map(reads_the_day, rulebook.judged)):
        return Why.DATE
    return None


def _add(connection: Connection, found: Looking, why: Why, project_ids: set[str]) -> None:
    more = sweeping.seen(connection, project_ids - found.seqs.keys())
    if more:
        found.seqs.update(more)
        found.why[why] = len(more)


def _base(connection: Connection, rulebook: Rulebook) -> Base:
    seq, _ = events.head_of(connection, SERVICE)
    return Base(rulebook.digest, ENGINE_VERSION, seq)
