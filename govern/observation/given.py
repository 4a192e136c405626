"""The observation frame of made-up projects, which the tests in files are run on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

import polars as pl

from govern.domain.given import Given, GivenKpi, kpi_names
from govern.domain.period import Cadence, ends_between, last_completed, numbered_end, period_number
from govern.observation.frame import Observations, observe
from govern.observation.tables import SCHEMAS, ObservationTables, table

PROJECT_DEFAULTS: Mapping[str, Any] = {"name": "Test project", "stage": "monitoring"}
KPI_DEFAULTS: Mapping[str, Any] = {
    "direction": "increase",
    "weight": Decimal(1),
    "cadence": Cadence.MONTHLY,
    "aggregation": "last",
    "cumulative": False,
    "disbenefit": False,
    "reporting_lag_days": 0,
    "scale": Decimal(1),
    "tolerance_in": "share",
}
"""What a test does not say. Everything else is missing."""

OF_VALUES = ("validated", "confidence", "original_planned")
"""What a test says of each period that has a value: once for all, or in a list with one for each."""


def _finest(kpis: tuple[GivenKpi, ...]) -> Cadence:
    order = list(Cadence)
    return min((_cadence(kpi) for kpi in kpis), key=order.index, default=Cadence.MONTHLY)


def _cadence(kpi: GivenKpi) -> Cadence:
    return Cadence(str(kpi.facts.get("cadence", Cadence.MONTHLY)))


def periods_of(test: Given) -> tuple[date, ...]:
    """The ends of the periods that a test is about."""
    return _periods(_finest(test.kpis), test.as_of, test.periods)


def _periods(cadence: Cadence, as_of: date, count: int) -> tuple[date, ...]:
    last = last_completed(cadence, as_of)
    first = numbered_end(cadence, period_number(cadence, last) - count + 1)
    return ends_between(cadence, first, last)


def observed(tests: Iterable[tuple[int, Given]], as_of: date) -> Observations:
    """The data of tests of one day, each as a project that has the number as its id."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    for number, test in tests:
        _add(rows, str(number), test)
    frames = {name: _frame(name, found) for name, found in rows.items()}
    return observe(ObservationTables(**frames), as_of)


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return table(name, [{key: _cell(value) for key, value in row.items()} for row in rows])


def _cell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple):
        return list(cast(tuple[Any, ...], value))
    return str(value) if isinstance(value, str) else value


def _add(rows: dict[str, list[dict[str, Any]]], project: str, test: Given) -> None:
    facts: dict[str, Any] = {**PROJECT_DEFAULTS, **test.project}
    days = facts.pop("days_in_stage", None)
    since = None if days is None else test.as_of - timedelta(days=days)
    rows["stages"].append({"project": project, "stage": facts.pop("stage"), "since": since})
    rows["projects"].append({"project": project, "portfolio": "test", **facts})
    ids: dict[str, str] = {}
    names = kpi_names(test.kpis)
    for name, kpi in zip(names, test.kpis, strict=True):
        ids[name] = kpi_id = f"{project}/{len(ids)}"
        own = {key: value for key, value in kpi.facts.items() if key not in ("kpi", *OF_VALUES)}
        given = {**KPI_DEFAULTS, **own, "name": name}
        rows["kpis"].append({"project": project, "kpi": kpi_id, **given})
        rows["values"].extend(_values(kpi, kpi_id, test))
    _add_elements(rows, project, test, ids)


def _values(kpi: GivenKpi, kpi_id: str, test: Given) -> Iterator[dict[str, Any]]:
    said = (kpi.planned, kpi.actual, *(kpi.facts.get(name) for name in OF_VALUES))
    lengths = [len(each) for each in said if isinstance(each, tuple)]
    count = max(lengths, default=test.periods)
    periods = _periods(_cadence(kpi), test.as_of, count)
    planned, actual = _series(kpi.planned, count), _series(kpi.actual, count)
    said = {name: _series(kpi.facts.get(name), count) for name in OF_VALUES}
    for at, (period, plan, report) in enumerate(zip(periods, planned, actual, strict=True)):
        if plan is not None or report is not None:
            of_period = {name: values[at] for name, values in said.items()}
            yield {"kpi": kpi_id, "period": period, "planned": plan, "actual": report, **of_period}


def _add_elements(
    rows: dict[str, list[dict[str, Any]]], project: str, test: Given, ids: dict[str, str]
) -> None:
    only = next(iter(ids), None) if len(ids) == 1 else None
    for place, given in enumerate(test.deliverables):
        facts: dict[str, Any] = {"name": f"Deliverable {place + 1}", "state": "planned", **given}
        contribution = facts.pop("contribution", None)
        served = facts.pop("serves", (only,) if only is not None else ())
        deliverable = f"{project}/{place}"
        rows["deliverables"].append({"project": project, "deliverable": deliverable, **facts})
        rows["serves"].extend(
            {"deliverable": deliverable, "kpi": ids[name], "contribution": contribution}
            for name in served
        )
    for place, given in enumerate(test.conditions):
        facts = {"text": f"Condition {place + 1}", "state": "open", **given}
        rows["conditions"].append({"project": project, "condition": f"{project}/{place}", **facts})
    for place, given in enumerate(test.recommendations):
        facts = {"status": "proposed", **given}
        rows["recommendations"].append(
            {"project": project, "recommendation": f"{project}/{place}", **facts}
        )


def _series(values: Any, length: int) -> list[Any]:
    """One value a period; a single value stands for all of them."""
    return list(cast("tuple[Any, ...]", values)) if isinstance(values, tuple) else [values] * length
