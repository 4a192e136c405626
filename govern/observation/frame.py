"""Observations: all that rules and criteria can see of the projects, as known on a day."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

from govern.observation import memberships
from govern.observation.elements import element_rows, links
from govern.observation.kpi_rows import kpi_rows, kpi_values, made_of
from govern.observation.portfolio import portfolio_of
from govern.observation.project_rows import project_rows
from govern.observation.spans import (
    kpi_spans,
    numbered_kpis,
    placed_values,
    project_spans,
    spread,
)
from govern.observation.tables import ObservationTables


@dataclass(frozen=True, slots=True)
class Observations:
    """Frames in which a row is named by its position, which stands in the column `row` (Int64).

    - `kpis`: KPI × period, dense and sorted by (project, kpi, period): every period of the KPI's
      cadence from the first with a value to the last judged one. A missing report is a row with a
      null actual. The last judged period is the last that ended by `as_of` and is reported, or due
      by its end and reporting lag; every KPI has at least that one row. Beside the KPI's own
      columns: `seen_on` (the period's end; `as_of` on the last row), `is_first`, `is_last`,
      `previous_actual`, `planned_to_date` and `actual_to_date` (running sums where cumulative, null
      from the first missing value on), `planned_points` (how many periods have a planned value,
      also those to come), `attainment`, `weighted_attainment` (times weight), `progress`,
      `variance`, `staleness_days`, `overdue_days`, `unvalidated_periods`, and of its project `stage`
      and `days_in_stage` as at `seen_on`, `budget`, `spent`, `start`, `end`, `tags`, `project_name`,
      `portfolio`, `department`, `objective`. `as_of` equals `seen_on`.
    - `projects`: project × period of the finest cadence among its KPIs, sorted by (project,
      period); a project without KPIs has one row, the last completed month.
    - `deliverables`, `conditions`, `recommendations`: sorted by (project, id), in their state now.
    - `project_kpis`, `project_deliverables`, `project_conditions`, `project_recommendations`,
      `kpi_deliverables`, `deliverable_kpis`: memberships (see that module), rows of the first-named
      frame as `parent`, of the second-named as `row`.

    The rows of one project never depend on which other projects were observed with it.
    """

    as_of: date
    kpis: pl.DataFrame
    projects: pl.DataFrame
    deliverables: pl.DataFrame
    conditions: pl.DataFrame
    recommendations: pl.DataFrame
    project_kpis: pl.DataFrame
    project_deliverables: pl.DataFrame
    project_conditions: pl.DataFrame
    project_recommendations: pl.DataFrame
    kpi_deliverables: pl.DataFrame
    deliverable_kpis: pl.DataFrame


def observe(
    tables: ObservationTables, as_of: date, columns: Set[str] | None = None
) -> Observations:
    """The observations of every project in the tables.

    The frame of KPIs has all columns, or those of `columns` and what every frame has (see
    `kpi_rows.ALWAYS`): of many rows the others would take most of the memory. Frames of links that
    `columns` does not name have no rows then.

    Raises `NotUniqueError`, `BrokenReferenceError` or `UnknownCadenceError` where the tables
    contradict themselves; nothing is dropped in silence.
    """
    clean = tables.finite()
    portfolio = portfolio_of(clean.projects, clean.stages)
    projects = portfolio.projects
    read = None if columns is None else made_of(columns)
    of_kpis_read = [name for name in clean.kpis.columns if read is None or name in read]
    kpis = numbered_kpis(clean.kpis.select(of_kpis_read), projects)
    values = placed_values(clean.values, kpis)
    of_kpis = kpi_spans(kpis, values, as_of)
    of_projects = project_spans(projects, of_kpis, as_of)
    valued = kpi_values(of_kpis, values, as_of)
    periods = spread(of_projects, as_of)
    deliverables = element_rows("deliverables", clean.deliverables, "deliverable", projects)
    conditions = element_rows("conditions", clean.conditions, "condition", projects)
    recommendations = element_rows(
        "recommendations", clean.recommendations, "recommendation", projects
    )
    linked = links(clean.serves, deliverables, kpis)
    of_project = partial(memberships.elements_of_projects, periods, projects=projects)
    linking = {
        "project_kpis": partial(memberships.kpis_of_projects, periods, of_kpis),
        "project_deliverables": partial(of_project, deliverables),
        "project_conditions": partial(of_project, conditions),
        "project_recommendations": partial(of_project, recommendations),
        "kpi_deliverables": partial(memberships.deliverables_of_kpis, valued, linked),
        "deliverable_kpis": partial(memberships.kpis_of_deliverables, linked, of_kpis),
    }
    return Observations(
        as_of=as_of,
        kpis=kpi_rows(portfolio, of_kpis, valued, columns),
        projects=project_rows(portfolio, of_projects, periods),
        deliverables=deliverables,
        conditions=conditions,
        recommendations=recommendations,
        **{
            name: link() if columns is None or name in columns else memberships.NONE[name]
            for name, link in linking.items()
        },
    )
