"""A CSV file of what became of projects: project_id, date, and outcome (or rating)."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from govern.intake.cells import Cells
from govern.intake.columns import Column, Layout
from govern.intake.dates import parse_date
from govern.intake.log import FileRefused, Log
from govern.intake.rows import Refused
from govern.intake.table import Table

_WORDS = ("outcome", "rating")


class OutcomeFileRefused(Exception):  # noqa: N818 - an answer to a file, not a failure
    def __init__(self, refusals: tuple[Refused, ...]) -> None:
        super().__init__("; ".join(map(str, refusals)))
        self.refusals = refusals


def read_outcomes(path: Path, words: Collection[str] = ()) -> dict[str, date]:
    """Project → the first day with an outcome that is one of `words` (capitals do not count).

    Without `words` every row counts, so then the file may hold one outcome only. A row that says
    none is left out. Raises OutcomeFileRefused with every row that cannot be taken.
    """
    layout = Layout(
        path.name,
        "outcomes",
        (
            Column("project_id", "the project", required=True),
            Column("date", "the day of it", required=True),
            Column("outcome", "what became of it"),
            Column("rating", "or how it was rated"),
        ),
        one_of=_WORDS,
    )
    log = Log()
    rows: list[tuple[str, date, str]] = []
    try:
        with Table(path, layout, log) as table:
            word = next(name for name in _WORDS if name in table.header.positions)
            for line, row in table.rows():
                cells = Cells(log, layout.file, table.header, line, row)
                project, day = cells.identifier("project_id"), cells.needed("date", parse_date)
                said = cells.text(word)
                if project and day and said:
                    rows.append((project, day, said))
    except FileRefused as refused:
        line, value = refused.line, refused.value
        log.refuse(layout.file, line, None, value, problem=refused.problem, right=refused.right)
    if log.refusals:
        raise OutcomeFileRefused(tuple(log.refusals))
    _refuse_words(words, {said for _, _, said in rows}, layout.file)
    wanted = {word.casefold() for word in words}
    first: dict[str, date] = {}
    for project, day, said in rows:
        if not wanted or said.casefold() in wanted:
            first[project] = min(day, first.get(project, day))
    return first


def _refuse_words(words: Collection[str], found: Collection[str], file: str) -> None:
    """A word that stands nowhere is a typing error; none at all is unclear where there are several."""
    there = {said.casefold() for said in found}
    listed = ", ".join(sorted(found))
    refusals = [
        Refused(file, 0, None, word, "is an outcome of no row", f"there are: {listed}")
        for word in words
        if word.casefold() not in there
    ]
    if not words and len(there) > 1:
        problem = f"holds {len(there)} different outcomes"
        refusals.append(Refused(file, 0, None, "", problem, f"name those that count: {listed}"))
    if refusals:
        raise OutcomeFileRefused(tuple(refusals))
