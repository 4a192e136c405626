"""A sparkline: how one KPI went against its plan, as small as a line of text.

Written by hand, since a page can hold hundreds: no drawing library is loaded for it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from govern.reports import shown
from govern.reports.charts.palette import PLANNED, REALISED, Look, themed

WIDTH, HEIGHT, EDGE = 120.0, 28.0, 4.0
"""Pixels."""


def sparkline(label: str, points: Sequence[Mapping[str, Any]], unit: str = "") -> Markup:
    """`points` in order of time: `day`, `planned`, `actual` as plain numbers or None. What is unknown is
    a gap. Planned is dashed; the last figure has a dot."""
    lines = {name: _known(points, name) for name in ("planned", "actual")}
    place = _Place.of(points, lines)
    drawn = Markup("").join(
        _line(runs, look, place)
        for runs, look in ((lines["planned"], PLANNED), (lines["actual"], REALISED))
    )
    return Markup(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img">'
        "<title>{}</title>{}</svg>"
    ).format(*(f"{each:.0f}" for each in (WIDTH, HEIGHT) * 2), _says(label, points, unit), drawn)


Runs = Sequence[Sequence[tuple[date, Decimal]]]
"""Pieces of a line, between gaps."""


def _known(points: Sequence[Mapping[str, Any]], name: str) -> Runs:
    runs: list[list[tuple[date, Decimal]]] = [[]]
    for each in points:
        value = shown.decimal(each.get(name))
        if value is not None:
            runs[-1].append((date.fromisoformat(str(each["day"])), value))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


class _Place:
    """Where a day and a value stand in the drawing."""

    def __init__(self, days: tuple[date, date], values: tuple[Decimal, Decimal]) -> None:
        self._first = days[0]
        self._days = (days[1] - days[0]).days or 1
        self._low = values[0]
        self._span = values[1] - values[0] or Decimal(1)

    @classmethod
    def of(cls, points: Sequence[Mapping[str, Any]], lines: Mapping[str, Runs]) -> "_Place":
        values = [value for runs in lines.values() for run in runs for _, value in run]
        days = [date.fromisoformat(str(each["day"])) for each in points]
        if not values:
            return cls((date.min, date.min), (Decimal(0), Decimal(0)))
        return cls((min(days), max(days)), (min(values), max(values)))

    def __call__(self, day: date, value: Decimal) -> str:
        across = EDGE + (WIDTH - 2 * EDGE) * (day - self._first).days / self._days
        up = float((value - self._low) / self._span)
        return f"{across:.1f},{HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * up:.1f}"


def _line(runs: Runs, look: Look, place: _Place) -> Markup:
    pieces = [" ".join(place(*each) for each in run) for run in runs]
    rules = themed(f"fill: none; stroke: {look.colour}; stroke-width: 1.6")
    if look.dashes:
        rules += "; stroke-dasharray: " + " ".join(f"{each:g}" for each in look.dashes)
    drawn = Markup("").join(
        Markup('<polyline points="{}" style="{}"/>').format(each, rules) for each in pieces
    )
    # A point between two gaps is no line, and would not be seen.
    dots = [(run[0], 1.2) for run in runs if len(run) == 1]
    if runs and look.marker:
        dots.append((runs[-1][-1], 2.4))
    for point, radius in dots:
        x, _, y = place(*point).partition(",")
        drawn += Markup('<circle cx="{}" cy="{}" r="{}" style="{}"/>').format(
            x, y, radius, themed(f"fill: {look.colour}")
        )
    return drawn


def _says(label: str, points: Sequence[Mapping[str, Any]], unit: str) -> str:
    last = next((each for each in reversed(points) if each.get("actual") is not None), None)
    if last is None:
        return f"{label}: no figure is known"
    of = f", planned {shown.number(last['planned'])}" if last.get("planned") is not None else ""
    told = " ".join(filter(None, [shown.number(last["actual"]), unit]))
    return f"{label}: {told}{of}, by {shown.day(last['day'])}"
