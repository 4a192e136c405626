"""What time brings about: the things that may be due, and what was done about one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.services.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project, or one of its submissions or gates, about which something may be due."""

    project: str
    submission: int | None = None
    gate: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """`kind` is that of the notice, `told` are the names of those who can read it."""

    kind: str
    project: str
    submission: int | None
    text: str
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """One kind of thing that time brings about.

    `find` lists candidates; it may list too many. `do` looks again under a lock, does the next
    thing that is due about a candidate, with what follows from it, and returns nothing where
    nothing is: it is called, each time in a transaction of its own, until then.
    """

    find: Callable[[Runtime, Connection, datetime], list[Candidate]]
    do: Callable[[Runtime, Connection, Actor, Candidate, datetime], tuple[Done, ...]]


def those(*done: Done | None) -> tuple[Done, ...]:
    """What of it was done."""
    return tuple(each for each in done if each is not None)
