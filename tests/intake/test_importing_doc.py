"""docs/importing.md lists the columns that the reader takes, with the same words."""

import re
from pathlib import Path

import pytest

from govern.intake.columns import LAYOUTS, Layout
from govern.intake.numbers import parse_number
from govern.intake.problem import CellProblem
from govern.intake.texts import MISSING_WORDS

DOC = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.file)
def test_the_columns_are_the_ones_read(layout: Layout) -> None:
    section = DOC.split(f"### {layout.file}\n")[1].split("\n#")[0]
    listed = re.findall(r"^\| `(\w+)` \| (.+) \| (yes|) ?\|$", section, re.MULTILINE)
    assert listed == [
        (column.name, column.means, "yes" if column.required else "") for column in layout.columns
    ]


def test_the_words_for_missing_are_all_named() -> None:
    [line] = re.findall(r"So are (.*?), in any case", DOC)
    assert {word.casefold() for word in re.findall(r"`([^`]+)`", line)} == MISSING_WORDS


def test_the_figures_said_to_be_refused_are() -> None:
    table = DOC.split("| refused | because | write |\n|---|---|---|\n")[1].split("\n\n")[0]
    figures = [
        word for row in table.splitlines() for word in re.findall(r"`([^`]+)`", row.split("|")[1])
    ]
    assert len(figures) == 14
    for figure in figures:
        with pytest.raises(CellProblem):
            parse_number(figure)
