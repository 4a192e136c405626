"""Gate criteria that read the decision tables of a rulebook."""

from datetime import date

import pytest

from govern.domain.criterion import Outcome
from govern.domain.decision import Decision
from govern.language.check import Checked
from govern.language.table import Table
from govern.observation.frame import Observations, observe
from govern.observation.tables import SCHEMAS, ObservationTables, table
from govern.process.advice import advise
from govern.process.conditions import misfits, with_tables
from govern.process.criteria import judge
from govern.process.definition import Unread, Workflow
from govern.process.load import load_sources
from govern.rulebook.load import load_sources as load_rules

WORKFLOW = """\
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
"""

RATED = """\
schema: govern/rules/v1
area: rating
tables:
  - id: kpi-rag
    hit: first
    rows: |
      | attainment || rag     |
      | null       || "grey"  |
      | >= 90%     || "green" |
      | -          || "red"   |
  - id: size
    scope: project
    hit: first
    rows: |
      | budget   || size    | votes |
      | >= 1000  || "large" | 2     |
      | -        || "small" | 1     |
"""

NOT_RED = 'count(kpis) > 0 and every k in kpis satisfies k.kpi_rag != "red"'


def tables(text: str = RATED) -> dict[str, Table]:
    loaded = load_rules({"rating.yaml": text})
    assert loaded.rulebook is not None, loaded.problems
    return dict(loaded.rulebook.readable())


def problems(require: str, known: dict[str, Table] | None = None) -> list[str]:
    loaded = load_sources(
        {"w.yaml": WORKFLOW.format(require=require)}, tables() if known is None else known
    )
    return [f"{each.code} {each.message} | {each.help}" for each in loaded.problems]


def workflow(require: str, known: dict[str, Table] | None) -> Workflow:
    loaded = load_sources({"w.yaml": WORKFLOW.format(require=require)}, known)
    return loaded.workflows["one-gate"]


def observed(actual: int | None, budget: int | None = None) -> Observations:
    month = date(2026, 1, 31)
    rows = {
        "projects": [{"project": "P", "portfolio": "main", "name": "P", "budget": budget}],
        "stages": [{"project": "P", "stage": "draft", "since": None}],
        "kpis": [
            {
                "project": "P",
                "kpi": "K",
                "name": "Sales",
                "direction": "increase",
                "baseline": 0,
                "cadence": "monthly",
                "weight": 1,
                "aggregation": "last",
                "cumulative": False,
                "disbenefit": False,
                "reporting_lag_days": 0,
            }
        ],
        "values": [{"kpi": "K", "period": month, "planned": 100, "actual": actual}],
    }
    made = {name: table(name, rows.get(name, [])) for name in SCHEMAS}
    return observe(ObservationTables(**made), month)


@pytest.mark.parametrize(
    ("actual", "outcome", "values"),
    [
        (95, Outcome.MET, {}),
        (60, Outcome.NOT_MET, {"K: k.kpi_rag": "red"}),
        (None, Outcome.MET, {}),
    ],
)
def test_a_criterion_reads_a_table_of_each_kpi(actual, outcome, values):
    gate = workflow(NOT_RED, tables()).gates[0]
    (result,) = judge(gate, observed(actual))
    assert result.outcome is outcome
    assert values.items() <= result.values.items(), result.values


def test_a_criterion_reads_an_output_of_a_table_on_projects():
    gate = workflow('size.size = "large" and size.votes = 2', tables()).gates[0]
    (result,) = judge(gate, observed(None, budget=5000))
    assert (result.outcome, result.values) == (
        Outcome.MET,
        {"size.size": "large", "size.votes": "2"},
    )


@pytest.mark.parametrize(
    ("require", "told"),
    [
        (
            'every k in kpis satisfies k.kpi_rga != "red"',
            "E218 a KPI has no field `kpi_rga` | did you mean 'kpi_rag'?",
        ),
        ('siez.size = "large"', "E210 unknown name `siez` | did you mean 'size'?"),
        (
            'kpi_rag = "red"',
            "E210 unknown name `kpi_rag` | it is a table on each KPI, not on what is judged here",
        ),
        (
            'every k in kpis satisfies k.size.size = "large"',
            "E218 a KPI has no field `size` | it is a table on each project",
        ),
        ('size.size = "huge"', 'E217 `size.size` is never "huge";'),
    ],
)
def test_what_is_wrong_with_the_table_that_is_named(require, told):
    assert any(each.startswith(told) for each in problems(require)), problems(require)


@pytest.mark.parametrize(
    ("require", "told"),
    [
        ("budget > 10 and budget < 5", "E222 the criterion can never be met"),
        ("count(kpis) < 0", "E222 the criterion can never be met"),
        ('size.size = "large" and size.size = "small"', "E222 the criterion can never be met"),
        ("count(kpis) >= 0", "E223 the criterion is met whenever it is known"),
        ("budget > 5 or budget <= 10", "E223 the criterion is met whenever it is known"),
    ],
)
def test_a_criterion_that_decides_nothing(require, told):
    (problem,) = problems(require)
    assert problem.startswith(told)


def test_without_knowing_the_tables_what_reads_one_is_unread():
    gate = workflow(NOT_RED, None).gates[0]
    assert isinstance(gate.criteria[0].condition, Unread)
    bound = with_tables(gate, tables())
    assert isinstance(bound.criteria[0].condition, Checked)
    assert judge(bound, observed(95))[0].outcome is Outcome.MET


def test_what_is_right_without_a_table_is_read_at_once():
    gate = workflow("budget != null", None).gates[0]
    assert isinstance(gate.criteria[0].condition, Checked)
    assert with_tables(gate, tables()).criteria == gate.criteria


def test_a_table_that_is_gone_leaves_the_criterion_unknown_and_says_so():
    gate = with_tables(workflow(NOT_RED, None).gates[0], {})
    results = judge(gate, observed(95))
    assert (results[0].outcome, results[0].values) == (Outcome.UNKNOWN, {})
    assert results[0].because == (
        "with the rules in force it cannot be read: a KPI has no field `kpi_rag`"
    )
    advice = advise(results, gate)
    assert advice.decision is Decision.HOLD
    assert advice.because == (
        "Must-meet 'it' is unknown: with the rules in force it cannot be read: "
        "a KPI has no field `kpi_rag`.",
    )


@pytest.mark.parametrize(
    ("after", "because"),
    [
        (RATED.replace("kpi-rag", "kpi-status"), "a KPI has no field `kpi_rag`"),
        (
            RATED.replace('"red"  ', '"blue" '),
            '`k.kpi_rag` is never "red"',
        ),
        (
            RATED.replace("|| rag     |", "|| rag | n |")
            .replace('|| "grey"  |', '|| "grey" | 1 |')
            .replace('|| "green" |', '|| "green" | 2 |')
            .replace('|| "red"   |', '|| "red" | 3 |'),
            "`k.kpi_rag`",
        ),
    ],
    ids=["gone", "other values", "several outputs"],
)
def test_what_other_rules_would_take_from_a_gate(after, because):
    stored = workflow(NOT_RED, None)
    assert not misfits(stored, tables(), tables())
    (problem,) = misfits(stored, tables(), tables(after))
    assert problem.code == "E417"
    assert problem.message.startswith(
        "the criterion 'it' of the gate 'close' (workflow 'one-gate', version 1) could not be read "
        f"with these rules: {because}"
    )
    assert str(problem.place).startswith("w.yaml:14:")
    assert not misfits(stored, {}, {})


def test_a_portfolio_with_other_parameters_has_a_table_of_its_own():
    text = RATED.replace(">= 90%     ", ">= watch   ").replace(
        "tables:",
        "params: {watch: 90%}\nportfolios:\n  bold: {watch: 50%}\ntables:",
    )
    loaded = load_rules({"rating.yaml": text})
    assert loaded.rulebook is not None, loaded.problems
    gate = workflow(NOT_RED, None).gates[0]
    for portfolio, outcome in ((None, Outcome.NOT_MET), ("bold", Outcome.MET)):
        known = loaded.rulebook.readable(portfolio)
        assert judge(with_tables(gate, known), observed(60))[0].outcome is outcome
