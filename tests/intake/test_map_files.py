"""objectives.csv and outcomes.csv, and the links that other files have to them."""

from decimal import Decimal
from pathlib import Path

import pytest

from govern.domain.project import Objective, Outcome
from govern.intake.rows import Known
from tests.intake.folders import read

OBJECTIVES = "objective_id,name,description,owner\nGROW,Grow at home,By half,Ada\n"
OUTCOMES = (
    "outcome_id,project_id,name,serves,leads_to\n"
    "O-1,P-1,Meters are read daily,,O-2:50%\n"
    "O-2,P-1,Bills are right,K-1:40%; K-2,\n"
)


def refusals(path: Path, **files: str) -> list[str]:
    named: dict[str, str | bytes | None] = {f"{name}.csv": text for name, text in files.items()}
    return [str(each) for each in read(path, named).refusals]


def test_objectives_and_outcomes_are_read_and_tied(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "objectives.csv": OBJECTIVES,
            "outcomes.csv": OUTCOMES,
            "kpis.csv": "kpi_id,project_id,name,cadence,supports\n"
            "K-1,P-1,Bills,monthly,GROW:60%\nK-2,P-1,Saving,quarterly,GROW\n",
            "deliverables.csv": "deliverable_id,project_id,name,produces\nD-1,P-1,Head,O-1:0.5\n",
        },
    )
    assert found.refusals == ()
    [objective] = found.objectives
    assert objective.objective == Objective("GROW", "Grow at home", "By half", "Ada")
    assert [row.outcome for row in found.outcomes] == [
        Outcome("O-1", "P-1", "Meters are read daily", leads_to={"O-2": Decimal("0.5")}),
        Outcome("O-2", "P-1", "Bills are right", serves={"K-1": Decimal("0.4"), "K-2": None}),
    ]
    assert [row.kpi.supports for row in found.kpis] == [{"GROW": Decimal("0.6")}, {"GROW": None}]
    assert [row.deliverable.produces for row in found.deliverables] == [{"O-1": Decimal("0.5")}]


def test_what_is_known_already_may_be_named(tmp_path: Path) -> None:
    known = Known(
        projects=frozenset({"P-1"}), outcomes={"O-9": "P-1"}, objectives=frozenset({"LEAN"})
    )
    found = read(
        tmp_path,
        {
            "kpis.csv": "kpi_id,project_id,name,cadence,supports\nK-1,P-1,Bills,monthly,LEAN\n",
            "outcomes.csv": "outcome_id,project_id,name,leads_to\nO-1,P-1,First,O-9\n",
        },
        known,
    )
    assert found.refusals == ()


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("GORW", "names the objective 'GORW', which is neither in objectives.csv nor known already; "
                 "did you mean 'GROW'?"),
        ("GROW; GROW", "names the objective 'GROW' twice; name each objective once"),
        ("GROW:0", "gives the share '0'; write a share above 0 and up to 1: 40% or 0.4"),
        ("GROW:70%; LEAN:40%", "gives 110 % in all; let the shares add up to at most 100 %"),
    ],
)  # fmt: skip
def test_what_a_kpi_cannot_support(tmp_path: Path, cell: str, problem: str) -> None:
    kpis = f"kpi_id,project_id,name,cadence,supports\nK-1,P-1,Bills,monthly,{cell}\n"
    told = refusals(tmp_path, objectives=f"{OBJECTIVES}LEAN,Lean,,\n", kpis=kpis)
    assert told[0] == f"kpis.csv:2: supports '{cell}' {problem}"


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("O-1,P-1,First,K-9,", "serves", "names the KPI 'K-9', which is neither in kpis.csv"),
        ("O-1,P-1,First,,O-1", "leads_to", "names the outcome itself"),
        ("O-1,P-1,First,,O-8", "leads_to", "names the outcome 'O-8', which is neither in outcomes"),
        ("O-1,P-2,First,,", "project_id", "is neither in projects.csv nor known already"),
        ("O-1,P-1,,,", "name", "is missing"),
        ("O-1,P-1,First,K-1:140%,", "serves", "gives the share '140%'"),
    ],
)
def test_what_an_outcome_cannot_be(tmp_path: Path, row: str, column: str, problem: str) -> None:
    [told] = refusals(tmp_path, outcomes=f"outcome_id,project_id,name,serves,leads_to\n{row}\n")
    assert told.startswith(f"outcomes.csv:2: {column} ")
    assert problem in told


def test_a_row_that_leads_to_a_refused_one_is_refused_with_it(tmp_path: Path) -> None:
    told = refusals(
        tmp_path,
        outcomes=(
            "outcome_id,project_id,name,leads_to\n"
            "O-1,P-1,First,O-2\nO-2,P-1,Second,O-3\nO-3,P-1,,\nO-4,P-1,Fourth,\n"
        ),
        deliverables="deliverable_id,project_id,name,produces\nD-1,P-1,Head,O-1; O-4\n",
    )
    assert [each.partition(" ")[0] for each in told] == [
        "deliverables.csv:2:",
        "outcomes.csv:2:",
        "outcomes.csv:3:",
        "outcomes.csv:4:",
    ]
    assert "which is refused on line 2 of outcomes.csv; correct that row first" in told[0]


def test_without_their_files_nothing_is_missed(tmp_path: Path) -> None:
    found = read(tmp_path, {})
    assert (found.objectives, found.outcomes, found.refusals) == ((), (), ())
