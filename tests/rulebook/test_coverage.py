"""What tests reach of rules and tables: true and false, where it counts."""

from dataclasses import replace
from decimal import Decimal

import pytest

from govern.rulebook.coverage import Coverage, covered
from govern.rulebook.trials import run
from tests.rulebook.rule_files import HEAD, file, loaded, rule

TABLE = """
tables:
  - id: rag
    hit: {hit}
    rows: |
      | attainment || colour  |
      | >= 90%     || "green" |
      | [80%..90%) || "amber" |
      | < 80%      || "red"   |
{tests}"""


def coverage(*texts: str) -> Coverage:
    found = loaded(*texts)
    assert found.rulebook is not None, found.problems
    return covered(found.rulebook, run(found.rulebook), found.sources)


def with_tests(*tests: str) -> str:
    """Each test is what it gives and what it expects."""
    lines = "".join(f"      - {{name: t{number}, {each}}}\n" for number, each in enumerate(tests))
    return f"\n    tests:\n{lines}"


def lacking(found: Coverage, item: str = "a") -> dict[tuple[str, str], tuple[str, ...]]:
    (of,) = [each for each in found.items if each.id == item]
    return {(aim.part, aim.text): aim.lacking for aim in of.aims if aim.lacking}


def of_rule(*tests: str, when: str = "attainment < 80%", more: str = "") -> Coverage:
    message = "{name}" if "scope: project" in more else "{kpi}"
    return coverage(file(rule(when=when, more=more, message=message, tests=with_tests(*tests))))


def test_a_clause_is_to_be_true_and_false() -> None:
    found = of_rule("given: {planned: 100, actual: [70, ~]}, expect: [fires, unknown]")
    (item,) = found.items
    (aim,) = item.aims
    assert (aim.part, aim.text, aim.lacking) == ("when", "attainment < 80%", ("false",))
    assert (str(aim.place), aim.place.length) == ("0.yaml:6:12", len("attainment < 80%"))
    assert (item.seen, item.of, item.percent) == (1, 2, 50)
    assert (
        of_rule("given: {planned: 100, actual: [70, 90]}, expect: [fires, silent]").percent == 100
    )


def test_clauses_that_were_both_do_not_make_the_whole_both() -> None:
    found = of_rule(
        "given: {actual: 1, planned: 9}, expect: silent",
        "given: {actual: 9, planned: 1}, expect: silent",
        when="actual > 5 and planned > 5",
    )
    assert lacking(found) == {("when", "actual > 5 and planned > 5"): ("true",)}
    assert (found.seen, found.of) == (5, 6)


def test_a_test_that_fails_reaches_what_it_reaches() -> None:
    assert (
        of_rule("given: {planned: 100, actual: [70, 90]}, expect: [silent, silent]").percent == 100
    )


def test_when_counts_only_where_the_rule_applies() -> None:
    found = of_rule(
        "given: {planned: 100, actual: 70}, expect: fires",
        "given: {planned: 100, actual: 90, stage: planned}, expect: silent",
        more='applies_to: stage = "monitoring"',
    )
    assert lacking(found) == {("when", "attainment < 80%"): ("false",)}


@pytest.mark.parametrize(
    ("actual", "expect", "lacks"),
    [
        ("[70, 85, 95]", "[fires, fires, silent]", ()),
        ("[70, 85]", "[fires, fires]", ("true",)),
        ("[70, ~, 95]", "[fires, unknown, silent]", ("false",)),
        ("[95, 85, 95]", "[silent, silent, silent]", ("true", "false")),
        ("[~, 95]", "[unknown, silent]", ("true", "false")),
    ],
)
def test_clear_when_counts_only_where_it_decides(
    actual: str, expect: str, lacks: tuple[str, ...]
) -> None:
    given = f"given: {{planned: 100, actual: {actual}}}, expect: {expect}"
    more = "clear_when: attainment >= 90%\nif_unknown: report"
    found = lacking(of_rule(given, more=more))
    assert found.get(("clear_when", "attainment >= 90%"), ()) == lacks


def test_clauses_in_lists_are_read_on_their_elements() -> None:
    found = of_rule(
        "given: {kpis: [{kpi: A, actual: 1}, {kpi: B, actual: 9}]}, expect: fires",
        when="count(kpis[actual > 5]) > 0",
        more="scope: project",
    )
    assert lacking(found) == {("when", "count(kpis[actual > 5]) > 0"): ("false",)}


def test_a_rule_without_tests_is_not_covered() -> None:
    found = coverage(file(rule("a", tests="\n"), rule("b")))
    assert [(item.id, item.percent) for item in found.items] == [("a", 0), ("b", 100)]
    assert found.percent == 50


def test_the_share_is_rounded_down_so_that_100_stands_for_all() -> None:
    (item,) = of_rule("given: {planned: 100, actual: [70, 90]}, expect: [fires, silent]").items
    (aim,) = item.aims
    many = replace(item, aims=(*[aim] * 1000, replace(aim, lacking=("true",))))
    assert many.percent == Decimal("99.9")


def test_a_tables_own_tests_reach_its_rows() -> None:
    tests = with_tests("given: {planned: 100, actual: [95, 70]}, expect: [green, red]")
    found = coverage(HEAD + TABLE.format(hit="unique", tests=tests))
    assert lacking(found, "rag") == {("row", '| [80%..90%) || "amber" |'): ("reached",)}
    (item,) = found.items
    assert item.is_table
    assert (item.seen, item.of, item.percent) == (2, 3, Decimal("66.6"))
    assert [aim.place.line for aim in item.aims] == [9, 10, 11]


@pytest.mark.parametrize(
    ("scope", "when", "given"),
    [
        ("kpi", 'rag = "red"', "planned: 100, actual: [85, 70]"),
        (
            "project",
            'count(kpis[rag.colour = "red"]) > 0',
            "kpis: [{planned: 100, actual: [85, 70]}]",
        ),
        (
            "project",
            'some k in kpis satisfies k.rag = "red"',
            "kpis: [{planned: 100, actual: [85, 70]}]",
        ),
    ],
)
def test_a_rule_that_reads_a_table_reaches_its_rows(scope: str, when: str, given: str) -> None:
    tests = with_tests(f"given: {{{given}}}, expect: [silent, fires]")
    message = "{name}" if scope == "project" else "{kpi}"
    text = file(rule(when="WHEN", more=f"scope: {scope}", message=message, tests=tests))
    text = text.replace("'WHEN'", f"'{when}'")
    found = coverage(text + TABLE.format(hit="unique", tests=""))
    assert lacking(found, "rag") == {("row", '| >= 90%     || "green" |'): ("reached",)}
    assert lacking(found) == {}


def test_a_table_that_reads_a_table_reaches_its_rows() -> None:
    outer = """  - id: light
    hit: unique
    rows: |
      | rag              || on    |
      | "red"            || true  |
      | not("red", null) || false |
""" + with_tests("given: {planned: 100, actual: [85, 70]}, expect: [false, true]")
    found = coverage(HEAD + TABLE.format(hit="unique", tests="") + outer)
    assert lacking(found, "light") == {}
    assert lacking(found, "rag") == {("row", '| >= 90%     || "green" |'): ("reached",)}


@pytest.mark.parametrize(
    ("hit", "lacks"),
    [("first", ['| < 90%      || "red"   |']), ("collect", [])],
)
def test_the_row_counts_that_is_taken(hit: str, lacks: list[str]) -> None:
    rows = TABLE.format(hit=hit, tests="").replace("| [80%..90%) |", "| < 80%      |")
    rows = rows.replace('| < 80%      || "red"', '| < 90%      || "red"')
    expect = "[green, [amber, red]]" if hit == "collect" else "[green, amber]"
    if hit == "collect":
        expect = "[[green], [amber, red]]"
    tests = with_tests(f"given: {{planned: 100, actual: [95, 70]}}, expect: {expect}")
    found = coverage(HEAD + rows + tests)
    assert [text for _, text in lacking(found, "rag")] == lacks


def test_in_a_portfolio_its_own_parameters_decide_what_is_reached() -> None:
    head = f"{HEAD}params: {{act: 80%}}\nportfolios: {{retail: {{act: 60%}}}}\n"
    given = "given: {portfolio: retail, planned: 100, actual: [70, 50]}"
    text = f"""{head}rules:
{rule(when="WHEN", tests=with_tests(f"{given}, expect: [silent, fires]"))}
tables:
  - id: rag
    hit: unique
    rows: |
      | attainment || colour  |
      | >= act     || "green" |
      | < act      || "red"   |
    TESTS
"""
    own = with_tests(f"{given}, expect: [green, red]").strip()
    read = text.replace("'WHEN'", "'attainment < act and rag = \"red\"'").replace("    TESTS\n", "")
    assert coverage(read).percent == 100
    found = coverage(text.replace("'WHEN'", "'attainment < act'").replace("TESTS", own))
    assert [(item.id, item.percent) for item in found.items] == [("a", 100), ("rag", 100)]
