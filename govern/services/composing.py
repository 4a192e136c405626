"""How the values of a composite KPI came about: period by period, with those of its inputs."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from sqlalchemy import Connection

from govern.composites.compute import Worked
from govern.composites.formula import column_of
from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.role import Permission
from govern.language.explain import Explanation, explain, shown
from govern.language.row_place import plain_value
from govern.services.access import kpi_for
from govern.services.observing import load_computed
from govern.services.runtime import Runtime
from govern.store import compositions, projects


def list_computed(runtime: Runtime, actor: Actor, kpi_id: str) -> Record:
    """The computed values of a composite KPI: `kpi`, `formula`, `inputs` and `items`, each a `period`
    with `actual`, `planned`, whether it is `validated`, how sure it is, the `inputs`' actuals, and the
    `parts` that the formula was worked out by.

    An input of a project that the actor may not see is told without its figures. Raises InvalidInput
    for a KPI without a formula, NotFound.
    """
    with runtime.store.reading() as connection:
        kpi, project = kpi_for(connection, actor, kpi_id)
        if kpi["formula"] is None:
            raise InvalidInput(
                f"KPI '{kpi_id}' is reported, not computed.",
                errors={"kpi": ["one that has a formula; read its readings instead"]},
            )
        computed = load_computed(connection, kpi_id, project["id"])
        seen = _seen(connection, actor, kpi)
    values = computed.tables.values.filter(pl.col("kpi") == kpi_id)
    by_period: dict[date, dict[str, Any]] = {row["period"]: row for row in values.to_dicts()}
    worked = computed.worked.get(kpi_id)
    how = {} if worked is None else _worked(worked, kpi, seen)
    return {
        "kpi": kpi_id,
        "formula": kpi["formula"],
        "inputs": [
            {"name": name, "kpi": input_id, "visible": seen[input_id]}
            for name, input_id in sorted(kpi["inputs"].items())
        ],
        "items": [
            _told(period, by_period.get(period, {}), how.get(period))
            for period in sorted(by_period.keys() | how.keys())
        ],
    }


def _seen(connection: Connection, actor: Actor, kpi: Record) -> dict[str, bool]:
    """Input KPI → whether the actor may see its project."""
    found = compositions.of(connection, kpi["inputs"].values())
    seen: dict[str, bool] = {}
    for input_id in kpi["inputs"].values():
        project = (
            projects.find(connection, found[input_id]["project"]) if input_id in found else None
        )
        seen[input_id] = project is not None and actor.may(
            Permission.READ, project["portfolio"], project["id"]
        )
    return seen


def _worked(worked: Worked, kpi: Record, seen: dict[str, bool]) -> dict[date, Record]:
    """Period → the inputs' actuals and the parts of the formula."""
    frame = worked.rows.inputs
    own = frame.filter(pl.col("kpi") == kpi["id"])
    whole = all(seen.values())
    found: dict[date, Record] = {}
    for row in own.to_dicts():
        told = explain(worked.checked, worked.rows.as_frames(), row["row"]) if whole else None
        found[row["period"]] = {
            "inputs": [
                {
                    "name": name,
                    "kpi": input_id,
                    "actual": plain_value(row[column_of(name)]) if seen[input_id] else None,
                }
                for name, input_id in sorted(kpi["inputs"].items())
            ],
            "parts": None if told is None else _parts(told),
        }
    return found


def _told(period: date, value: dict[str, Any], how: Record | None) -> Record:
    return {
        "period": period,
        "actual": _number(value.get("actual")),
        "planned": _number(value.get("planned")),
        "validated": value.get("validated"),
        "confidence": value.get("confidence"),
        "inputs": [] if how is None else how["inputs"],
        "parts": None if how is None else how["parts"],
    }


def _number(value: float | None) -> Decimal | None:
    found = plain_value(value)
    return found if isinstance(found, Decimal) else None


def _parts(explanation: Explanation) -> Record:
    value = None if explanation.value is None else shown(explanation.value)
    return {
        "text": explanation.text,
        "value": value,
        "parts": [_parts(child) for child in explanation.children],
    }
