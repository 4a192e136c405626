"""A small portfolio for tests: one project, its KPIs with monthly values up to 2026-06-30."""

from datetime import date
from typing import Any

from govern.domain.period import Cadence, numbered_end, period_number
from govern.observation.frame import Observations, observe
from govern.observation.tables import SCHEMAS, ObservationTables, table

AS_OF = date(2026, 6, 30)
KPI: dict[str, Any] = {
    "project": "P1",
    "direction": "increase",
    "weight": 1.0,
    "cadence": "monthly",
    "aggregation": "last",
    "cumulative": False,
    "disbenefit": False,
    "reporting_lag_days": 0,
}


def month(back: int) -> date:
    """The end of the month so many months before June 2026."""
    return numbered_end(Cadence.MONTHLY, period_number(Cadence.MONTHLY, AS_OF) - back)


def observed(
    kpis: dict[str, list[float | None]],
    planned: float = 100,
    deliverables: list[dict[str, Any]] | None = None,
    serves: list[dict[str, Any]] | None = None,
    project: dict[str, Any] | None = None,
    kpi: dict[str, Any] | None = None,
) -> Observations:
    """`kpis`: id → actuals, the last one of June 2026; the KPI's name is its id in words."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    rows["projects"].append({"project": "P1", "portfolio": "X", "name": "Ports", **(project or {})})
    rows["stages"].append({"project": "P1", "stage": "monitoring"})
    for name, actuals in kpis.items():
        rows["kpis"].append({"kpi": name, "name": f"KPI {name}", **KPI, **(kpi or {})})
        rows["values"].extend(
            {
                "kpi": name,
                "period": month(len(actuals) - 1 - at),
                "planned": planned,
                "actual": actual,
            }
            for at, actual in enumerate(actuals)
        )
    rows["deliverables"].extend({"project": "P1", **each} for each in deliverables or [])
    rows["serves"].extend(serves or [])
    tables = {name: table(name, found) for name, found in rows.items()}
    return observe(ObservationTables(**tables), AS_OF)
