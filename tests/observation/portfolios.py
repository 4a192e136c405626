"""Small observation tables, written as plain values, and any of them, drawn by hypothesis."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import settings
from hypothesis import strategies as st

from govern.domain.kpi import Direction
from govern.domain.period import Cadence, ends_between, next_end, period_end
from govern.observation.tables import SCHEMAS, ObservationTables, table

slow = settings(deadline=None, max_examples=30)
"""Observing takes tens of milliseconds, whatever the size."""

AS_OF = date(2026, 11, 24)
Rows = Iterable[Mapping[str, Any]]


def tables(**rows: Rows) -> ObservationTables:
    """Tables with the given rows; a project that KPIs or elements name is there without asking."""
    named = {str(row["project"]) for listed in rows.values() for row in listed if "project" in row}
    given = [dict(row) for row in rows.pop("projects", ())]
    missing = sorted(named - {row["project"] for row in given})
    rows["projects"] = given + [{"project": name, "name": name} for name in missing]
    return ObservationTables(**{name: table(name, rows.get(name, ())) for name in SCHEMAS})


def kpi(name: str, project: str = "P", cadence: str = "monthly", **others: Any) -> dict[str, Any]:
    return {"project": project, "kpi": name, "name": name, "cadence": cadence} | others


def values(
    name: str,
    first: date,
    actual: Iterable[float | None],
    planned: Iterable[float | None] | None = None,
    cadence: str = "monthly",
) -> list[dict[str, Any]]:
    """Values of consecutive periods from `first` on; where both figures are None there is no row."""
    reported = list(actual)
    plan = [None] * len(reported) if planned is None else list(planned)
    end, rows = first, []
    for one, other in zip(reported, plan, strict=True):
        if one is not None or other is not None:
            rows.append({"kpi": name, "period": end, "actual": one, "planned": other})
        end = next_end(Cadence(cadence), end)
    return rows


def column(frame: pl.DataFrame, name: str, **where: Any) -> list[Any]:
    return frame.filter(**where)[name].to_list()


FIGURES = st.none() | st.decimals(-10_000, 10_000, places=2).map(float)
DAYS = st.dates(date(2025, 6, 1), date(2027, 3, 31))
SMALL_DAYS = st.none() | DAYS


@st.composite
def any_tables(draw: st.DrawFn) -> ObservationTables:
    """A few projects with KPIs of every cadence, gaps, moves, deliverables and the rest."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    for number in range(draw(st.integers(1, 3))):
        project = f"P{number}"
        rows["projects"].append(
            {
                "project": project,
                "name": f"Project {number}",
                "start": draw(SMALL_DAYS),
                "budget": draw(FIGURES),
                "tags": draw(st.none() | st.lists(st.sampled_from(["a", "b"]), max_size=2)),
            }
        )
        for stage in draw(st.lists(st.sampled_from(["draft", "planned", "done"]), max_size=3)):
            rows["stages"].append({"project": project, "stage": stage, "since": draw(SMALL_DAYS)})
        own = [f"{project}-K{each}" for each in range(draw(st.integers(0, 3)))]
        for name in own:
            cadence = draw(st.sampled_from(list(Cadence)))
            rows["kpis"].append(_any_kpi(draw, project, name, cadence))
            rows["values"] += _any_values(draw, name, cadence)
        for each in range(draw(st.integers(0, 2))):
            key = {"deliverable": f"{project}-D{each}"}
            rows["deliverables"].append(
                {"project": project, "state": "planned", "cost": draw(FIGURES)} | key
            )
            served = draw(st.lists(st.sampled_from(own), unique=True)) if own else []
            rows["serves"] += [key | {"kpi": name, "contribution": 0.1} for name in served]
        for each in range(draw(st.integers(0, 2))):
            rows["conditions"].append(
                {"project": project, "condition": f"{project}-C{each}", "due": draw(SMALL_DAYS)}
            )
            rows["recommendations"].append(
                {"project": project, "recommendation": f"{project}-R{each}", "rule": "r"}
            )
    for listed in rows.values():
        order = draw(st.randoms(use_true_random=False))
        # Moves come in the order they were made; every other table in any.
        if listed is not rows["stages"]:
            order.shuffle(listed)
    return tables(**rows)


def _any_kpi(draw: st.DrawFn, project: str, name: str, cadence: Cadence) -> dict[str, Any]:
    return kpi(
        name,
        project,
        cadence.value,
        direction=draw(st.none() | st.sampled_from([item.value for item in Direction])),
        baseline=draw(FIGURES),
        target=draw(FIGURES),
        cumulative=draw(st.booleans()),
        reporting_lag_days=draw(st.none() | st.integers(0, 100)),
    )


def _any_values(draw: st.DrawFn, name: str, cadence: Cadence) -> list[dict[str, Any]]:
    first = period_end(cadence, draw(DAYS))
    last = period_end(cadence, first + timedelta(days=draw(st.integers(0, 300))))
    ends = ends_between(cadence, first, last)
    kept = draw(st.lists(st.sampled_from(ends), unique=True, max_size=12))
    return [
        {"kpi": name, "period": end, "planned": draw(FIGURES), "actual": draw(FIGURES)}
        for end in kept
    ]
