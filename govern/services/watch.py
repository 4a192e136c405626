"""What a use case tells of its work as it does it, for whoever watches over the service.

The services tell; what becomes of it (a measure, a trace, a line in the log, nothing) is decided at
the edge. What is told is words and counts, never what people wrote.
"""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from govern.domain.refusal import Refusal


class Work(StrEnum):
    """The kinds of work that are watched."""

    SWEEP = "sweep"
    TICK = "tick"
    GATE_CHECK = "gate_check"
    SEALING = "sealing"
    SENDING = "sending"


class Outcome(StrEnum):
    """How work ended, where it says no more of it."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(slots=True)
class Told:
    """What one piece of work tells of itself. `outcome` is one word of few: it becomes a label."""

    outcome: str = Outcome.DONE
    words: dict[str, str] = field(default_factory=dict[str, str])
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def count(self, **counts: int) -> None:
        self.counts |= counts


class Watch(Protocol):
    def work(self, work: Work, **words: str) -> AbstractContextManager[Told]:
        """Lasts as long as a piece of work; what raises is watched and raised on."""
        ...


class Unwatched:
    """Where nobody watches."""

    @contextmanager
    def work(self, work: Work, **words: str) -> Generator[Told]:
        yield Told(words=words)


def outcome_of(error: BaseException) -> Outcome:
    return Outcome.REFUSED if isinstance(error, Refusal) else Outcome.FAILED
