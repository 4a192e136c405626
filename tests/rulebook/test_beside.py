"""What stands beside rule files: parameters of folders and portfolios, snoozes, calendars."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from govern.documents.problem import Level
from govern.domain.calendar import Calendar
from govern.language.explain import explain
from govern.observation.frame import observe
from govern.observation.tables import ObservationTables, table
from govern.rulebook.findings import findings, proposals
from govern.rulebook.judge import judge, rule_at
from govern.rulebook.load import Loaded, load, load_sources
from govern.rulebook.rule import Rulebook
from govern.rulebook.trials import run

DOC = (Path(__file__).parents[2] / "docs" / "rule-files.md").read_text(encoding="utf-8")
TOGETHER = {
    path.removeprefix("rules/"): text
    for path, text in re.findall(r"```yaml (\S+)\n(.*?)```", DOC, re.DOTALL)
}

RULE = """\
schema: govern/rules/v1
area: test
{head}
rules:
  - id: {id}
    title: T
    when: attainment < act
    severity: red
    message: "{{kpi}} below {{act:percent}}"
    recommend:
      action: descope
      because: It is below {{act:percent}}.
      decide_by: 5 working days
      decided_by: sponsor
"""


def rule_file(head: str = "", rule_id: str = "r") -> str:
    return RULE.format(head=head, id=rule_id)


def params(text: str) -> str:
    return f"schema: govern/params/v1\n{text}\n"


def rulebook(sources: dict[str, str]) -> Rulebook:
    loaded = load_sources(sources)
    assert loaded.rulebook is not None, loaded.problems
    return loaded.rulebook


def told(loaded: Loaded) -> list[tuple[str, str, int]]:
    return [
        (each.code, each.place.path, each.place.line)
        for each in loaded.problems
        if each.code != "E308"
    ]


def act(book: Rulebook, rule_id: str = "r", portfolio: str | None = None) -> object:
    rule = book.rule(rule_id)
    assert rule is not None
    return rule.within(portfolio).when.params["act"]


def test_the_documented_files_are_right_together_and_their_tests_pass() -> None:
    loaded = load_sources(TOGETHER)
    assert loaded.rulebook is not None, loaded.problems
    assert loaded.problems == ()
    assert len(TOGETHER) == 4
    assert [each.passed for each in run(loaded.rulebook)] == [True, True]
    [rule] = loaded.rulebook.rules
    assert rule.recommend is not None
    assert rule.recommend.calendar.id == "house"
    assert [each.project for each in loaded.rulebook.snoozes] == ["LE-002"]


def test_what_is_nearest_to_a_rule_wins() -> None:
    book = rulebook(
        {
            "params.yaml": params("params: {act: 10%}"),
            "a/params.yaml": params("params: {act: 20%}"),
            "top.yaml": rule_file(rule_id="top"),
            "a/folder.yaml": rule_file(rule_id="folder"),
            "a/b/below.yaml": rule_file(rule_id="below"),
            "a/own.yaml": rule_file("params: {act: 30%}", "own"),
            "ab/other.yaml": rule_file(rule_id="other"),
        }
    )
    found = {rule.id: act(book, rule.id) for rule in book.rules}
    tenth, fifth = Decimal("0.1"), Decimal("0.2")
    assert found == {
        "top": tenth,
        "folder": fifth,
        "below": fifth,
        "own": Decimal("0.3"),
        "other": tenth,
    }


def test_a_portfolio_replaces_what_stands_beside_it_or_above() -> None:
    above = params("params: {act: 80%}\nportfolios: {retail: {act: 75%}, bank: {act: 90%}}")
    book = rulebook(
        {
            "params.yaml": above,
            "inherits.yaml": rule_file(rule_id="inherits"),
            "anew.yaml": rule_file("params: {act: 50%}", "anew"),
            "closer.yaml": rule_file("portfolios: {retail: {act: 60%}}", "closer"),
        }
    )
    assert act(book, "inherits", "retail") == Decimal("0.75")
    assert act(book, "inherits", "bank") == Decimal("0.9")
    assert act(book, "inherits", "other") == Decimal("0.8")
    assert act(book, "anew", "retail") == Decimal("0.5")
    assert act(book, "closer", "retail") == Decimal("0.6")
    assert act(book, "closer", "bank") == Decimal("0.9")


def test_a_rule_that_reads_nothing_of_it_stays_one() -> None:
    head = "params: {act: 80%, watch: 90%}\nportfolios: {retail: {watch: 95%}}"
    [rule] = rulebook({"a.yaml": rule_file(head)}).rules
    assert rule.portfolios == {}


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (
            {"a.yaml": rule_file("params: {act: 80%}\nportfolios: {retail: {akt: 75%}}")},
            [("E334", "a.yaml", 4)],
        ),
        (
            {"a.yaml": rule_file('params: {act: 80%}\nportfolios: {retail: {act: "75"}}')},
            [("E335", "a.yaml", 4)],
        ),
        (
            {"a.yaml": rule_file("params: {act: 80%}\nportfolios: {retail: {act: ~}}")},
            [("E335", "a.yaml", 4)],
        ),
        (
            {
                "a/params.yaml": params("params: {act: 80%}"),
                "a/more.yml": params("params: {watch: 80%}"),
                "a/a.yaml": rule_file("params: {act: 80%}"),
            },
            [
                ("E333", "a/params.yaml", 1),
                ("E303", "a/more.yml", 2),
            ],
        ),
        (
            {"params.yaml": params("params: {act: 8%, idle: 1}"), "a.yaml": rule_file()},
            [("E303", "params.yaml", 2)],
        ),
        (
            {"params.yaml": params("params: {stage: 8%}"), "a.yaml": rule_file("params: {act: 1}")},
            [("E302", "params.yaml", 2)],
        ),
        ({"a.yaml": rule_file("params: {act: 1}\ncalendar: hose")}, [("E330", "a.yaml", 4)]),
    ],
)
def test_problems_stand_at_their_line(
    sources: dict[str, str], expected: list[tuple[str, str, int]]
) -> None:
    assert sorted(told(load_sources(sources))) == sorted(expected)


def test_what_is_wrong_only_in_a_portfolio_is_told_with_its_name() -> None:
    text = rule_file("params: {act: 80%}\nportfolios: {retail: {act: 2}}").replace(
        "attainment < act", "attainment in [act..1]"
    )
    found = load_sources({"a.yaml": text})
    [error] = [each for each in found.problems if each.level is Level.ERROR]
    assert (error.code, error.message[:23]) == ("E215", "in portfolio 'retail': ")


def _tables(portfolios: dict[str, str]) -> ObservationTables:
    empty = ObservationTables.empty()
    kpis = [
        {
            **{"project": project, "kpi": f"{project}-K", "name": "Sales", "cadence": "monthly"},
            **{"direction": "increase", "cumulative": False, "reporting_lag_days": 0},
        }
        for project in portfolios
    ]
    values = [
        {"kpi": f"{project}-K", "period": date(2026, month, 28 if month == 2 else 31), **figures}
        for project in portfolios
        for month, figures in (
            (1, {"planned": 100.0, "actual": 85.0}),
            (3, {"planned": 100.0, "actual": 78.0}),
        )
    ]
    projects = [
        {"project": project, "portfolio": portfolio, "name": project}
        for project, portfolio in portfolios.items()
    ]
    return ObservationTables(
        projects=table("projects", projects),
        stages=empty.stages,
        kpis=table("kpis", kpis),
        values=table("values", values),
        deliverables=empty.deliverables,
        serves=empty.serves,
        conditions=empty.conditions,
        recommendations=empty.recommendations,
    )


PORTFOLIOS = {f"P{number}": ("retail", "bank", "main")[number % 3] for number in range(9)}
HEAD = "params: {act: 80%}\nportfolios: {retail: {act: 75%}, bank: {act: 90%}}"


def test_a_project_is_judged_with_the_parameters_of_its_portfolio() -> None:
    book = rulebook({"a.yaml": rule_file(HEAD)})
    observations = observe(_tables(PORTFOLIOS), date(2026, 3, 31))
    judged = judge(book, observations)
    states = dict(judged.select("project", "state").iter_rows())
    expected = {"retail": "silent", "bank": "fires", "main": "fires"}
    assert states == {project: expected[each] for project, each in PORTFOLIOS.items()}
    messages = {each.project_id: each for each in findings(book, observations, judged)}
    assert messages["P1"].message == "Sales below 90%"
    assert messages["P1"].values["act"] == "0.9"
    assert messages["P2"].message == "Sales below 80%"
    because = {each.project_id: each.because for each in proposals(book, observations, judged)}
    assert because["P1"] == "It is below 90%."
    row = judged.filter(pl.col("project") == "P1")["row"][0]
    rule = rule_at(book.rules[0], observations, row)
    assert explain(rule.when, observations, row).leaves()["act"] == "0.9"


def test_it_is_the_same_in_any_pieces() -> None:
    book = rulebook({"a.yaml": rule_file(HEAD)})
    tables = _tables(PORTFOLIOS)
    columns = ["rule", "project", "kpi", "period", "state", "streak"]
    day = date(2026, 3, 31)
    whole = judge(book, observe(tables, day), every_period=True).select(columns)
    pieces = [
        judge(book, observe(tables.of_project(project), day), every_period=True).select(columns)
        for project in PORTFOLIOS
    ]
    assert pl.concat(pieces).sort("project", "period").equals(whole.sort("project", "period"))


def test_a_table_that_a_rule_reads_follows_the_portfolio() -> None:
    text = (
        rule_file(HEAD).replace("when: attainment < act", 'when: rag = "red"')
        + """\
tables:
  - id: rag
    hit: first
    rows: |
      | attainment || rag     |
      | < act      || "red"   |
      | >= act     || "green" |
"""
    )
    book = rulebook({"a.yaml": text})
    judged = judge(book, observe(_tables(PORTFOLIOS), date(2026, 3, 31)))
    states = dict(judged.select("project", "state").iter_rows())
    expected = {"retail": "silent", "bank": "fires", "main": "fires"}
    assert states == {project: expected[each] for project, each in PORTFOLIOS.items()}


SNOOZES = """\
schema: govern/snoozes/v1
snoozes:
  - {{project: P1, {more}until: 2026-10-31, by: ana, because: "So it is."}}
"""


@pytest.mark.parametrize(
    ("more", "code"), [("rule: rr, ", "E336"), ("from: 2026-11-01, ", "E337"), ("rule: r, ", None)]
)
def test_snoozes_are_checked(more: str, code: str | None) -> None:
    sources = {"a.yaml": rule_file("params: {act: 1}"), "snoozes.yaml": SNOOZES.format(more=more)}
    codes = [each[0] for each in told(load_sources(sources))]
    assert codes == ([] if code is None else [code])


def test_a_snooze_that_is_over_is_a_warning_on_the_day_after(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(rule_file("params: {act: 1}"))
    (tmp_path / "snoozes.yaml").write_text(SNOOZES.format(more=""))
    assert told(load(tmp_path, today=date(2026, 10, 31))) == []
    found = load(tmp_path, today=date(2026, 11, 1))
    assert [each[0] for each in told(found)] == ["E338"]
    assert found.rulebook is not None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("id: a\ntime_zone: Europe/Berlni", ["E332"]),
        (
            "id: a\nweekend: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]",
            ["E332"],
        ),
        ("id: house", ["E331"]),
        ("id: a\nweekend: [sundy]", ["E113"]),
    ],
)
def test_calendars_are_checked(text: str, codes: list[str]) -> None:
    sources = {
        "a.yaml": rule_file("params: {act: 1}"),
        "calendars/1.yaml": "schema: govern/calendar/v1\nid: house\n",
        "calendars/2.yaml": f"schema: govern/calendar/v1\n{text}\n",
    }
    assert [each[0] for each in told(load_sources(sources))] == codes


def test_the_nearest_calendar_counts() -> None:
    sources = {
        "params.yaml": params("calendar: house"),
        "a.yaml": rule_file("params: {act: 1}", "a"),
        "b.yaml": rule_file("params: {act: 1}\ncalendar: other", "b"),
        "calendars/1.yaml": "schema: govern/calendar/v1\nid: house\nweekend: [friday]\n",
        "calendars/2.yaml": "schema: govern/calendar/v1\nid: other\nholidays: [{on: 2026-01-06}]\n",
    }
    named: dict[str, Calendar] = {
        rule.id: rule.recommend.calendar for rule in rulebook(sources).rules if rule.recommend
    }
    assert (named["a"].id, named["a"].weekend) == ("house", frozenset({4}))
    assert (named["b"].id, named["b"].holidays) == ("other", frozenset({date(2026, 1, 6)}))
