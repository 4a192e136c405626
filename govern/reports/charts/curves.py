"""Curves over time: what was planned and realised, and the forecast with its interval."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, nan
from typing import Any

from markupsafe import Markup

from govern.reports import shown
from govern.reports.charts.canvas import Figure, drawing, framed
from govern.reports.charts.palette import FORECAST, INK, LINE, LOOKS, PAPER, SOFT, Look
from govern.reports.charts.table import table

SERIES = ("planned", "realised", "forecast")
HEIGHT = 3.4
_NEARLY = 0.12
"""A curve that ends within this share of the width from the last one is named beside it."""


def curves(
    caption: str,
    points: Sequence[Mapping[str, Any]],
    unit: str = "",
    at: str | None = None,
    under: str = "",
    marks: Sequence[Mapping[str, Any]] = (),
    *,
    levels: Sequence[Mapping[str, Any]] = (),
    was: Sequence[Mapping[str, Any]] = (),
    bare: bool = False,
) -> Markup:
    """`points` in order of time: `day`, and `planned`, `realised`, `forecast`, `low`, `high` as plain
    numbers or None. `at` is the day of the report; `marks` (`day`, `label`) are what happened.

    `levels` (`label`, and `points` with `day` and `value`) are thresholds; `was` (`day`, `value`) is
    where figures stood before they were corrected. `bare`: the page has the table of its own."""
    told = [_last(name, points, unit) for name in SERIES]
    told += [f"threshold {each['label']}" for each in levels]
    told += [
        f"corrected: {shown.day(each['day'])}, was {shown.number(each['value'])}" for each in was
    ]
    says = ". ".join(filter(None, told))

    def draw(figure: Figure) -> None:
        axes = paint(figure, points, unit, at, marks)
        paint_beside(axes, levels, was)

    svg = drawing(caption, f"{says}.", HEIGHT, draw)
    if bare:
        return framed(caption, under, svg, Markup(""))
    columns = ["to", "planned", "realised", "forecast", "80 % from", "80 % to"]
    rows = [
        (
            shown.day(each["day"]),
            *(_told(name, each, at) for name in (*SERIES, "low", "high")),
        )
        for each in points
    ]
    return framed(caption, under, svg, _table(columns, rows))


def paint(
    figure: Figure,
    points: Sequence[Mapping[str, Any]],
    unit: str,
    at: str | None,
    marks: Sequence[Mapping[str, Any]] = (),
) -> Any:
    axes = figure.add_subplot()
    band = [
        (_day(each), float(each["low"]), float(each["high"]))
        for each in points
        if each.get("low") is not None and each.get("high") is not None
    ]
    if band:
        days, low, high = zip(*band, strict=True)
        axes.fill_between(days, low, high, facecolor=FORECAST.fill, linewidth=0, alpha=0.6)
        for end in (low, high):
            axes.plot(days, end, color=FORECAST.colour, linewidth=0.6, dashes=(1, 2))
    ends: list[tuple[float, str, Look, date]] = []
    for name in SERIES:
        drawn = _between_ends([(_day(each), each.get(name)) for each in points])
        if drawn:
            line(axes, drawn, LOOKS[name])
            ends.append((drawn[-1][1], name, LOOKS[name], drawn[-1][0]))
    _name_ends(axes, ends)
    if at is not None:
        axes.axvline(date.fromisoformat(at), color=SOFT, linewidth=0.8, dashes=(2, 2))
        axes.annotate(
            shown.day(at),
            (date.fromisoformat(at), 1),
            xycoords=("data", "axes fraction"),
            xytext=(-3, -2),
            textcoords="offset points",
            va="top",
            ha="right",
            color=SOFT,
            fontsize=8,
        )
    for mark in marks:
        moment = date.fromisoformat(mark["day"])
        axes.axvline(moment, color=INK, linewidth=0.8)
        axes.annotate(
            str(mark["label"]),
            (moment, 0.03),
            xycoords=("data", "axes fraction"),
            xytext=(3, 0),
            textcoords="offset points",
            rotation=90,
            va="bottom",
            fontsize=8,
            color=INK,
        )
    axes.yaxis.set_major_formatter(shown.tick)
    axes.grid(axis="y", color=LINE, linewidth=0.4)
    axes.set_axisbelow(True)
    axes.set_ylabel(unit)
    axes.margins(x=0.02)
    ticked(axes, [_day(each) for each in points if each["day"] != at] or [_day(points[0])], 8)
    axes.axhline(0, color=SOFT, linewidth=0.6)
    return axes


def paint_beside(
    axes: Any, levels: Sequence[Mapping[str, Any]], was: Sequence[Mapping[str, Any]]
) -> None:
    """Thresholds as thin lines with their names at their beginnings; what was corrected as a cross."""
    for nth, each in enumerate(levels):
        known = [(_day(one), float(one["value"])) for one in each["points"]]
        if not known:
            continue
        days, values = zip(*known, strict=True)
        axes.plot(days, values, color=INK, linewidth=0.8, dashes=(6, 2, 1, 2))
        axes.annotate(
            str(each["label"]),
            # One further along than the other, as they may lie close together.
            known[(len(known) - 1) * (9 - nth % 5) // 10],
            xytext=(0, 0),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=7,
            color=INK,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8},
        )
    if was:
        days, values = zip(*((_day(one), float(one["value"])) for one in was), strict=True)
        axes.plot(days, values, linestyle="", marker="x", markersize=7, color=INK)
        axes.annotate(
            "first reported",
            (days[-1], values[-1]),
            xytext=(6, 4),
            textcoords="offset points",
            fontsize=7.5,
            color=INK,
        )


def line(axes: Any, known: Sequence[tuple[date, float]], look: Look) -> None:
    days, values = zip(*known, strict=True)
    axes.plot(
        days,
        values,
        color=look.colour,
        linewidth=1.8,
        dashes=look.dashes or (None, None),
        marker=look.marker or None,
        markersize=3.2,
    )


def _between_ends(values: Sequence[tuple[date, Any]]) -> list[tuple[date, float]]:
    """From the first to the last that is known; what is unknown in between is a gap."""
    known = [at for at, (_, value) in enumerate(values) if value is not None]
    if not known:
        return []
    return [
        (day, nan if value is None else float(value))
        for day, value in values[known[0] : known[-1] + 1]
    ]


def _name_ends(axes: Any, ends: Sequence[tuple[float, str, Look, date]]) -> None:
    """Each curve's name: right of those that end last or nearly so, one above the other where they end
    close together, and below those that end before."""
    if not ends:
        return
    low, high = axes.get_ylim()
    gap = (high - low) * 0.065
    latest = max(day for *_, day in ends)
    first, end = axes.get_xlim()
    nearly = latest - timedelta(days=(end - first) * _NEARLY)
    last: float | None = None
    for value, name, look, day in sorted(ends, key=lambda each: (each[0], each[1])):
        height = value
        if day >= nearly:
            height = value if last is None else max(value, last + gap)
            last = height
        axes.annotate(
            f"{name} {shown.compact(Decimal(repr(value)))}",
            (latest if day >= nearly else day, height),
            xytext=(6, 0) if day >= nearly else (6, -10),
            textcoords="offset points",
            va="center",
            color=look.colour,
            fontweight="bold",
            fontsize=8.5,
            annotation_clip=False,
        )


def _table(columns: list[str], rows: list[tuple[Any, ...]]) -> Markup:
    """Without the columns that have nothing."""
    used = [0] + [at for at in range(1, len(columns)) if any(row[at] != "" for row in rows)]
    return table([columns[at] for at in used], [[row[at] for at in used] for row in rows])


def _told(name: str, point: Mapping[str, Any], at: str | None) -> Any:
    """Blank where there cannot be one: nothing is realised after the day, and nothing forecast before."""
    value = point.get(name)
    if value is not None or at is None:
        return value
    past = point["day"] < at
    return (
        ""
        if (past and name not in ("planned", "realised")) or (name == "realised" and not past)
        else None
    )


def _day(point: Mapping[str, Any]) -> date:
    return date.fromisoformat(point["day"])


def _last(name: str, points: Sequence[Mapping[str, Any]], unit: str) -> str:
    known = [each for each in points if each.get(name) is not None]
    if not known:
        return ""
    end = known[-1]
    told = f"{name}: {shown.number(end[name])} {unit} by {shown.day(end['day'])}"
    if name == "forecast" and end.get("low") is not None:
        told += f", with 80 % from {shown.number(end['low'])} to {shown.number(end['high'])}"
    return told


def ticked(axes: Any, days: Sequence[date], most: int) -> None:
    """At most so many of the days stand below the chart, by their months."""
    step = max(1, ceil(len(days) / most))
    shown_days = days[::step]
    axes.set_xticks(shown_days, [f"{each:%b %Y}" for each in shown_days])
