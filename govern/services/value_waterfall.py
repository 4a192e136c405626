"""From what was promised to what is forecast, by category: the bars of each waterfall add up.

Of the KPIs of one currency and kind of amount that are counted:

- `promised` is the sum of their promises, as far as these are known;
- each category changes it by what its KPIs are forecast to miss or exceed: the sum of their forecasts less
  the sum of their promises, of those of which both are known;
- `without_forecast` takes away the promises of those that nobody can forecast;
- `without_promise` adds the forecasts of those that promised nothing that is known;
- `forecast` is then the sum of all forecasts that are known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from govern.domain.measures import CONTEXT
from govern.domain.record import Record
from govern.services.reports import derived, section, source
from govern.services.value_totals import rows_of


@dataclass(frozen=True, slots=True)
class _Row:
    pointer: str
    kpi: str
    name: str
    project: str
    category: str
    kind: tuple[str, str]
    promised: Decimal | None
    forecast: Decimal | None


def waterfalls(rolled: Record, query: str) -> Record:
    rows = sorted(
        (
            _Row(
                pointer,
                row["kpi"],
                row["name"],
                place["project"],
                place["category"] or "",
                (row["currency"], row["per"]),
                row["promised"]["value"],
                row["forecast"]["value"],
            )
            for pointer, row, place in rows_of(rolled)
            if row["currency"] is not None and not row["counted_in"]
        ),
        key=lambda each: (each.kind, each.category, each.project, each.kpi),
    )
    told: list[Record] = []
    figures: dict[str, str] = {}
    rules: list[Record] = []
    for kind, members in groupby(rows, lambda each: each.kind):
        at = f"/waterfalls/{len(told)}"
        some = [*members]
        told.append(_waterfall(kind, some, at, rules))
        for nth, each in enumerate(some):
            for name in ("promised", "forecast"):
                figures[f"{at}/kpis/{nth}/{name}"] = f"{each.pointer}/{name}/value"
    return section(
        "waterfall",
        "From promise to forecast",
        {"waterfalls": told},
        [source(query, figures)] if figures else [],
        derived=rules,
        note="Each category changes the promise by what its KPIs are forecast to exceed or to miss, of "
        "those of which both are known.",
    )


def _waterfall(kind: tuple[str, str], rows: Sequence[_Row], at: str, rules: list[Record]) -> Record:
    known = [
        {
            "kpi": each.kpi,
            "name": each.name,
            "project": each.project,
            "category": each.category or None,
            "promised": each.promised,
            "forecast": each.forecast,
        }
        for each in rows
    ]

    def paths(name: str, which: Sequence[int]) -> list[str]:
        return [f"{at}/kpis/{nth}/{name}" for nth in which]

    def those(promised: bool, forecast: bool) -> list[int]:
        return [
            nth
            for nth, each in enumerate(rows)
            if (each.promised is not None) is promised and (each.forecast is not None) is forecast
        ]

    both = those(True, True)
    steps: list[Record] = []

    def step(label: str, name: str, value: Decimal, total: bool = False) -> None:
        steps.append({"name": name, "label": label, "value": value, "total": total})

    def says(function: str, *of: str) -> None:
        rules.append(derived(f"{at}/steps/{len(steps)}/value", function, *of))

    promised = paths("promised", [*both, *those(True, False)])
    says("sum", *promised)
    step("promised", "promised", _added(rows, "promised"), total=True)
    categories: list[Record] = []
    for name, inside in groupby(both, lambda nth: rows[nth].category):
        which = [*inside]
        place = f"{at}/categories/{len(categories)}"
        sums = {
            measure: _added([rows[nth] for nth in which], measure)
            for measure in ("promised", "forecast")
        }
        for measure in sums:
            rules.append(derived(f"{place}/{measure}", "sum", *paths(measure, which)))
        categories.append({"category": name or None, **sums})
        says("difference", f"{place}/forecast", f"{place}/promised")
        step(
            name or "no category", "category", CONTEXT.subtract(sums["forecast"], sums["promised"])
        )
    lacking = those(True, False)
    if lacking:
        says("negated", *paths("promised", lacking))
        gone = _added([rows[nth] for nth in lacking], "promised")
        step("promised, and no forecast is known", "without_forecast", -gone)
    surplus = those(False, True)
    if surplus:
        says("sum", *paths("forecast", surplus))
        step(
            "forecast, and no promise is known",
            "without_promise",
            _added([rows[nth] for nth in surplus], "forecast"),
        )
    says("sum", *[f"{at}/steps/{nth}/value" for nth in range(len(steps))])
    step("forecast", "forecast", _added(rows, "forecast"), total=True)
    return {
        "currency": kind[0],
        "per": kind[1],
        "steps": steps,
        "categories": categories,
        "kpis": known,
    }


def _added(rows: Sequence[_Row], name: str) -> Decimal:
    total = Decimal(0)
    for each in rows:
        value = each.promised if name == "promised" else each.forecast
        total = CONTEXT.add(total, value or Decimal(0))
    return total
