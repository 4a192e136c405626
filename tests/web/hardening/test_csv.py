"""No text that somebody wrote becomes a formula in the spreadsheet that opens a table of ours."""

import csv
import io

import pytest

from govern.web.pages.table import Column, Kind, Table, as_csv

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "'=1"]


def _cells(table: Table) -> list[list[str]]:
    text = as_csv(table).get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.WORDS])
def test_a_text_stays_a_text(text: str, kind: Kind) -> None:
    table = Table("t", "T", [Column("a", "A", kind)], [{"a": text}])
    assert _cells(table) == [["a"], ["'" + text]]


def test_figures_stay_figures() -> None:
    columns = [Column("a", "A", Kind.NUMBER), Column("b", "B", Kind.SHARE)]
    table = Table("t", "T", columns, [{"a": "-12.5", "b": "-0.1"}, {"a": None, "b": 3}])
    assert _cells(table) == [["a", "b"], ["-12.5", "-0.1"], ["", "3"]]
