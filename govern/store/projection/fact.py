"""An event as a projection reads it: its data in words, personal texts revealed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Fact:
    """`project` is the chain, `at` the moment that the rows of the event have."""

    project: str
    seq: int
    at: datetime
    actor: str
    kind: str
    data: dict[str, Any]

    @property
    def of_a_project(self) -> bool:
        """The chain of what concerns no single project has a name that no project can have."""
        return not self.project.startswith("@")

    @property
    def day(self) -> date:
        return self.at.date()


class NotProjectable(Exception):  # noqa: N818 - says what the event lacks
    """An event does not say what its rows hold: an earlier version wrote it, or nobody knows its kind."""

    def __init__(self, fact: Fact, why: str) -> None:
        super().__init__(f"event {fact.seq} of {fact.project} ({fact.kind}) {why}")
        self.fact = fact
        self.why = why
