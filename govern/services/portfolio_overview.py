"""All projects that somebody may see, or one portfolio: value, how they stand, what waits, what is late."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from govern.domain.actor import Actor
from govern.domain.measures import CONTEXT
from govern.domain.record import Record
from govern.services.everything import everything
from govern.services.pipeline import pipeline
from govern.services.rating import rag_by_project
from govern.services.reporting import list_due
from govern.services.rollup import roll_up
from govern.services.runtime import Runtime
from govern.services.value_totals import MEASURES, rows_of
from govern.store import exchange_rates, portfolios, projects, recommendations

WORST_FIRST = ("red", "amber", "grey", None, "green")


def portfolio_names(runtime: Runtime, actor: Actor) -> dict[str, str]:
    """The portfolios of which somebody may see a project, each with its name, in order."""
    with runtime.store.reading() as connection:
        visible = set(projects.visible_ids(connection, actor))
        seen = {where for project, where in projects.portfolios(connection) if project in visible}
        found = {each: portfolios.find(connection, each) for each in sorted(seen)}
    return {each: each if row is None else row["name"] for each, row in found.items()}


def known_currencies(runtime: Runtime) -> list[str]:
    """The currencies that sums can be asked in."""
    with runtime.store.reading() as connection:
        return exchange_rates.currencies(connection)


def kpi_rows(rolled: Record) -> list[Record]:
    """Every KPI of a roll-up in one row: where it belongs, its measures (None where unknown, and `why`),
    and the KPIs that it is counted in instead of by itself."""
    return [
        {
            "kpi": row["kpi"],
            "name": row["name"],
            **place,
            "currency": row["currency"],
            "per": row["per"],
            "unit": row["unit"],
            **{name: row[name]["value"] for name in MEASURES},
            "attainment": row["attainment"]["value"],
            "at_completion": row["at_completion"]["value"],
            "why": {name: row[name]["why"] for name in (*MEASURES, "attainment", "at_completion")},
            "counted_in": row["counted_in"],
        }
        for _, row, place in rows_of(rolled)
    ]


def rag_matrix(rated: Record, rows: list[Record], projects: Sequence[Record]) -> Record:
    """`categories`, and for each of the projects (`project`, `name`, `stage`) the worst colour of its KPIs
    in each of them (`cells`; a category in which it has no KPI is not among them), those that stand worst
    first. What nobody has rated has no colour."""
    colours = {
        each["kpi"]: each["value"] for project in rated["projects"] for each in project["kpis"]
    }
    cells: dict[str, dict[str, list[str | None]]] = {}
    for row in rows:
        inside = cells.setdefault(row["project"], {})
        inside.setdefault(row["category"] or "", []).append(colours.get(row["kpi"]))
    found: list[Record] = []
    for each in projects:
        worst = {
            name: worst_first(values) for name, values in cells.get(each["project"], {}).items()
        }
        found.append(
            {
                **{name: each[name] for name in ("project", "name", "stage")},
                "worst": worst_first([*worst.values()]) if worst else None,
                "cells": worst,
            }
        )
    found.sort(key=lambda each: (WORST_FIRST.index(each["worst"]), each["project"]))
    return {"categories": sorted({each["category"] or "" for each in rows}), "projects": found}


def worst_first(values: list[str | None]) -> str | None:
    """The worst of some colours; not rated stands before green, as it may hide anything."""
    return min(values, key=WORST_FIRST.index)


def at_gates(way: Record, rows: list[Record]) -> list[Record]:
    """For each gate at which somebody waits: how many, the longest wait, how many are past their day, and
    the `stake`: what those projects promise by currency and kind of amount, with how many KPIs of theirs
    promise nothing that is known."""
    promised: dict[str, dict[tuple[str, str], Decimal]] = {}
    unknown: dict[str, int] = {}
    for row in rows:
        if row["currency"] is None or row["counted_in"]:
            continue
        if row["promised"] is None:
            unknown[row["project"]] = unknown.get(row["project"], 0) + 1
            continue
        sums = promised.setdefault(row["project"], {})
        kind = (row["currency"], row["per"])
        sums[kind] = CONTEXT.add(sums.get(kind, Decimal(0)), row["promised"])
    found: dict[str, Record] = {}
    for each in way["waiting"]:
        gate = found.setdefault(
            each["gate"],
            {
                **{"gate": each["gate"], "title": each["title"], "waiting": 0, "oldest": 0},
                **{"late": 0, "unknown": 0, "stake": {}},
            },
        )
        gate["waiting"] += 1
        gate["oldest"] = max(gate["oldest"], each["days_waiting"])
        gate["late"] += bool(each["days_over"])
        gate["unknown"] += unknown.get(each["project"], 0)
        _add(gate["stake"], promised.get(each["project"], {}))
    return [*found.values()]


def _add(sums: dict[tuple[str, str], Decimal], more: Mapping[tuple[str, str], Decimal]) -> None:
    for kind, value in more.items():
        sums[kind] = CONTEXT.add(sums.get(kind, Decimal(0)), value)


def overdue_readings(
    runtime: Runtime, actor: Actor, *, portfolio: str | None, now: datetime
) -> list[Record]:
    """The KPIs with a figure that is overdue, the longest first."""
    found = everything(lambda request: list_due(runtime, actor, request, overdue=True, now=now))
    with runtime.store.reading() as connection:
        where = dict(projects.portfolios(connection))
    inside = [each for each in found if portfolio in (None, where.get(each["project"]))]
    return sorted(inside, key=lambda each: (-each["overdue_days"], each["kpi"]))


def attention(
    matrix: Record, way: Record, overdue: list[Record], waiting: Mapping[str, int]
) -> list[Record]:
    """The projects that need it first: by the worst of their KPIs, then by what is late and what waits;
    each with `because`, sentences. Those of which nothing is to be said are not among them."""
    late: dict[str, int] = {}
    for each in overdue:
        late[each["project"]] = late.get(each["project"], 0) + 1
    past = {each["project"]: each for each in way["waiting"] if each["days_over"]}
    found: list[Record] = []
    for each in matrix["projects"]:
        because = _because(
            _count(each, "red"),
            past.get(each["project"]),
            late.get(each["project"], 0),
            waiting.get(each["project"], 0),
        )
        if because:
            found.append({**each, "because": because})
    found.sort(
        key=lambda each: (
            WORST_FIRST.index(each["worst"]),
            -_count(each, "red"),
            -len(each["because"]),
            each["project"],
        )
    )
    return found


def _because(red: int, gate: Record | None, late: int, waiting: int) -> list[str]:
    told = [
        f"{_many(red, 'category is', 'categories are')} red" if red else "",
        f"gate {gate['title']} is {_many(gate['days_over'], 'day', 'days')} past its day"
        if gate
        else "",
        f"{_many(late, 'KPI is', 'KPIs are')} not reported in time" if late else "",
        _many(waiting, "recommendation waits", "recommendations wait") if waiting else "",
    ]
    return [each for each in told if each]


def _count(row: Record, colour: str) -> int:
    return sum(each == colour for each in row["cells"].values())


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def portfolio_overview(
    runtime: Runtime,
    actor: Actor,
    *,
    portfolio: str | None = None,
    currency: str | None = None,
    within: float | None = None,
    now: datetime,
) -> Record:
    """All of the above, of one portfolio or of all that one may see; `within` as in a roll-up. Raises
    NotFound, InvalidInput."""
    rolled = roll_up(runtime, actor, portfolio=portfolio, currency=currency, within=within, now=now)
    rows = kpi_rows(rolled)
    way = pipeline(runtime, actor, portfolio=portfolio, now=now)
    rated = rag_by_project(runtime, actor, portfolio=portfolio, now=now)
    matrix = rag_matrix(rated, rows, way["projects"])
    late = overdue_readings(runtime, actor, portfolio=portfolio, now=now)
    with runtime.store.reading() as connection:
        waiting: dict[str, int] = {}
        for each in recommendations.all_open(connection, actor):
            waiting[each["project"]] = waiting.get(each["project"], 0) + 1
    return {
        "rolled": rolled,
        "kpis": rows,
        "matrix": matrix,
        "way": way,
        "gates": at_gates(way, rows),
        "overdue": late,
        "attention": attention(matrix, way, late, waiting),
    }
