"""Sums of value as tiles: what is known, and beside it what is unknown, by name."""

from collections.abc import Iterable, Mapping

from govern.domain.record import Record
from govern.services.forecast_worker import PENDING
from govern.services.value_totals import MEASURES, rows_of
from govern.web.pages.project_shown import kpi_path

TITLES: Mapping[str, str] = {
    "promised": "Promised",
    "planned": "Planned to date",
    "realised": "Realised",
    "forecast": "Forecast at completion",
}


def tiles(totals: Record) -> list[Record]:
    """One group for each currency and kind of amount (`currency`, `per`), each with a tile for a measure:
    its `value`, None where nothing of it is known, and the `unknown` KPIs that are not in it."""
    return [
        {
            "currency": group["currency"],
            "per": group["per"],
            "attainment": group["attainment"],
            "compared": group["compared"],
            "tiles": [
                {
                    "name": name,
                    "title": TITLES[name],
                    "value": group[name]["value"] if group[name]["known"] else None,
                    "known": group[name]["known"],
                    "unknown": [*group[name]["not_known"]],
                }
                for name in MEASURES
            ],
        }
        for group in totals["money"]
    ]


def pending(rolled: Record) -> int:
    """How many forecasts are being worked out."""
    return sum(
        PENDING in (row["forecast"]["why"], row["at_completion"]["why"])
        for _, row, _ in rows_of(rolled)
    )


def bars(rows: Iterable[Record], label: str) -> list[Record]:
    """Totals as the chart of grouped bars reads them; None where nothing is known."""
    return [
        {
            "label": each[label] or "no category",
            **{name: each[name]["value"] if each[name]["known"] else None for name in MEASURES},
        }
        for each in rows
    ]


def names(rolled: Record) -> dict[str, Record]:
    """KPI id → its `name`, its page (`to`), and for each measure `why` it is unknown."""
    return {
        row["kpi"]: {
            "name": row["name"],
            "to": kpi_path(place["project"], row["kpi"]),
            "why": {name: row[name]["why"] for name in MEASURES},
        }
        for _, row, place in rows_of(rolled)
    }
