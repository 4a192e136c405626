"""How often the intervals held what came, on published figures: `python -m tests.forecasting.backtest`.

From every sixth month with at least 12 figures behind it, each KPI is forecast 1, 3, 6 and 12 months
ahead of what was known then; the model is chosen anew each time, so nothing that came later is used.
"""

import csv
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from govern.domain.period import Cadence, numbered_end, period_number
from govern.forecasting.forecast import forecast
from govern.forecasting.history import CompletesBy, History
from tests.published import published

AHEAD = (1, 3, 6, 12)
FIRST = 12


@dataclass
class Held:
    """Over so many forecasts: how many intervals of 80 % and of 95 % held, and how often the forecast
    was nearer than the last figure was, or as near."""

    forecasts: int = 0
    narrow: int = 0
    wide: int = 0
    nearer: int = 0


def held(folder: Path, every: int = 6) -> dict[int, Held]:
    """Months ahead → what held."""
    actual, planned = _values(folder)
    found = {ahead: Held() for ahead in AHEAD}
    for kpi, values in sorted(actual.items()):
        days = sorted(values)
        for last in range(FIRST - 1, len(days), every):
            known = tuple((day, values[day]) for day in days[: last + 1])
            number = period_number(Cadence.MONTHLY, days[last])
            for ahead in AHEAD:
                on = numbered_end(Cadence.MONTHLY, number + ahead)
                if on in values:
                    plan = tuple(sorted(planned[kpi].items()))
                    made = History(
                        *(Cadence.MONTHLY, known, plan),
                        completes_on=on,
                        completes_by=CompletesBy.TARGET,
                    )
                    _count(found[ahead], made, values[on])
    return found


def _count(held: Held, made: History, came: Decimal) -> None:
    told = forecast(made)
    assert told.value is not None, told.why
    narrow, wide = told.ranges
    assert narrow.low is not None
    assert narrow.high is not None
    assert wide.low is not None
    assert wide.high is not None
    held.forecasts += 1
    held.narrow += narrow.low <= came <= narrow.high
    held.wide += wide.low <= came <= wide.high
    held.nearer += abs(told.value - came) <= abs(made.actual[-1][1] - came)


def _values(
    folder: Path,
) -> tuple[dict[str, dict[date, Decimal]], dict[str, dict[date, Decimal]]]:
    actual: dict[str, dict[date, Decimal]] = defaultdict(dict)
    planned: dict[str, dict[date, Decimal]] = defaultdict(dict)
    with (folder / "readings.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for name, values in (("actual", actual), ("planned", planned)):
                if row[name]:
                    values[row["kpi_id"]][date.fromisoformat(row["period_end"])] = Decimal(
                        row[name]
                    )
    return actual, planned


def main() -> None:
    rows = [
        "| months ahead | forecasts | held by 80 % | held by 95 % | as near as the last, or nearer |"
    ]
    for ahead, each in held(published("mta_perf")).items():
        shares = (each.narrow, each.wide, each.nearer)
        told = " | ".join(f"{share / each.forecasts:.0%}" for share in shares)
        rows.append(f"| {ahead} | {each.forecasts} | {told} |")
    sys.stdout.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
