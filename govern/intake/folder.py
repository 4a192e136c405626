"""A folder of CSV files, read whole: the rows that can be taken and everything that cannot."""

import gc
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from govern.intake.columns import (
    DELIVERABLES,
    KPIS,
    LAYOUTS,
    OBJECTIVES,
    OUTCOMES,
    PROJECTS,
    READINGS,
    Layout,
)
from govern.intake.deliverables import read_deliverables
from govern.intake.kpis import read_kpis
from govern.intake.log import FileRefused, Log
from govern.intake.objectives import read_objectives
from govern.intake.outcome_rows import read_outcome_rows
from govern.intake.problem import did_you_mean
from govern.intake.projects import read_projects
from govern.intake.readings import ReadingReader
from govern.intake.register import Register
from govern.intake.rows import (
    Count,
    DeliverableRow,
    Intake,
    Known,
    KpiRow,
    ObjectiveRow,
    OutcomeRow,
    ProjectRow,
)
from govern.intake.table import Table

_FILES = ", ".join(layout.file for layout in LAYOUTS)

NOTHING_KNOWN = Known()

_MAY_BE_MISSING = (DELIVERABLES, OBJECTIVES, OUTCOMES)


def read_folder(
    folder: Path,
    known: Known = NOTHING_KNOWN,
    stages: Collection[str] | None = None,
    workflows: Mapping[str, Collection[str]] | None = None,
) -> Intake:
    """Reads projects.csv, kpis.csv, readings.csv and, where they are there, deliverables.csv,
    objectives.csv and outcomes.csv.

    `known` is what the store already has: rows may refer to it, and then a file that is not in the
    folder is no refusal as long as one of them is. `stages` are the words that the `stage`
    column may hold; without them any word may. Never raises for what the files hold.
    """
    with _collector_paused():
        return _Folder(folder, known, stages, workflows).read()


@contextmanager
def _collector_paused() -> Generator[None]:
    """Rows hold no cycles, and walking the growing heap for them takes two fifths of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class _Folder:
    def __init__(
        self,
        folder: Path,
        known: Known,
        stages: Collection[str] | None,
        workflows: Mapping[str, Collection[str]] | None,
    ) -> None:
        self._folder = folder
        self._known = known
        self._stages = stages
        self._workflows = workflows
        self._log = Log()
        self._counts: dict[str, Count] = {}
        self._projects = Register[ProjectRow](self._log, PROJECTS.file, "project_id")
        self._kpis = Register[KpiRow](self._log, KPIS.file, "kpi_id")
        self._deliverables = Register[DeliverableRow](
            self._log, DELIVERABLES.file, "deliverable_id"
        )
        self._objectives = Register[ObjectiveRow](self._log, OBJECTIVES.file, "objective_id")
        self._outcomes = Register[OutcomeRow](self._log, OUTCOMES.file, "outcome_id")
        self._readings = ReadingReader(self._log, self._kpis, known)

    def read(self) -> Intake:
        if not self._folder.is_dir():
            self._refuse_folder("is not a folder", f"name a folder with {_FILES}")
            return self._intake()
        present = self._present()
        for layout, read in (
            (OBJECTIVES, self._read_objectives),
            (PROJECTS, self._read_projects),
            (KPIS, self._read_kpis),
            (READINGS, self._read_readings),
            (OUTCOMES, self._read_outcomes),
            (DELIVERABLES, self._read_deliverables),
        ):
            if layout.file in present:
                self._read_file(layout, read)
            elif layout not in _MAY_BE_MISSING and not (present and self._known):
                self._missing(layout)
        return self._intake()

    def _present(self) -> frozenset[str]:
        try:
            names = sorted(path.name for path in self._folder.iterdir())
        except OSError as error:
            self._refuse_folder(f"cannot be read: {error.strerror}", "let govern read it")
            names = []
        expected = [layout.file for layout in LAYOUTS]
        for name in names:
            if name.casefold().endswith(".csv") and name not in expected:
                # Without what all of them end in, which makes any two names alike.
                absent = [f.removesuffix(".csv") for f in expected if f not in names]
                hint = did_you_mean(name[: -len(".csv")], absent)
                text = "this file is not read"
                if hint:
                    text += "; " + hint.replace("'?", ".csv'?")
                self._log.note(name, 0, None, text)
        return frozenset(name for name in names if name in expected)

    def _refuse_folder(self, problem: str, right: str) -> None:
        self._log.refuse(str(self._folder), 0, None, problem=problem, right=right)

    def _missing(self, layout: Layout) -> None:
        self._log.refuse(
            layout.file,
            0,
            None,
            problem="is not in the folder",
            right=f"add it, with the columns {','.join(layout.names)}",
        )
        self._close(layout)

    def _read_file(self, layout: Layout, read: Callable[[Table], tuple[int, int]]) -> None:
        try:
            with Table(self._folder / layout.file, layout, self._log) as table:
                refused, repeated = read(table)
                refused += table.ragged
                taken = table.read - refused - repeated
                self._counts[layout.file] = Count(table.read, taken, refused, repeated)
                if not table.read:
                    self._log.note(layout.file, 0, None, "the file has a header and no rows")
        except FileRefused as error:
            self._log.refuse(
                layout.file,
                error.line,
                None,
                error.value,
                problem=error.problem,
                right=error.right,
            )
            self._counts[layout.file] = Count()
            self._close(layout)

    def _read_projects(self, table: Table) -> tuple[int, int]:
        read_projects(table, self._log, self._projects, self._stages, self._workflows)
        return self._projects.refused, self._projects.repeated

    def _read_kpis(self, table: Table) -> tuple[int, int]:
        read_kpis(table, self._log, self._kpis, self._projects, self._objectives, known=self._known)
        self._stand_on(PROJECTS, self._projects)
        return self._kpis.refused, self._kpis.repeated

    def _read_deliverables(self, table: Table) -> tuple[int, int]:
        read_deliverables(
            table,
            self._log,
            self._deliverables,
            self._projects,
            self._kpis,
            self._outcomes,
            known=self._known,
        )
        self._stand_on(PROJECTS, self._projects)
        self._stand_on(KPIS, self._kpis)
        return self._deliverables.refused, self._deliverables.repeated

    def _read_objectives(self, table: Table) -> tuple[int, int]:
        read_objectives(table, self._log, self._objectives)
        return self._objectives.refused, self._objectives.repeated

    def _read_outcomes(self, table: Table) -> tuple[int, int]:
        read_outcome_rows(
            table, self._log, self._outcomes, self._projects, self._kpis, known=self._known
        )
        self._stand_on(PROJECTS, self._projects)
        self._stand_on(KPIS, self._kpis)
        return self._outcomes.refused, self._outcomes.repeated

    def _read_readings(self, table: Table) -> tuple[int, int]:
        self._readings.read(table)
        self._stand_on(KPIS, self._kpis)
        return self._readings.refused, self._readings.repeated

    def _stand_on(self, other: Layout, register: Register[Any]) -> None:
        """Refuses a file once, not row by row, where the file that it refers to is not there."""
        if not register.whole:
            raise FileRefused(
                0,
                f"cannot be held against {other.file}, of which nothing can be taken",
                f"correct {other.file} first",
            )

    def _close(self, layout: Layout) -> None:
        """Nothing of the file is taken, and nothing that refers to it can be judged."""
        if layout is PROJECTS:
            self._projects.close()
        elif layout is KPIS:
            self._kpis.close()
        elif layout is DELIVERABLES:
            self._deliverables.close()
        elif layout is OBJECTIVES:
            self._objectives.close()
        elif layout is OUTCOMES:
            self._outcomes.close()
        else:
            self._readings.close()

    def _intake(self) -> Intake:
        order = {layout.file: number for number, layout in enumerate(LAYOUTS)}
        return Intake(
            folder=self._folder,
            projects=self._projects.rows,
            kpis=self._kpis.rows,
            readings=self._readings.rows,
            deliverables=self._deliverables.rows,
            objectives=self._objectives.rows,
            outcomes=self._outcomes.rows,
            refusals=tuple(
                sorted(self._log.refusals, key=lambda r: (order.get(r.file, -1), r.line))
            ),
            refused=self._log.refused,
            notes=self._log.notes,
            counts=self._counts,
        )
