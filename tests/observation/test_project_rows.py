from datetime import date

import pytest

from govern.observation.errors import BrokenReferenceError, NotUniqueError
from govern.observation.frame import Observations, observe
from govern.observation.project_rows import COLUMNS
from tests.observation.portfolios import AS_OF, column, kpi, tables, values

JUNE, JULY, AUGUST, SEPTEMBER, OCTOBER = (
    date(2026, 6, 30),
    date(2026, 7, 31),
    date(2026, 8, 31),
    date(2026, 9, 30),
    date(2026, 10, 31),
)


def seen_kpis(observed: Observations) -> dict[date, list[tuple[str, date]]]:
    """Per period of the project, which rows of which KPIs belong to it."""
    rows = {row["row"]: (row["kpi"], row["period"]) for row in observed.kpis.to_dicts()}
    pairs = observed.project_kpis.rows()
    return {
        project["period"]: [rows[row] for parent, row in pairs if parent == project["row"]]
        for project in observed.projects.to_dicts()
    }


def test_a_quarterly_kpi_beside_a_monthly_one() -> None:
    observed = observe(
        tables(
            kpis=[kpi("M"), kpi("Q", cadence="quarterly")],
            values=[
                *values("M", JUNE, [1.0, 2.0, 3.0, 4.0, 5.0]),
                *values("Q", JUNE, [10.0, 20.0], cadence="quarterly"),
            ],
        ),
        AS_OF,
    )
    assert observed.projects.columns == list(COLUMNS)
    assert column(observed.projects, "is_last") == [False, False, False, False, True]
    assert column(observed.projects, "seen_on") == [JUNE, JULY, AUGUST, SEPTEMBER, AS_OF]
    assert seen_kpis(observed) == {
        JUNE: [("M", JUNE), ("Q", JUNE)],
        JULY: [("M", JULY), ("Q", JUNE)],
        AUGUST: [("M", AUGUST), ("Q", JUNE)],
        SEPTEMBER: [("M", SEPTEMBER), ("Q", SEPTEMBER)],
        OCTOBER: [("M", OCTOBER), ("Q", SEPTEMBER)],
    }


def test_a_kpi_that_has_not_begun_is_not_there_yet() -> None:
    observed = observe(
        tables(
            kpis=[kpi("A"), kpi("B"), kpi("EMPTY")],
            values=[*values("A", AUGUST, [1.0, 2.0, 3.0]), *values("B", SEPTEMBER, [1.0])],
        ),
        AS_OF,
    )
    assert seen_kpis(observed) == {
        AUGUST: [("A", AUGUST)],
        SEPTEMBER: [("A", SEPTEMBER), ("B", SEPTEMBER)],
        OCTOBER: [("A", OCTOBER), ("B", OCTOBER), ("EMPTY", OCTOBER)],
    }


def test_the_last_row_has_every_kpi_however_the_periods_lie() -> None:
    # The month ends on a Saturday, in the middle of a week that is not over yet.
    observed = observe(
        tables(
            kpis=[kpi("M"), kpi("W", cadence="weekly"), kpi("LATE", reporting_lag_days=90)],
            values=[
                *values("M", OCTOBER, [1.0]),
                *values("W", date(2026, 10, 18), [1.0, 2.0], cadence="weekly"),
                *values("LATE", JULY, [1.0]),
            ],
        ),
        OCTOBER,
    )
    periods = column(observed.projects, "period")
    assert periods[0] == date(2026, 8, 2)
    assert periods[-1] == date(2026, 10, 25)
    assert seen_kpis(observed)[periods[-1]] == [
        ("LATE", JULY),
        ("M", OCTOBER),
        ("W", date(2026, 10, 25)),
    ]


def test_a_project_without_kpis_has_its_last_completed_month() -> None:
    observed = observe(tables(projects=[{"project": "P", "name": "P"}]), AS_OF)
    assert column(observed.projects, "period") == [OCTOBER]
    assert column(observed.projects, "seen_on") == [AS_OF]
    assert column(observed.projects, "stage") == [None]
    assert observed.project_kpis.is_empty()
    assert observed.kpis.is_empty()


def test_an_empty_portfolio_has_no_rows() -> None:
    observed = observe(tables(), AS_OF)
    full = observe(tables(kpis=[kpi("K")], values=values("K", OCTOBER, [1.0])), AS_OF)
    assert observed.kpis.is_empty()
    assert observed.projects.is_empty()
    assert observed.kpis.schema == full.kpis.schema
    assert observed.projects.schema == full.projects.schema
    assert observed.kpi_deliverables.schema == full.kpi_deliverables.schema


def test_the_stage_is_the_one_of_the_day_the_row_was_seen() -> None:
    observed = observe(
        tables(
            kpis=[kpi("K"), kpi("OTHER", "Q")],
            values=[*values("K", JULY, [1.0] * 4), *values("OTHER", OCTOBER, [1.0])],
            stages=[
                {"project": "P", "stage": "draft", "since": date(2026, 8, 10)},
                {"project": "P", "stage": "planned", "since": SEPTEMBER},
                {"project": "P", "stage": "monitoring", "since": SEPTEMBER},
                {"project": "P", "stage": "on_hold", "since": date(2026, 11, 10)},
                {"project": "P", "stage": "closed", "since": date(2026, 12, 1)},
                {"project": "Q", "stage": "planned", "since": None},
                {"project": "Q", "stage": "closed", "since": date(2026, 12, 1)},
            ],
        ),
        AS_OF,
    )
    # In July nobody had moved it yet: the first known stage reaches back, for an unknown time.
    assert column(observed.kpis, "stage", kpi="K") == ["draft", "draft", "monitoring", "on_hold"]
    assert column(observed.kpis, "days_in_stage", kpi="K") == [None, 21, 0, 14]
    assert column(observed.projects, "stage", project="P") == column(
        observed.kpis, "stage", kpi="K"
    )
    assert column(observed.projects, "stage", project="Q") == ["planned"]
    assert column(observed.projects, "days_in_stage", project="Q") == [None]


def test_elements_belong_to_every_period_of_their_project() -> None:
    observed = observe(
        tables(
            kpis=[kpi("K"), kpi("OTHER", "Q")],
            values=[*values("K", SEPTEMBER, [1.0, 2.0])],
            deliverables=[
                {"project": "Q", "deliverable": "A", "state": "done"},
                {"project": "P", "deliverable": "C", "state": "done"},
                {"project": "P", "deliverable": "B", "state": "planned"},
            ],
            serves=[
                {"deliverable": "C", "kpi": "K", "contribution": 0.25},
                {"deliverable": "B", "kpi": "K", "contribution": None},
                {"deliverable": "A", "kpi": "OTHER", "contribution": 1.0},
            ],
            conditions=[{"project": "P", "condition": "1", "state": "open"}],
            recommendations=[{"project": "Q", "recommendation": "1", "status": "proposed"}],
        ),
        AS_OF,
    )
    assert column(observed.deliverables, "deliverable") == ["B", "C", "A"]
    assert column(observed.deliverables, "row") == [0, 1, 2]
    assert observed.project_deliverables.rows() == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2)]
    assert observed.project_conditions.rows() == [(0, 0), (1, 0)]
    assert observed.project_recommendations.rows() == [(2, 0)]
    assert observed.kpi_deliverables.rows() == [
        (0, 0, None),
        (0, 1, 0.25),
        (1, 0, None),
        (1, 1, 0.25),
        (2, 2, 1.0),
    ]
    assert observed.deliverable_kpis.rows() == [(0, 1, None), (1, 1, 0.25), (2, 2, 1.0)]


def test_a_link_across_projects_is_refused() -> None:
    with pytest.raises(BrokenReferenceError, match="'D' and KPI 'K' are not two of one project"):
        observe(
            tables(
                kpis=[kpi("K")],
                deliverables=[{"project": "Q", "deliverable": "D"}],
                serves=[{"deliverable": "D", "kpi": "K"}],
            ),
            AS_OF,
        )


def test_what_is_there_twice_is_refused() -> None:
    pair = {"deliverable": "D", "kpi": "K"}
    deliverable = {"project": "P", "deliverable": "D"}
    with pytest.raises(NotUniqueError, match="serves KPI 'K' twice"):
        observe(
            tables(kpis=[kpi("K")], deliverables=[deliverable], serves=[pair, pair]),
            AS_OF,
        )
    with pytest.raises(NotUniqueError, match="deliverables: 'D' is there more than once"):
        observe(tables(deliverables=[deliverable, deliverable]), AS_OF)
    with pytest.raises(NotUniqueError, match="project 'P' is there more than once"):
        observe(tables(projects=[{"project": "P"}, {"project": "P"}]), AS_OF)
