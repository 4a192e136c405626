"""What an import did, or would do, row by kind of row."""

from dataclasses import dataclass, field

from govern.intake.rows import Note, Refused

Counts = dict[str, int]


@dataclass(slots=True)
class ImportReport:
    """`added`, `changed` and `unchanged` count rows by kind (projects, kpis, deliverables, readings,
    planned). `written` is False for a dry run and where refusals kept everything out. `entered`
    lists the projects whose stage was taken from what they report."""

    folder: str
    refusals: list[Refused]
    notes: list[Note]
    added: Counts = field(default_factory=dict[str, int])
    changed: Counts = field(default_factory=dict[str, int])
    unchanged: Counts = field(default_factory=dict[str, int])
    entered: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    written: bool = False

    @property
    def refused(self) -> bool:
        return bool(self.refusals)


def count(counts: Counts, kind: str) -> None:
    counts[kind] = counts.get(kind, 0) + 1
