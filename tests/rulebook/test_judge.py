"""What rules say of a portfolio: states, findings in words, and proposals."""

from decimal import Decimal

import polars as pl

from benchmarks import dense
from benchmarks.backtest import rules
from govern.domain.finding import FindingState, Severity
from govern.domain.recommendation import Action
from govern.domain.role import Role
from govern.language.explain import explain
from govern.observation.frame import observe
from govern.rulebook.findings import cannot_tell, findings, proposals
from govern.rulebook.judge import judge
from govern.rulebook.message import render
from tests.rulebook import test_shipped_rules as shipped
from tests.rulebook.observed import month, observed
from tests.rulebook.rule_files import file, rule, rulebook

RECOMMEND = """recommend:
  action: descope
  because: "{kpi} needs the capacity"
  propose: deliverables[contribution < 5% and state != "done"]
  decide_by: 10 working days
  decided_by: sponsor
"""
LATE = rule(
    "late", more="for: 2 periods\n" + RECOMMEND, message="{project}: {kpi} for {streak:periods}"
)
SEVERAL = rule(
    "several",
    when="count(kpis[attainment < 80%]) >= 2",
    more="scope: project",
    message="{name}: {count(kpis[attainment < 80%])} late",
    tests="\n",
)


def test_every_rule_is_judged_for_every_subject_in_one_table() -> None:
    judged = judge(rulebook(file(LATE, SEVERAL)), observed({"k1": [70, 70], "k2": [70, 90]}))
    assert judged.schema["state"] == pl.Enum([state.value for state in FindingState])
    assert judged.select("rule", "project", "kpi", "period", "row", "state", "streak").rows() == [
        ("late", "P1", "k1", month(0), 1, "fires", 2),
        ("late", "P1", "k2", month(0), 3, "silent", 0),
        ("several", "P1", None, month(0), 1, "silent", 0),
    ]


def test_the_live_sweep_is_the_last_period_of_the_backtest() -> None:
    book = rulebook(file(LATE, SEVERAL))
    seen = observed({"k1": [70, None, 70], "k2": [70, 60, 90]})
    every = judge(book, seen, every_period=True)
    assert every["state"].to_list() == [
        *("pending", "unknown", "fires"),
        *("pending", "fires", "silent"),
        *("fires", "silent", "silent"),
    ]
    assert judge(book, seen).equals(every.filter(pl.col("period") == month(0)))


def test_drafts_and_deprecated_rules_are_not_judged() -> None:
    book = rulebook(file(rule("a", more="status: draft"), rule("b", more="status: deprecated")))
    assert judge(book, observed({"k1": [70]})).is_empty()


def test_a_finding_says_it_in_words_and_numbers() -> None:
    book = rulebook(file(LATE, SEVERAL))
    seen = observed({"k1": [70, 70], "k2": [70, 75]})
    found = findings(book, seen, judge(book, seen))
    assert [each.message for each in found] == [
        "Ports: KPI k1 for 2 periods",
        "Ports: KPI k2 for 2 periods",
        "Ports: 2 late",
    ]
    first = found[0]
    assert (first.rule_id, first.project_id, first.kpi_id) == ("late", "P1", "k1")
    assert (first.period, first.state, first.streak) == (month(0), FindingState.FIRES, 2)
    assert first.severity is Severity.RED
    assert first.values == {"attainment": "0.7"}
    assert found[2].kpi_id is None
    assert found[2].values == {"count(kpis[attainment < 80%])": "2"}


def test_an_unknown_finding_says_what_is_missing() -> None:
    book = rulebook(
        file(
            LATE,
            rule(
                "over",
                when="spent > budget * 110%",
                more="scope: project",
                message="{name} over",
                tests="\n",
            ),
        )
    )
    seen = observed({"k1": [70, None]}, project={"budget": 5.0})
    found = findings(book, seen, judge(book, seen))
    assert [each.state for each in found] == [FindingState.UNKNOWN, FindingState.UNKNOWN]
    assert [each.message for each in found] == [
        "Ports: KPI k1 cannot be judged, because there is no reading for the period to "
        "30 June 2026 (Late)",
        "Ports cannot be judged, because spent is unknown (Late)",
    ]
    undirected = observed({"k1": [70, 70]}, kpi={"direction": None})
    (first, _) = findings(book, undirected, judge(book, undirected))
    assert first.message == "Ports: KPI k1 cannot be judged, because attainment is unknown (Late)"


def test_a_rule_that_fires_proposes_the_deliverables_it_selects() -> None:
    book = rulebook(file(LATE))
    seen = observed(
        {"k1": [70, 70], "k2": [100, 100]},
        deliverables=[
            {"deliverable": "d1", "name": "Portal", "state": "planned"},
            {"deliverable": "d2", "name": "App", "state": "planned"},
            {"deliverable": "d3", "name": "Report", "state": "done"},
            {"deliverable": "d4", "name": "Other", "state": "planned"},
        ],
        serves=[
            {"deliverable": "d1", "kpi": "k1", "contribution": 0.6},
            {"deliverable": "d2", "kpi": "k1", "contribution": 0.04},
            {"deliverable": "d3", "kpi": "k1", "contribution": 0.01},
            {"deliverable": "d4", "kpi": "k2", "contribution": 0.01},
        ],
    )
    (only,) = proposals(book, seen, judge(book, seen))
    assert (only.rule_id, only.project_id, only.kpi_id) == ("late", "P1", "k1")
    assert (only.action, only.title, only.severity) == (Action.DESCOPE, "Late", Severity.RED)
    assert only.because == "KPI k1 needs the capacity"
    assert only.deliverables == ("d2",)
    assert (only.decide_by_working_days, only.decided_by) == (10, Role.SPONSOR)


def test_a_shadow_rule_finds_and_recommends_nothing() -> None:
    book = rulebook(file(rule("late", more="status: shadow\n" + RECOMMEND)))
    seen = observed({"k1": [70]})
    judged = judge(book, seen)
    assert len(findings(book, seen, judged)) == 1
    assert proposals(book, seen, judged) == []


def test_a_rule_without_recommendation_proposes_nothing() -> None:
    book = rulebook(file(rule()))
    seen = observed({"k1": [70]})
    assert proposals(book, seen, judge(book, seen)) == []


def test_a_project_attains_what_its_kpis_attain_by_weight() -> None:
    weighted = "sum(kpis.weighted_attainment) / sum(kpis.weight)"
    book = rulebook(
        file(
            rule(
                when=f"{weighted} < 80%",
                more="scope: project",
                message=f"{{{weighted}}}",
                tests="\n",
            )
        )
    )
    seen = observed({"k1": [70], "k2": [80]})
    (finding,) = findings(book, seen, judge(book, seen))
    assert finding.message == str(Decimal("0.75"))


def test_findings_say_what_explaining_each_row_says() -> None:
    tables = dense.tables(40, 6)
    seen = observe(tables, dense.AS_OF)
    for book in (shipped.LOADED.rulebook, rules()):
        assert book is not None
        judged = judge(book, seen)
        found = findings(book, seen, judged)
        loud = judged.filter(pl.col("state") != FindingState.SILENT)
        assert len(found) == loud.height > 0
        for finding, row in zip(found, loud["row"], strict=True):
            of = book.rule(finding.rule_id)
            assert of is not None
            assert finding.values == explain(of.when, seen, row).leaves()
            assert finding.message == (
                cannot_tell(of, seen, row, finding.values)
                if finding.state == FindingState.UNKNOWN
                else render(of.message, seen, row, finding.streak)
            )
