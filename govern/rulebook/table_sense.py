"""Inputs, cells and rows of a decision table that tell nothing apart, by what they say alone.

Where `table_check` takes the inputs as independent of each other, this knows that equal names have equal
values: a row that asks for two things of one name may be one that never matches.
"""

from collections.abc import Sequence

from govern.documents.problem import Level
from govern.language.analysis import is_never_false, is_never_true
from govern.language.check import Checked
from govern.language.types import BOOLEAN
from govern.language.write import write
from govern.rulebook.conditions import Reader
from govern.rulebook.table_text import Grid

Cells = Sequence[Sequence[Checked | None]]
"""For each row its cells; `None` where any value fits."""


def check_sense(inputs: Sequence[Checked], cells: Cells, grid: Grid, reader: Reader) -> None:
    """Adds a problem for each input that is always or never true, each cell that every known value
    fits, and each row whose cells contradict each other."""
    before = len(reader.problems)
    for column, checked in enumerate(inputs):
        if checked.type == BOOLEAN:
            _input(checked, grid.header.inputs[column].text, reader)
    if len(reader.problems) > before:
        return
    for row, tests in enumerate(cells):
        for column, test in enumerate(tests):
            if test is not None and is_never_false(test):
                _cell(inputs[column], grid, row, column, reader)
        asked = [test for test in tests if test is not None]
        if not any(is_never_true(test) for test in asked) and is_never_true(*asked):
            what = "this row can never match: its cells contradict each other"
            place = grid.rows[row].place
            reader.add("E326", what, place, "leave the row out", Level.WARNING)


def _input(checked: Checked, text: str, reader: Reader) -> None:
    start, end = checked.tree.span
    place = checked.expression.origin.at(start, max(1, end - start))
    if is_never_true(checked):
        what = f"the input `{text}` can never be true"
        reader.add("E222", what, place, "its bounds contradict each other")
    elif is_never_false(checked):
        what = f"the input `{text}` is true whenever it is known"
        reader.add("E223", what, place, "leave out the part that is always true")


def _cell(checked: Checked, grid: Grid, row: int, column: int, reader: Reader) -> None:
    cell = grid.rows[row].inputs[column]
    what = f"every {write(checked.tree)} that is known fits `{cell.text}`"
    helps = "write -, or not(null) where a missing value shall not fit"
    reader.add("E339", what, cell.place, helps, Level.WARNING)
