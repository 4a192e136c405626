"""What comes out of a folder: checked rows, refusals and notes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ClassVar, Protocol

import polars as pl

from govern.domain.kpi import Kpi
from govern.domain.project import Deliverable, Objective, Outcome, Project
from govern.domain.reading import PlannedValue, Reading


@dataclass(frozen=True, slots=True)
class Refused:
    """What cannot be taken, where, and what would be right.

    `line` counts from 1 with the header as line 1; 0 means the file as a whole. A row that spans
    several lines is named by its first. `column` is `None` where the row or file as a whole is
    meant. `value` is what stands there, shortened, with control characters spelt out.
    """

    file: str
    line: int
    column: str | None
    value: str
    problem: str
    right: str

    def __str__(self) -> str:
        place = self.file + (f":{self.line}" if self.line else "")
        cell = f" {self.column}" if self.column else ""
        shown = f" '{self.value}'" if self.value else ""
        return f"{place}:{cell}{shown} {self.problem}; {self.right}"


@dataclass(frozen=True, slots=True)
class Note:
    """What was taken, but is worth a look: `count` times, first on `line`."""

    file: str
    line: int
    column: str | None
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """`stage` is the organisation's word for where it stands, to be held against the workflow.

    Here and in the rows below, `stated` names the columns that are not blank."""

    file: ClassVar[str] = "projects.csv"
    line: int
    project: Project
    stage: str | None
    stage_since: date | None
    stated: frozenset[str]
    workflow: str | None = None


@dataclass(frozen=True, slots=True)
class KpiRow:
    file: ClassVar[str] = "kpis.csv"
    line: int
    kpi: Kpi
    stated: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """`reading` is `None` where the row neither holds an actual nor says when it was reported.
    `version` counts what was recorded for the period, from 1; `None` where the row does not say."""

    file: ClassVar[str] = "readings.csv"
    line: int
    reading: Reading | None
    planned: PlannedValue | None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    file: ClassVar[str] = "objectives.csv"
    line: int
    objective: Objective
    stated: frozenset[str]


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    file: ClassVar[str] = "outcomes.csv"
    line: int
    outcome: Outcome
    stated: frozenset[str]


@dataclass(frozen=True, slots=True)
class DeliverableRow:
    file: ClassVar[str] = "deliverables.csv"
    line: int
    deliverable: Deliverable
    stated: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the store already has, so that a folder may refer to it."""

    projects: frozenset[str] = frozenset()
    kpis: Mapping[str, Kpi] = field(default_factory=dict[str, Kpi])
    deliverables: Mapping[str, str] = field(default_factory=dict[str, str])
    """Deliverable id → project id."""
    outcomes: Mapping[str, str] = field(default_factory=dict[str, str])
    """Outcome id → project id."""
    objectives: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.projects or self.kpis)


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of one file, blank ones aside: `read` is `taken` + `refused` + `repeated`.

    All zero where the file as a whole is refused.
    """

    read: int = 0
    taken: int = 0
    refused: int = 0
    repeated: int = 0


class Readings(Protocol):
    """The rows of a long file, read from where they were put away each time they are asked for."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[ReadingRow]: ...
    def frames(self) -> Iterator[pl.DataFrame]:
        """The same as frames of `reading_frame.SCHEMA`, of which memory holds one at a time."""
        ...

    def reporting(self) -> set[str]:
        """The KPIs for which there is an actual."""
        ...


@dataclass(frozen=True, slots=True)
class Intake:
    """A folder as read. `refusals` are in the order of the files and their lines; of a file with very
    many they are the first that were found, and `refused` counts all.

    `counts` has an entry for each file that was there.
    """

    folder: Path
    projects: tuple[ProjectRow, ...]
    kpis: tuple[KpiRow, ...]
    readings: "Readings"
    deliverables: tuple[DeliverableRow, ...]
    objectives: tuple[ObjectiveRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    refusals: tuple[Refused, ...]
    refused: int
    notes: tuple[Note, ...]
    counts: Mapping[str, Count]

    @property
    def clean(self) -> bool:
        """Whether every row of every file can be taken."""
        return not self.refusals
