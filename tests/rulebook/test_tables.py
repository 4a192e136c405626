"""Decision tables: what they give, in both readings, and what the check finds in them."""

from decimal import Decimal

import polars as pl
import pytest

from govern.language.columns import evaluate
from govern.language.explain import explain, shown
from govern.rulebook.judge import judge
from govern.rulebook.rule import Rulebook
from govern.rulebook.trials import run
from tests.rulebook.observed import observed
from tests.rulebook.rule_files import HEAD, codes, file, loaded, rule, rulebook

RAG = """\
| attainment   | trend(3)  || rag     |
| null         | -         || "grey"  |
| >= 90%       | -         || "green" |
| [80%..90%)   | "falling" || "red"   |
| [80%..90%)   | -         || "amber" |
| < 80%        | -         || "red"   |
"""
ACTUALS: dict[str, list[float | None]] = {"A": [100, 89, None, 70], "B": [89, 85, 81, 95]}


def table(rows: str, hit: str = "first", more: str = "", name: str = "kpi-rag") -> str:
    lines = "".join(f"      {line}\n" for line in rows.splitlines())
    extra = "".join(f"    {line}\n" for line in more.splitlines())
    return f"  - id: {name}\n    hit: {hit}\n{extra}    rows: |\n{lines}"


def tables(*given: str) -> str:
    return HEAD + "tables:\n" + "".join(given)


def values(book: Rulebook, output: str, table_id: str = "kpi-rag") -> list[str]:
    """The output on every row of `ACTUALS`; both readings agree on it."""
    found = book.table(table_id)
    assert found is not None
    observations = observed(ACTUALS)
    checked = found.results[output]
    (column,) = evaluate(observations, [checked])
    by_row = [explain(checked, observations, row).value for row in range(len(column))]
    as_text = [shown(value) for value in by_row]
    as_python = [tuple(each) if isinstance(each, pl.Series) else each for each in column]
    assert as_python == [float(each) if isinstance(each, Decimal) else each for each in by_row]
    return as_text


def test_the_first_row_that_matches_counts() -> None:
    book = rulebook(tables(table(RAG)))
    expected = ["green", "amber", "grey", "red", "amber", "amber", "red", "green"]
    assert values(book, "rag") == expected


def test_unknown_fits_a_dash_and_null_only() -> None:
    rows = '| attainment || a |\n| not(>= 80%) || "low" |\n| - || "other" |'
    assert values(rulebook(tables(table(rows))), "a")[:4] == ["other", "other", "other", "low"]


def test_no_row_no_value() -> None:
    assert values(rulebook(tables(table('| attainment || a |\n| < 80% || "low" |'))), "a") == [
        *["unknown"] * 3,
        "low",
        *["unknown"] * 4,
    ]


def test_several_outputs_of_several_types() -> None:
    rows = '| attainment || a | n | b |\n| < 80% || "x" | 50% | true |\n| - || null | 1 | false |'
    book = rulebook(tables(table(rows)))
    assert values(book, "a")[2:4] == ["unknown", "x"]
    assert values(book, "n")[2:4] == ["1", "0.5"]
    assert values(book, "b")[2:4] == ["false", "true"]


def test_priority_follows_the_order_of_values() -> None:
    rows = '| attainment || a |\n| - || "green" |\n| < 95% || "amber" |\n| < 80% || "red" |'
    book = rulebook(tables(table(rows, "priority", "priority: [red, amber, green]")))
    assert values(book, "a")[:4] == ["green", "amber", "green", "red"]


def test_collect_gives_a_list() -> None:
    rows = '| attainment || a |\n| < 95% || "late" |\n| < 80% || "red" |'
    book = rulebook(tables(table(rows, "collect")))
    assert values(book, "a")[:4] == ["", "late", "", "late, red"]


def test_any_takes_rows_that_agree() -> None:
    rows = '| attainment || a |\n| < 95% || "late" |\n| < 80% || "late" |\n| >= 95% || "fine" |'
    assert values(rulebook(tables(table(rows, "any"))), "a")[:4] == [
        "fine",
        "late",
        "unknown",
        "late",
    ]


def test_unique_has_no_value_where_two_rows_match() -> None:
    """The check cannot know what `planned` is, so the contradiction shows only when it runs."""
    rows = '| actual || a |\n| < planned || "low" |\n| < 80 || "red" |'
    found = loaded(tables(table(rows, "unique")))
    assert [each.code for each in found.problems] == ["E327"]
    assert found.rulebook is not None
    assert values(found.rulebook, "a")[:4] == ["unknown", "low", "unknown", "unknown"]


RULES = file(
    rule("one", when='kpi_rag = "red"', message="{kpi} is {kpi_rag} ({kpi_rag.rag})"),
    rule("before", when='previous(kpi_rag, 1) = "amber"'),
    rule(
        "project",
        when='count(kpis[kpi_rag = "green"]) = 1 and (some k in kpis satisfies k.kpi_rag = "red")',
        more="scope: project",
        message="{name}",
        tests="\n",
    ),
)


def test_rules_of_other_files_read_a_table() -> None:
    book = rulebook(RULES, tables(table(RAG)))
    judged = judge(book, observed(ACTUALS))
    states = {(rule_id, kpi): str(state) for rule_id, _, kpi, _, _, state, _ in judged.iter_rows()}
    assert states == {
        ("one", "A"): "fires",
        ("one", "B"): "silent",
        ("before", "A"): "silent",
        ("before", "B"): "silent",
        ("project", None): "fires",
    }


def test_a_table_reads_another_table() -> None:
    rows = '| kpi_rag || escalate |\n| "red" || true |\n| - || false |'
    book = rulebook(tables(table(rows, name="escalation"), table(RAG)))
    assert values(book, "escalate", "escalation")[:4] == ["false", "false", "false", "true"]


def test_tests_of_a_table() -> None:
    more = (
        "tests:\n"
        "  - {name: right, given: {planned: 100, actual: [70, ~]}, expect: [red, grey]}\n"
        "  - {name: wrong, given: {planned: 100, actual: 70}, expect: {rag: green}}\n"
    )
    right, wrong = run(rulebook(tables(table(RAG, more=more))))
    assert right.passed
    assert (wrong.rule_id, wrong.found) == ("kpi-rag.rag", ("red",))
    assert wrong.values == {"attainment": "0.7", "trend(3)": "unknown"}


@pytest.mark.parametrize(
    ("rows", "hit", "expected"),
    [
        (
            "| attainment || a |\n| >= 90% || 1 |\n| < 80% || 2 |\n| null || 3 |",
            "first",
            "attainment = 0.8",
        ),
        ("| attainment || a |\n| >= 80% || 1 |\n| < 80% || 2 |", "first", "attainment = null"),
        ("| attainment || a |\n| > 80% || 1 |\n| < 80% || 2 |", "first", "attainment = 0.8"),
        (
            '| direction || a |\n| "increase" || 1 |\n| null || 2 |',
            "first",
            'direction = "decrease"',
        ),
        ('| category || a |\n| "cost" || 1 |\n| null || 2 |', "first", "category = any other text"),
        ("| cumulative || a |\n| true || 1 |", "first", "cumulative = false"),
        ('| as_of || a |\n| <= @"2026-01-01" || 1 |', "first", 'as_of = @"2026-01-02"'),
        (
            "| staleness_days || a |\n| <= 5 || 1 |\n| >= 7 || 2 |\n| null || 3 |",
            "first",
            "staleness_days = 6",
        ),
        (
            "| attainment | progress || a |\n| < 1 | - || 1 |\n| >= 1 | < 1 || 2 |\n| null | - || 3 |",
            "first",
            "attainment = 1 and progress = 1",
        ),
    ],
)
def test_a_gap_is_told_with_a_value(rows: str, hit: str, expected: str) -> None:
    (problem,) = loaded(tables(table(rows, hit))).problems
    assert (problem.code, problem.message) == ("E324", f"no row matches {expected}")


@pytest.mark.parametrize(
    "rows",
    [
        RAG,
        "| staleness_days || a |\n| <= 5 || 1 |\n| >= 6 || 2 |\n| null || 3 |",
        "| cumulative || a |\n| true || 1 |\n| false || 2 |",
    ],
)
def test_a_table_without_gaps_has_no_problem(rows: str) -> None:
    assert codes(tables(table(rows))) == []


def test_an_overlap_is_told_with_a_value() -> None:
    rows = "| attainment || a |\n| <= 80% || 1 |\n| >= 80% || 2 |\n| null || 3 |"
    (problem,) = loaded(tables(table(rows, "unique"))).problems
    assert (problem.code, problem.place.line) == ("E325", 9)
    assert problem.message == "this row and the one in line 8 both match attainment = 0.8"
    assert [code for code, _ in codes(tables(table(rows, "any")))] == ["E325"]
    assert codes(tables(table(rows))) == []


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ("| attainment || a |\n| - || 1 |\n| < 80% || 2 |", 9),
        ("| attainment || a |\n| (80%..80%) || 1 |\n| - || 2 |", 8),
        ("| attainment || a |\n| < 90% || 1 |\n| < 80% || 2 |\n| - || 3 |", 9),
    ],
)
def test_a_row_that_never_counts_is_told(rows: str, line: int) -> None:
    assert codes(tables(table(rows))) == [("E326", line)]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        (tables(table("| attainment || a |\n| < 80% || 1 | 2 |")), "E320", 8, 22),
        (tables(table("| attainment | a |\n| < 80% || 1 |")), "E320", 7, 7),
        (tables(table("attainment || a |\n| < 80% || 1 |")), "E320", 7, 7),
        (tables(table("| attainment || 1a |\n| - || 1 |")), "E321", 7, 23),
        (tables(table("| attainment | attainment || a |\n| - | - || 1 |")), "E321", 7, 22),
        (tables(table("| attainment || a |\n| - || red |")), "E322", 8, 14),
        (tables(table('| attainment || a |\n| < 1 || 1 |\n| - || "x" |')), "E322", 9, 14),
        (tables(table("| attainment || a |\n| - || 1 |", name="deliverables")), "E323", 4, 9),
        (tables(table("| attainmnt || a |\n| - || 1 |")), "E210", 7, 9),
        (tables(table('| attainment || a |\n| < 80% || 1 |\n| "x" || 2 |')), "E213", 9, 9),
        (tables(table("| attainment || a |\n| < 80% || 1 |\n| >= 80 % 2 || 2 |")), "E201", 9, 17),
        (tables(table("| attainment || a |\n|  || 1 |")), "E200", 8, 9),
        (tables(table("| attainment || a |\n| - || 1 |", "priority")), "E329", 5, 10),
        (tables(table("| kpi_rag || a |\n| 1 || 1 |")), "E328", 4, 9),
        (file(rule(when='kpi_rag = "rd"')) + tables(table(RAG))[len(HEAD) :], "E217", 6, 22),
    ],
)
def test_problems_stand_at_the_cell(text: str, code: str, line: int, column: int) -> None:
    found = [(p.code, p.place.line, p.place.column) for p in loaded(text).problems]
    assert found == [(code, line, column)]


def test_two_tables_may_not_have_one_id() -> None:
    assert [code for code, _ in codes(tables(table(RAG), table(RAG)))] == ["E323"]


def test_a_table_with_problems_does_not_make_rules_look_wrong() -> None:
    broken = tables(table("| attainmnt || a |\n| - || 1 |"))
    assert [each.code for each in loaded(RULES, broken).problems if each.level == "error"] == [
        "E210"
    ]


def test_a_large_table_is_not_looked_at_in_all_combinations() -> None:
    names = (
        "actual",
        "planned",
        "baseline",
        "target",
        "weight",
        "days_in_stage",
        "budget",
        "spent",
    )
    head = f"| {' | '.join(names)} || a |\n"
    cells = [" | ".join(f"< {row * 7 + at}" for at in range(len(names))) for row in range(40)]
    rows = head + "".join(f"| {line} || {number} |\n" for number, line in enumerate(cells))
    found = loaded(tables(table(rows, "collect")))
    assert {each.code for each in found.problems} <= {"E327", "E324"}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            "| attainment | attainment >= 90% || a |\n| < 80% | true || 1 |\n| - | - || 2 |",
            ("E326", "this row can never match: its cells contradict each other"),
        ),
        (
            "| baseline | baseline - 5 || a |\n| > 9 | - || 1 |\n| - | - || 2 |",
            None,
        ),
        (
            "| streak(attainment < 80%) || a |\n| >= 0 || 1 |\n| - || 2 |",
            ("E339", "every streak(attainment < 80%) that is known fits `>= 0`"),
        ),
        (
            "| attainment || a |\n| <= 80%, > 50% || 1 |\n| - || 2 |",
            ("E339", "every attainment that is known fits `<= 80%, > 50%`"),
        ),
        ("| attainment || a |\n| not(null) || 1 |\n| - || 2 |", None),
        (
            "| attainment || a |\n| < 80 || 1 |\n| - || 2 |",
            ("E252", "`attainment` is a share, 1 for 100%, and compared with 80"),
        ),
        (
            "| attainment > 1 and attainment < 0 || a |\n| true || 1 |\n| - || 2 |",
            ("E222", "the input `attainment > 1 and attainment < 0` can never be true"),
        ),
        (
            "| attainment > 0 or attainment < 1 || a |\n| true || 1 |\n| - || 2 |",
            ("E223", "the input `attainment > 0 or attainment < 1` is true whenever it is known"),
        ),
    ],
)
def test_what_tells_nothing_apart(rows: str, found: tuple[str, str] | None) -> None:
    problems = loaded(tables(table(rows))).problems
    assert [(each.code, each.message) for each in problems] == ([found] if found else [])
