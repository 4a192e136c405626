"""Tables through real workbooks: nothing is lost on the way, and nothing half right is written."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from govern.documents.xlsx import read_workbook
from govern.domain.refusal import Duplicate, InvalidInput, NotFound
from govern.language.write import quoted
from govern.rulebook.table_place import Cells, aligned, as_read, written_tables
from govern.services.tables import Imported, Told, export_table, import_table
from tests.rulebook.rule_files import HEAD

ROOT = Path(__file__).parents[2]
PARAMS = "params: {watch: 90%, act: 80%}\n"
RAG = (
    "# ours\n"
    + HEAD
    + PARAMS
    + """\
tables:
  - id: kpi-rag
    title: How a KPI stands
    hit: first
    rows: |
      | attainment   || rag     |
      | null         || "grey"  |
      | >= watch     || "green" |
      | [act..watch) || "amber" |
      | < act        || "red"   |
rules:
  - id: red
    title: Red  # where the table says so
    when: kpi_rag = "red"
    severity: red
    message: '{kpi}'
"""
)

texts = st.one_of(
    st.sampled_from(
        ["=1+1", "@SUM(A1)", "-", "+1", "007", "'", "90%", "_x0041_", "a | b", "#REF!"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20),
).map(quoted)
numbers = st.sampled_from(
    [
        *("-", "null", "< 80%", ">= watch", "[act..watch)", "(0..1]", "-5", "0.50", "1, 2", "act"),
        *("not(< 0)", "= 3", "!= 7", "> 1 // a comment", "/* kept */ < 0"),
    ]
)
days = st.sampled_from(["-", "null", '@"2026-03-31"', '< @"2026-03-31"', "as_of"])
words = st.one_of(st.just("-"), texts, st.lists(texts, min_size=2, max_size=3).map(", ".join))
HEADER: Cells = (("attainment", "owner", "end"), ("colour", "share", "on", "so"))
# Each output has a value in one row at least.
ROW: Cells = (("-", "-", "-"), ('"sure"', "1", '@"2026-03-31"', "true"))
rows = st.tuples(
    st.tuples(numbers, words, days),
    st.tuples(
        texts,
        st.sampled_from(["1", "90%", "-5", "0.10", "watch", "null"]),
        st.sampled_from(['@"2026-03-31"', "null"]),
        st.sampled_from(["true", "false"]),
    ),
)
layouts = st.fixed_dictionaries(
    {
        "in_line": st.booleans(),
        "sign": st.sampled_from(["|", "|-", "|+", "|  # why"]),
        "ending": st.sampled_from(["\n", "\r\n"]),
        "mark": st.sampled_from(["", "\ufeff"]),
        "gap": st.booleans(),
    }
)


def table_file(lines: list[Cells], layout: dict[str, Any]) -> str:
    grid = (
        aligned(lines)
        if layout["in_line"]
        else [f"|{' | '.join(inputs)}||  {' | '.join(outputs)}|" for inputs, outputs in lines]
    )
    below = "\n\n".join(grid) if layout["gap"] else "\n".join(grid)
    block = "".join(f"      {line}\n" if line else "\n" for line in below.split("\n"))
    text = (
        f"# ours\n{HEAD}{PARAMS}tables:\n  - id: any-table\n    title: '=Title'\n    hit: collect\n"
        f"    rows: {layout['sign']}\n{block}  # the end\n"
    )
    return layout["mark"] + text.replace("\n", layout["ending"])


def shown(book: Path) -> Any:
    """What stands on the table's sheet."""
    return read_workbook(book.read_bytes())[0].cells


def edit(book: Path, change: Callable[[Any], None]) -> None:
    workbook: Any = load_workbook(book)
    change(workbook[workbook.sheetnames[0]])
    workbook.save(book)


def put(**cells: Any) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for name, value in cells.items():
            sheet[name] = value

    return change


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "rag.yaml").write_text(RAG, encoding="utf-8", newline="")
    return folder


@pytest.fixture
def book(rules: Path) -> Path:
    found = rules.parent / "rag.xlsx"
    assert export_table(rules, "kpi-rag", found) is None
    return found


def problems(told: Imported | Told) -> list[str]:
    assert isinstance(told, Told)
    return [f"{each.place}: {each.code}: {each.message} ({each.help})" for each in told.problems]


@given(lines=st.lists(rows, min_size=1, max_size=4, unique=True), data=st.data(), layout=layouts)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_there_and_back_nothing_is_lost(
    lines: list[Cells], data: st.DataObject, layout: dict[str, Any], tmp_path: Path
) -> None:
    path, book = tmp_path / "a.yaml", tmp_path / "a.xlsx"
    lines = [ROW, *lines]
    text = table_file([HEADER, *lines], layout)
    path.write_bytes(text.encode())
    told = export_table(tmp_path, "any-table", book, overwrite=True)
    assert told is None, told

    done = import_table(tmp_path, book)
    assert isinstance(done, Imported), done
    assert done.before == done.after
    assert path.read_bytes() == text.encode()

    kept = data.draw(st.lists(st.sampled_from(lines[1:]), unique=True))
    kept.insert(data.draw(st.integers(0, len(kept))), ROW)

    def change(sheet: Any) -> None:
        sheet.delete_rows(7, len(lines))
        for number, (inputs, outputs) in enumerate(kept):
            for column, value in enumerate((*inputs, *outputs), start=1):
                cell = sheet.cell(7 + number * 2, column, value)
                cell.data_type = "s"

    edit(book, change)
    done = import_table(tmp_path, book)
    assert isinstance(done, Imported), done
    after = path.read_bytes().decode()
    (table,) = written_tables({"a.yaml": as_read(after)})
    assert table.lines == (HEADER, *kept)
    assert after.partition("attainment")[0] == text.partition("attainment")[0]
    assert re.split("# the end", after)[1] == re.split("# the end", text)[1]

    again = tmp_path / "again.xlsx"
    assert export_table(tmp_path, "any-table", again, overwrite=True) is None
    there = {at: content for at, content in shown(again).items() if at[0] >= 6}
    sent = [HEADER, *kept]
    assert there == {
        (row, column): content
        for row, (inputs, outputs) in enumerate(sent, start=6)
        for column, content in enumerate((*inputs, *outputs), start=1)
    }


def test_the_shipped_tables_go_there_and_back(tmp_path: Path) -> None:
    for path in sorted((ROOT / "rules").rglob("*.yaml")):
        copy = tmp_path / "rules" / path.relative_to(ROOT / "rules")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    texts = {each.as_posix(): each.read_text() for each in (tmp_path / "rules").rglob("*.yaml")}
    found = written_tables(texts)
    assert found
    for table in found:
        book = tmp_path / f"{table.id}.xlsx"
        assert export_table(tmp_path / "rules", table.id, book) is None
        done = import_table(tmp_path / "rules", book)
        assert isinstance(done, Imported)
        assert (done.difference, done.stale) == ("", False)


def test_the_workbook_says_where_it_comes_from(rules: Path, book: Path) -> None:
    table, about = read_workbook(book.read_bytes())
    assert table.name == "kpi-rag"
    assert [table.text(row, 2) for row in range(1, 4)] == ["kpi-rag", "How a KPI stands", "first"]
    assert [table.text(row, 1) for row in range(4, 8)] == ["input", "number", "attainment", "null"]
    assert table.text(5, 2) == '"grey", "green", "amber", "red"'
    told = {about.text(row, 1): about.text(row, 2) for row in range(1, about.rows + 1)}
    assert told["file"] == f"{rules.as_posix()}/rag.yaml:6"
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", told["rulebook"] or "")


def test_a_title_that_no_sheet_can_hold_is_no_difference(rules: Path) -> None:
    path, book = rules / "rag.yaml", rules.parent / "b.xlsx"
    path.write_text(RAG.replace("How a KPI stands", r'"How\x01  a\tKPI\n stands _x0041_"'))
    assert export_table(rules, "kpi-rag", book) is None
    done = import_table(rules, book)
    assert isinstance(done, Imported), done
    assert done.difference == ""


def test_only_what_differs_is_written(rules: Path, book: Path) -> None:
    edit(book, put(A9="[75%..watch)", A10="< 75%"))
    done = import_table(rules, book)
    assert isinstance(done, Imported)
    assert (done.came, done.went, done.stale) == (2, 2, False)
    found = (rules / "rag.yaml").read_text()
    assert found == RAG.replace("[act..watch)", "[75%..watch)").replace("< act  ", "< 75%  ")
    assert [line for line in done.difference.splitlines() if line[0] in "+-"][2:] == [
        '-      | [act..watch) || "amber" |',
        '-      | < act        || "red"   |',
        '+      | [75%..watch) || "amber" |',
        '+      | < 75%        || "red"   |',
    ]
    assert sorted(each.name for each in rules.iterdir()) == ["rag.yaml"]


def test_a_dry_run_writes_nothing(rules: Path, book: Path) -> None:
    edit(book, put(B10='"amber"', B9='"red"'))
    done = import_table(rules, book, dry_run=True)
    assert isinstance(done, Imported)
    assert '+      | [act..watch) || "red"   |' in done.difference
    assert (rules / "rag.yaml").read_text() == RAG


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"A8": ">= whatch"}, "'kpi-rag'!A8: E210: unknown name `whatch` (did you mean 'watch'?)"),
        (
            {"B9": "amber"},
            "'kpi-rag'!B9: E322: `amber` is no constant (a text stands in double quotes",
        ),
        ({"B9": 5}, "'kpi-rag'!B9: E322: `5` is a number"),
        ({"A8": "“x”"}, "'kpi-rag'!A8: E2"),
        ({"A8": '"x"'}, "'kpi-rag'!A8: E213"),
        ({"A8": "[watch..act)"}, "'kpi-rag'!A8: E215"),
        ({"A8": "=watch+1"}, "'kpi-rag'!A8: E344: a formula stands here (replace it by its value"),
        ({"A8": "#N/A"}, "'kpi-rag'!A8: E344: the error #N/A stands here"),
        ({"B10": '"crimson"'}, "rag.yaml:18:21: E217"),
    ],
)
def test_nothing_is_written_where_the_rulebook_would_have_an_error(
    rules: Path, book: Path, cells: dict[str, Any], found: str
) -> None:
    edit(book, put(**cells))
    told = problems(import_table(rules, book))
    assert any(found in each for each in told), told
    assert (rules / "rag.yaml").read_text() == RAG


def test_merged_cells_are_refused(rules: Path, book: Path) -> None:
    edit(book, lambda sheet: sheet.merge_cells("A8:A9"))
    assert (
        "'kpi-rag'!A8: E344: the cells A8:A9 are merged" in problems(import_table(rules, book))[0]
    )


def test_a_gap_is_a_warning_at_the_sheet(rules: Path, book: Path) -> None:
    edit(book, lambda sheet: sheet.delete_rows(8))
    done = import_table(rules, book)
    assert isinstance(done, Imported)
    (warning,) = done.told.problems
    assert (warning.code, str(warning.place)) == ("E324", f"{book.as_posix()}: 'kpi-rag'!A6")


def test_what_changed_in_the_file_meanwhile_is_told(rules: Path, book: Path) -> None:
    edit(book, put(A9="[75%..watch)", A10="< 75%"))
    path = rules / "rag.yaml"
    path.write_text(RAG.replace('"grey" ', '"red"  '), encoding="utf-8")
    done = import_table(rules, book, dry_run=True)
    assert isinstance(done, Imported)
    assert done.stale


def test_a_table_with_an_error_can_be_mended_from_a_sheet(rules: Path, book: Path) -> None:
    path = rules / "rag.yaml"
    path.write_text(RAG.replace(">= watch    ", ">= whatch   "), encoding="utf-8")
    assert isinstance(import_table(rules, book), Imported)
    assert path.read_text() == RAG


def test_what_cannot_be_exported_is_refused(rules: Path, book: Path) -> None:
    with pytest.raises(NotFound, match="did you mean 'kpi-rag'"):
        export_table(rules, "kpi-rg", rules.parent / "b.xlsx")
    with pytest.raises(Duplicate, match="there already"):
        export_table(rules, "kpi-rag", book)
    with pytest.raises(InvalidInput, match=r"\.xlsx"):
        export_table(rules, "kpi-rag", rules.parent / "b.xls")
    with pytest.raises(InvalidInput, match="cannot be written"):
        export_table(rules, "kpi-rag", rules.parent / "none" / "b.xlsx")
    path = rules / "rag.yaml"
    path.write_text(RAG.replace("How a KPI stands", "x" * 32_768), encoding="utf-8")
    told = export_table(rules, "kpi-rag", rules.parent / "b.xlsx")
    assert told is not None
    (problem,) = problems(told)
    assert f"{path.as_posix()}:6:9: E346: `xxxxxxxxxxxxxxxxxxxx…` has 32768 characters" in problem
    path.write_text(RAG.replace(">= watch", ">= whatch"), encoding="utf-8")
    told = export_table(rules, "kpi-rag", rules.parent / "b.xlsx")
    assert told is not None
    assert "E210" in problems(told)[0]
    assert not (rules.parent / "b.xlsx").exists()


def test_a_file_that_cannot_be_written_stays(
    rules: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    edit(book, put(A10="< 75%", A9="[75%..watch)"))
    with pytest.raises(InvalidInput, match="No space left on device; it stays as it was"):
        import_table(rules, book)
    assert (rules / "rag.yaml").read_text() == RAG


def test_rows_are_not_put_into_one_of_two_tables_of_one_id(rules: Path, book: Path) -> None:
    again = RAG.replace(
        "rules:\n",
        """\
  - id: kpi-rag
    hit: first
    rows: |
      | progress || pace |
      | -        || "ok" |
rules:
""",
    )
    (rules / "rag.yaml").write_text(again, encoding="utf-8")
    edit(book, put(B8='"grey"'))
    (found,) = problems(import_table(rules, book))
    assert "rag.yaml:9:11: E347: the rows cannot be put here" in found
    assert (rules / "rag.yaml").read_text() == again


def test_what_is_no_workbook_is_refused(rules: Path) -> None:
    (found,) = problems(import_table(rules, rules / "rag.yaml"))
    assert "rag.yaml: E340: this is no Excel workbook (save it as .xlsx)" in found
    (found,) = problems(import_table(rules, rules.parent / "none.xlsx"))
    assert "E340: the file cannot be read" in found
