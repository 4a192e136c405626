"""Criteria are judged on one project's last row, and say what they read."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govern.domain.criterion import Outcome
from govern.language.explain import explain
from govern.observation.frame import Observations, observe
from govern.observation.tables import ObservationTables, table
from govern.process.criteria import judge
from govern.process.definition import Gate
from govern.process.load import load, load_sources

TODAY = date(2026, 11, 24)

GATE = """\
schema: govern/workflow/v1
id: one-gate
version: 1
stages: [draft, closed]
gates:
  - id: close
    title: Close
    from: draft
    to: closed
    submit: [project_manager]
    approve: [{{role: sponsor}}]
    criteria:
      must:
        - id: it
          title: The thing itself
          require: {require}
          otherwise: Do it.
          fatal: true
"""


def gate_of(require: str) -> Gate:
    loaded = load_sources({"w.yaml": GATE.format(require=require)})
    assert [problem for problem in loaded.problems if problem.level == "error"] == []
    return loaded.workflows["one-gate"].gates[0]


def project(**tables) -> Observations:
    """Project P1, in draft since January, with rows of other tables."""
    own = {"project": "P1", "portfolio": "main", "name": "One", **tables.pop("own", {})}
    rows = {
        "projects": [own],
        "stages": [{"project": "P1", "stage": "draft", "since": date(2026, 1, 1)}],
        **{name: [{"project": "P1", **row} for row in found] for name, found in tables.items()},
    }
    for name in ("values", "serves"):
        for row in rows.get(name, ()):
            row.pop("project")
    made = {name: table(name, found) for name, found in rows.items()}
    return observe(replace(ObservationTables.empty(), **made), TODAY)


def kpi(kpi_id: str, **more):
    return {"kpi": kpi_id, "name": kpi_id, "cadence": "monthly", **more}


def deliverable(deliverable_id: str, **more):
    return {"deliverable": deliverable_id, "name": deliverable_id, "state": "planned", **more}


TWO_KPIS = {"kpis": [kpi("K1", owner="ann"), kpi("K2")]}


@pytest.mark.parametrize(
    ("require", "tables", "outcome", "values"),
    [
        ("budget >= 100", {"own": {"budget": 100.0}}, "met", {"budget": "100"}),
        ("budget >= 100", {"own": {"budget": 99.5}}, "not_met", {"budget": "99.5"}),
        ("budget >= 100", {}, "unknown", {"budget": "unknown"}),
        ("budget != null", {}, "not_met", {"budget": "unknown"}),
        ("days_in_stage > 300", {}, "met", {"days_in_stage": "327"}),
        ("as_of = @'2026-11-24'".replace("'", '"'), {}, "met", {"as_of": "2026-11-24"}),
        ("count(kpis) >= 1", {}, "not_met", {"count(kpis)": "0"}),
        (
            "every k in kpis satisfies k.owner != null",
            TWO_KPIS,
            "not_met",
            {"K2: k.owner": "unknown"},
        ),
        (
            "every k in kpis satisfies k.staleness_days <= 31",
            {"kpis": [kpi("K1")]},
            "met",
            {"every k in kpis satisfies k.staleness_days <= 31": "true"},
        ),
        (
            "count(kpis) > 0 and every k in kpis satisfies k.target > 10",
            {"kpis": [kpi("K1", target=11.0), kpi("K2"), kpi("K3")]},
            "unknown",
            {"count(kpis)": "3", "K2: k.target": "unknown", "K3: k.target": "unknown"},
        ),
        (
            "every k in kpis satisfies k.target > 10",
            {"kpis": [kpi("K1", target=9.0), kpi("K2")]},
            "not_met",
            {"K1: k.target": "9"},
        ),
        (
            'not(some c in conditions satisfies c.state = "open" and c.due < as_of)',
            {
                "conditions": [
                    {"condition": "C1", "text": "x", "state": "open", "due": TODAY},
                    {"condition": "C2", "text": "y", "state": "open", "due": date(2026, 11, 23)},
                ]
            },
            "not_met",
            {"C2: c.state": "open", "C2: c.due": "2026-11-23", "C2: as_of": "2026-11-24"},
        ),
        (
            'some d in deliverables satisfies d.state = "done"',
            {"deliverables": [deliverable("D1"), deliverable("D2", state="dropped")]},
            "not_met",
            {"D1: d.state": "planned", "D2: d.state": "dropped"},
        ),
        (
            "every d in deliverables satisfies count(d.kpis) >= 1",
            {
                "kpis": [kpi("K1")],
                "deliverables": [deliverable("D1"), deliverable("D2")],
                "serves": [{"deliverable": "D1", "kpi": "K1"}],
            },
            "not_met",
            {"D2: count(d.kpis)": "0"},
        ),
        (
            "every k in kpis satisfies k.planned_points >= 2",
            {
                "kpis": [kpi("K1"), kpi("K2")],
                "values": [
                    {"kpi": "K1", "period": date(2027, 1, 31), "planned": 1.0},
                    {"kpi": "K1", "period": date(2027, 2, 28), "planned": 2.0},
                    {"kpi": "K2", "period": date(2026, 1, 31), "planned": 1.0},
                    {"kpi": "K2", "period": date(2026, 2, 28), "actual": 1.0},
                ],
            },
            "not_met",
            {"K2: k.planned_points": "1"},
        ),
    ],
)
def test_an_outcome_and_what_it_was_judged_on(require, tables, outcome, values):
    (result,) = judge(gate_of(f"'{require}'"), project(**tables))
    assert (result.outcome, result.values) == (outcome, values)


def test_a_result_carries_what_the_file_says():
    (result,) = judge(gate_of("budget > 0"), project())
    assert (result.id, result.kind, result.title) == ("it", "must", "The thing itself")
    assert (result.require, result.otherwise) == ("budget > 0", "Do it.")
    assert (result.weight, result.fatal) == (None, True)


def test_the_last_period_is_judged():
    observed = project(
        kpis=[kpi("K1")],
        values=[
            {"kpi": "K1", "period": date(2026, 9, 30), "actual": 5.0},
            {"kpi": "K1", "period": date(2026, 10, 31), "actual": 7.0},
        ],
    )
    assert observed.projects.height == 2
    (result,) = judge(gate_of("every k in kpis satisfies k.actual = 7"), observed)
    assert result.outcome is Outcome.MET


def test_a_gate_without_criteria_has_no_results():
    bare = replace(gate_of("budget > 0"), criteria=())
    assert judge(bare, project()) == ()


def test_only_one_project_at_a_time():
    with pytest.raises(ValueError, match="one project, not on 0"):
        judge(gate_of("budget > 0"), observe(ObservationTables.empty(), TODAY))


SHIPPED = load(Path(__file__).parents[2] / "workflows").workflows["value-realization"]

numbers = st.none() | st.sampled_from([-1.0, 0.0, 0.8, 1.0, 100.0, 115.0])
days = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))
words = st.none() | st.just("x")


@st.composite
def projects(draw: st.DrawFn) -> Observations:
    def some(prefix, most, **columns):
        count = draw(st.integers(0, most))
        return [
            {"name": f"{prefix}{n}", **{c: draw(found) for c, found in columns.items()}}
            for n in range(count)
        ]

    kpis = some(
        *("K", 3),
        category=words,
        direction=st.sampled_from([None, "increase", "at_least"]),
        baseline=numbers,
        target=numbers,
        owner=words,
        target_on=days,
        tolerance=numbers,
        disbenefit=st.booleans(),
    )
    deliverables = some(
        *("D", 3), owner=words, due=days, state=st.sampled_from(["planned", "done", "dropped"])
    )
    conditions = some("C", 2, due=days, state=st.sampled_from(["open", "closed"]))
    months = [date(2026, 9, 30), date(2026, 10, 31), date(2026, 12, 31)]
    return project(
        own={"budget": draw(numbers), "spent": draw(numbers), "start": draw(days)},
        kpis=[kpi(row["name"], **row) for row in kpis],
        deliverables=[deliverable(row["name"], **row) for row in deliverables],
        conditions=[{"condition": row.pop("name"), "text": "x", **row} for row in conditions],
        values=[
            {"kpi": row["name"], "period": month, "planned": draw(numbers), "actual": draw(numbers)}
            for row in kpis
            for month in draw(st.lists(st.sampled_from(months), unique=True))
        ],
        serves=[
            {"deliverable": one["name"], "kpi": other["name"], "contribution": draw(numbers)}
            for one in deliverables
            for other in draw(
                st.lists(st.sampled_from(kpis), unique_by=id) if kpis else st.just([])
            )
        ],
    )


@settings(max_examples=30, deadline=None)
@given(projects())
def test_the_shipped_criteria_come_out_as_they_are_explained(observed):
    last = observed.projects.height - 1
    for gate in SHIPPED.gates:
        results = judge(gate, observed)
        for result, criterion in zip(results, gate.criteria, strict=True):
            if criterion.score is not None:
                assert result.outcome == "unknown"
                continue
            why = explain(criterion.condition, observed, last)
            explained = {True: "met", False: "not_met", None: "unknown"}[why.value]
            assert result.outcome == explained, (criterion.id, result.values)
