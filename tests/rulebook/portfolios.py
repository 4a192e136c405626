"""Portfolios of several projects for tests: monthly KPIs up to 2026-06-30, as tables."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from govern.observation.tables import SCHEMAS, ObservationTables, table
from tests.rulebook.observed import KPI, month


def portfolio(
    kpis: Mapping[str, list[float | None]],
    planned: float = 100,
    stages: Mapping[str, list[tuple[str, date | None]]] | None = None,
    **more: Any,
) -> ObservationTables:
    """`kpis`: id → actuals, the last one of June 2026; `P1.a` is a KPI of project P1."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    projects = sorted({name.split(".")[0] for name in kpis})
    for project in projects:
        rows["projects"].append(
            {"project": project, "portfolio": "X", "name": f"Project {project}"}
        )
        for stage, since in (stages or {}).get(project, [("monitoring", None)]):
            rows["stages"].append({"project": project, "stage": stage, "since": since})
    for name, actuals in kpis.items():
        project = name.split(".")[0]
        rows["kpis"].append({"kpi": name, "name": f"KPI {name}", **KPI, "project": project, **more})
        rows["values"].extend(
            {
                "kpi": name,
                "period": month(len(actuals) - 1 - at),
                "planned": planned,
                "actual": each,
            }
            for at, each in enumerate(actuals)
        )
    return ObservationTables(**{name: table(name, found) for name, found in rows.items()})
