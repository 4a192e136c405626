"""What an import did, or would do, row by kind of row."""

from dataclasses import dataclass, field

from govern.intake.log import MOST_KEPT
from govern.intake.rows import Note, Refused

Counts = dict[str, int]


@dataclass(slots=True)
class ImportReport:
    """`added`, `changed` and `unchanged` count rows by kind (objectives, projects, kpis, outcomes,
    deliverables, readings, planned). `written` is False for a dry run and where refusals kept everything
    out. `entered` lists the projects whose stage was taken from what they report. `refusals` are the first
    of very many; `refused_in_all` counts them."""

    folder: str
    refusals: list[Refused]
    notes: list[Note]
    added: Counts = field(default_factory=dict[str, int])
    changed: Counts = field(default_factory=dict[str, int])
    unchanged: Counts = field(default_factory=dict[str, int])
    entered: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    written: bool = False
    refused_in_all: int = 0

    @property
    def refused(self) -> bool:
        return self.refused_in_all > 0

    def refuse(self, refused: Refused) -> None:
        """Counts a refusal, and keeps it where it is one of the first `MOST_KEPT`."""
        self.refused_in_all += 1
        if len(self.refusals) < MOST_KEPT:
            self.refusals.append(refused)


def count(counts: Counts, kind: str, rows: int = 1) -> None:
    if rows:
        counts[kind] = counts.get(kind, 0) + rows
