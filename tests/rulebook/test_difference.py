"""Two rulebooks: what differs in what they say, and what they would do differently."""

from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.finding import FindingState
from govern.observation.frame import observe
from govern.observation.tables import ObservationTables
from govern.rulebook.difference import Change, Comparing, FieldChange, Only, changes
from govern.rulebook.load import load_sources
from govern.rulebook.rule import Rulebook
from tests.observation.portfolios import any_tables, slow
from tests.rulebook.observed import AS_OF, month
from tests.rulebook.portfolios import portfolio
from tests.rulebook.rule_files import HEAD, file, rule, rulebook

WITH_PARAM = "schema: govern/rules/v1\narea: test\nparams: {act: %s}\n"
RECOMMEND = (
    "recommend:\n  action: descope\n  because: It helps.\n"
    "  propose: deliverables[contribution < 5%]\n"
    "  decide_by: 10 working days\n  decided_by: sponsor"
)
TABLES = portfolio({"P1.a": [70, 85, 85], "P1.b": [90, 90, 70], "P2.a": [100, 100, 100]})


def with_param(value: str) -> Rulebook:
    return rulebook(file(rule(when="attainment < act"), head=WITH_PARAM % value))


def compare(
    before: Rulebook, after: Rulebook, tables: ObservationTables = TABLES, *range_: date
) -> tuple[Only, ...]:
    comparing = Comparing(before, after, *range_)
    comparing.add(observe(tables, AS_OF))
    return comparing.result()


def test_what_is_added_removed_and_changed() -> None:
    before = rulebook(file(rule("a"), rule("b"), rule("d", more=RECOMMEND)))
    after = rulebook(file(rule("b", when="attainment < 85%", more="for: 2 periods"), rule("c")))
    a, b, c, d = changes(before, after)
    assert [each.change for each in (a, c, d)] == [Change.REMOVED, Change.ADDED, Change.REMOVED]
    assert b.change is Change.CHANGED
    assert b.fields == (
        FieldChange("when", "attainment < 80%", "attainment < 85%"),
        FieldChange("for", "1 period", "2 periods"),
    )


def test_a_key_that_comes_or_goes_is_a_change() -> None:
    before, after = rulebook(file(rule())), rulebook(file(rule(more=RECOMMEND)))
    (change,) = changes(before, after)
    told = {field.name: (field.before, field.after) for field in change.fields}
    assert told["recommend.action"] == (None, "descope")
    assert told["recommend.propose"] == (None, "deliverables[contribution < 5%]")
    (back,) = changes(after, before)
    assert {field.name for field in back.fields} == set(told)


def test_a_parameter_changes_every_rule_that_reads_it() -> None:
    (change,) = changes(with_param("80%"), with_param("85%"))
    assert change.fields == (FieldChange("params.act", "0.8", "0.85"),)
    text = rule(message="{kpi} is below {act:percent}")
    (told,) = changes(
        rulebook(file(text, head=WITH_PARAM % "80%")), rulebook(file(text, head=WITH_PARAM % "85%"))
    )
    assert [field.name for field in told.fields] == ["params.act"]


def test_where_a_rule_stands_is_no_change() -> None:
    assert changes(rulebook(file(rule("a"), rule("b"))), rulebook(file(rule("b"), rule("a")))) == ()
    assert compare(rulebook(file(rule("a"))), rulebook(HEAD + "\nrules:\n" + rule("a"))) == ()


def test_who_fires_under_one_and_not_under_the_other() -> None:
    (more,) = compare(with_param("80%"), with_param("86%"))
    assert (more.project_id, more.kpi_id, more.fires_in) == ("P1", "P1.a", "B")
    assert (more.first, more.last, more.periods) == (AS_OF, AS_OF, 1)
    assert (more.other, more.message) == (FindingState.SILENT, "KPI P1.a is late")
    (less,) = compare(with_param("86%"), with_param("80%"))
    assert (less.kpi_id, less.fires_in) == ("P1.a", "A")


def test_over_a_range_the_periods_are_counted() -> None:
    (a, b) = compare(with_param("80%"), with_param("95%"), TABLES, month(2), AS_OF)
    assert (a.kpi_id, a.first, a.last, a.periods) == ("P1.a", month(1), AS_OF, 2)
    assert (b.kpi_id, b.first, b.last, b.periods) == ("P1.b", month(2), month(1), 2)


def test_a_rule_that_is_in_one_only_or_not_judged_has_no_state_there() -> None:
    empty = rulebook(file(rule("z", when="actual = -1")))
    both = rulebook(file(rule("a"), rule("z", when="actual = -1")))
    (only,) = compare(empty, both)
    assert (only.rule_id, only.kpi_id, only.other) == ("a", "P1.b", None)
    draft = rulebook(file(rule("a", more="status: draft"), rule("z", when="actual = -1")))
    (judged,) = compare(both, draft)
    assert (judged.fires_in, judged.other) == ("A", None)


def test_a_rule_that_moved_from_kpis_to_projects_fires_for_others() -> None:
    kpi = rulebook(file(rule()))
    project = rulebook(file(rule(when="count(kpis) > 1", more="scope: project", message="{name}",
                                 tests="")))  # fmt: skip
    found = compare(kpi, project)
    assert [(each.project_id, each.kpi_id, each.fires_in) for each in found] == [
        ("P1", None, "B"),
        ("P1", "P1.b", "A"),
    ]


SHIPPED = {
    path.name: path.read_text()
    for path in sorted((Path(__file__).parents[2] / "rules").rglob("*.yaml"))
}


@slow
@given(any_tables(), st.booleans())
def test_the_result_does_not_depend_on_how_the_portfolio_is_cut(
    tables: ObservationTables, over_a_range: bool
) -> None:
    before = load_sources(SHIPPED).rulebook
    other = {
        name: text.replace("for: 2 periods", "for: 1 period") for name, text in SHIPPED.items()
    }
    after = load_sources(other).rulebook
    assert before is not None
    assert after is not None
    day = date(2026, 11, 24)
    range_ = (date(2025, 6, 1), day) if over_a_range else ()
    whole, cut = Comparing(before, after, *range_), Comparing(before, after, *range_)
    whole.add(observe(tables, day))
    for project in tables.projects["project"].sort(descending=True).to_list():
        cut.add(observe(tables.of_project(project), day))
    assert whole.result() == cut.result()
    assert isinstance(tables.projects, pl.DataFrame)


TABLE = """tables:
  - id: rag
    hit: first
    rows: |
      | attainment || rag   |
      | < %s       || "red" |
      | -          || "ok"  |
"""


def test_a_decision_table_changes_every_rule_that_reads_it() -> None:
    before, after = (
        rulebook(file(rule(when='rag = "red"'), rule("z"), head=HEAD + TABLE % act))
        for act in ("80%", "86%")
    )
    (change,) = changes(before, after)
    assert (change.rule_id, [each.name for each in change.fields]) == ("a", ["tables"])
    assert [each.kpi_id for each in compare(before, after)] == ["P1.a"]
