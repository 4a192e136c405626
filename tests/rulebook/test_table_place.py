"""A table's grid in its file: other rows in its place, and every other byte as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.rulebook.table_place import (
    Cells,
    WrittenTable,
    aligned,
    as_read,
    rewritten,
    written_tables,
)
from tests.rulebook.rule_files import HEAD

FILE = (
    "# above\n"
    + HEAD
    + """\
tables:
  - id: other
    hit: first
    rows: |
      | attainment || a |
      | -          || 1 |
  - id: kpi-rag   # beside
    hit: first
    rows: |  # behind the bar
      | attainment  | trend(3)  || rag     |
      | null        | -         || "grey"  |

      | >= 90%      | -         || "green" |
      | < 80% // no | "falling" || "red"   |
    # below
    tests: []
"""
)
HEADER: Cells = (("attainment", "trend(3)"), ("rag",))
GREY: Cells = (("null", "-"), ('"grey"',))
GREEN: Cells = ((">= 90%", "-"), ('"green"',))
RED: Cells = (("< 80% // no", '"falling"'), ('"red"',))
AMBER: Cells = (("[80%..90%)", "-"), ('"amber, not red"',))
LONG = "| null | -         || "

cells = st.one_of(
    st.sampled_from(
        ["-", "null", "= 3", '"a | b"', '"=1"', "@", "-5", "+1", "'", "# no comment", ": a"]
    ),
    st.text(st.characters(categories=["L", "N", "S", "Zs"], exclude_characters='|"\\'), min_size=1)
    .map(str.strip)
    .filter(lambda text: text != ""),
)


def place(text: str, table_id: str = "kpi-rag") -> WrittenTable:
    (found,) = [each for each in written_tables({"a.yaml": as_read(text)}) if each.id == table_id]
    return found


def changed(text: str, *rows: Cells) -> str:
    found = rewritten(text, place(text), (HEADER, *rows))
    assert found is not None
    assert place(found).lines == (HEADER, *rows)
    return found


def test_the_cells_are_what_is_written() -> None:
    assert place(FILE).lines == (HEADER, GREY, GREEN, RED)


def test_the_same_lines_are_the_same_file() -> None:
    assert changed(FILE, GREY, GREEN, RED) == FILE


def test_columns_that_stand_below_each_other_stay_so() -> None:
    found = changed(FILE, GREY, GREEN, AMBER, RED)
    before, after = FILE.split("    rows: |  #"), found.split("    rows: |  #")
    assert after[0] == before[0]
    assert (
        after[1]
        == """ behind the bar
      | attainment  | trend(3)  || rag              |
      | null        | -         || "grey"           |

      | >= 90%      | -         || "green"          |
      | [80%..90%)  | -         || "amber, not red" |
      | < 80% // no | "falling" || "red"            |
    # below
    tests: []
"""
    )


def test_in_another_layout_rows_that_stay_keep_theirs() -> None:
    text = FILE.replace('| null        | -         || "grey"', '|null|-||       "grey"')
    found = changed(text, RED, AMBER, GREY)
    assert text.split("|| rag")[0] == found.split("|| rag")[0]
    assert '      |null|-||       "grey"  |\n    # below' in found
    assert '      | < 80% // no | "falling" || "red"   |\n' in found
    assert '      | [80%..90%) | - || "amber, not red" |\n' in found


def test_an_empty_line_stays_above_its_row() -> None:
    assert '"grey"           |\n\n      | [80%' in changed(FILE, GREY, AMBER, RED)
    assert "\n\n" not in changed(FILE, GREY, RED)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_and_the_end_of_the_file_stay(ending: str, mark: str, last: bool) -> None:
    text = FILE.split("    # below")[0].replace("\n", ending)
    text = mark + (text if last else text.removesuffix(ending))
    assert changed(text, GREY, GREEN, RED) == text
    for rows in [(GREEN,), (RED, GREEN, AMBER, GREY), (AMBER,)]:
        found = changed(text, *rows)
        assert found.startswith(text.split("      | attainment  |")[0])
        assert found.endswith(ending) == last
        assert found.count(ending) == found.count("\n")
        assert changed(found, GREY, GREEN, RED).count("\n") <= text.count("\n")


@pytest.mark.parametrize("sign", ["|-", "|+", "|2", "|2-"])
def test_the_signs_of_a_block_stay(sign: str) -> None:
    text = FILE.replace("rows: |  # behind the bar", f"rows: {sign}")
    text = text.replace("\n    # below", "\n\n\n    # below")
    found = changed(text, RED, AMBER)
    assert found.split("    rows:")[0] == text.split("    rows:")[0]
    assert found.split("\n\n\n")[1] == text.split("\n\n\n")[1]


@given(
    st.lists(st.tuples(st.tuples(cells, cells), st.tuples(cells)), min_size=1, max_size=5),
    st.lists(st.tuples(st.tuples(cells, cells), st.tuples(cells)), min_size=1, max_size=5),
    st.booleans(),
    st.integers(5, 9),
)
def test_any_rows_can_take_the_place_of_any(
    before: list[Cells], after: list[Cells], in_line: bool, indent: int
) -> None:
    lines = (
        aligned([HEADER, *before])
        if in_line
        else [
            f"| {' | '.join(inputs)}  ||{' | '.join(outputs)}|"
            for inputs, outputs in [HEADER, *before]
        ]
    )
    head, _, tail = FILE.partition("      | attainment  |")
    tail = tail.partition("    # below")[2]
    text = head + "".join(f"{' ' * indent}{line}\n" for line in lines) + "    # below" + tail
    assert place(text).lines == (HEADER, *before)
    assert changed(text, *before) == text
    found = changed(text, *after)
    assert found.startswith(head)
    assert found.endswith("    # below" + tail)


def test_a_grid_that_is_not_where_it_was_is_left_alone() -> None:
    assert rewritten("\n" + FILE, place(FILE), (HEADER, AMBER)) is None
    assert rewritten(FILE.replace("falling", "rising"), place(FILE), (HEADER, AMBER)) is None
