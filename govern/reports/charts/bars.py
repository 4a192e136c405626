"""Grouped bars: a few measures for each of some names; and counts of things by name."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from govern.reports import shown
from govern.reports.charts.canvas import Figure, drawing, framed
from govern.reports.charts.palette import BLUE, INK, LINE, LOOKS, PALE, SOFT
from govern.reports.charts.table import table
from govern.reports.charts.texts import wrapped

MEASURES = ("promised", "planned", "realised", "forecast")


def grouped_bars(
    caption: str,
    rows: Sequence[Mapping[str, Any]],
    unit: str = "",
    under: str = "",
    *,
    bare: bool = False,
) -> Markup:
    """`rows`: `label`, and each of the measures as a plain number or None. `bare`: the page has the
    table of its own."""
    says = "; ".join(
        f"{each['label']}: " + ", ".join(f"{name} {shown.number(each[name])}" for name in MEASURES)
        for each in rows
    )
    svg = drawing(caption, f"{says}.", grouped_height(rows), lambda f: paint_grouped(f, rows, unit))
    listed = table(
        ["", *MEASURES], [(each["label"], *(each[name] for name in MEASURES)) for each in rows]
    )
    return framed(caption, under, svg, Markup("") if bare else listed)


def grouped_height(rows: Sequence[Mapping[str, Any]]) -> float:
    return 1.0 + 0.86 * len(rows)


def paint_grouped(figure: Figure, rows: Sequence[Mapping[str, Any]], unit: str) -> None:
    axes = figure.add_subplot()
    thick = 0.19
    values = [float(each[name]) for each in rows for name in MEASURES if each[name] is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    room = (high - low or 1.0) * 0.12
    for nth, name in enumerate(MEASURES):
        look = LOOKS[name]
        for at, each in enumerate(rows):
            where = at + (nth - 1.5) * (thick + 0.02)
            value = each[name]
            if value is not None:
                axes.barh(
                    where,
                    float(value),
                    height=thick,
                    color=look.fill,
                    hatch=look.hatch,
                    edgecolor=look.colour,
                    linewidth=0.8,
                    label=name if at == 0 else None,
                )
            axes.annotate(
                name + " " + (shown.compact(value) if value is not None else "unknown"),
                (max(float(value), 0.0) if value is not None else 0.0, where),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                fontsize=7.5,
                color=INK if value is not None else SOFT,
                style="normal" if value is not None else "italic",
            )
    axes.set_yticks(range(len(rows)), [wrapped(str(each["label"]), 22, 3) for each in rows])
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_xlim(low - (room if low < 0 else 0), high + 2 * room)
    axes.xaxis.set_major_formatter(shown.tick)
    axes.grid(axis="x", color=LINE, linewidth=0.4)
    axes.set_axisbelow(True)
    axes.set_xlabel(unit)
    axes.spines["left"].set_visible(False)


def counted_bars(
    caption: str, rows: Sequence[Mapping[str, Any]], unit: str = "", under: str = ""
) -> Markup:
    """`rows` in order: `label`, `value` (how many), `waiting` (how many of them wait) and `outside`:
    whether it stands beside the way."""
    says = "; ".join(f"{each['label']}: {each['value']}" for each in rows)
    svg = drawing(caption, f"{says}.", counted_height(rows), lambda f: paint_counted(f, rows, unit))
    listed = table(
        ["", unit or "number", "of them waiting"],
        [(each["label"], each["value"], each["waiting"]) for each in rows],
    )
    return framed(caption, under, svg, listed)


def counted_height(rows: Sequence[Mapping[str, Any]]) -> float:
    return 0.7 + 0.3 * len(rows)


def paint_counted(figure: Figure, rows: Sequence[Mapping[str, Any]], unit: str) -> None:
    axes = figure.add_subplot()
    for at, each in enumerate(rows):
        outside = bool(each["outside"])
        axes.barh(
            at,
            int(each["value"]),
            height=0.62,
            color=PALE if outside else BLUE,
            hatch="////" if outside else "",
            edgecolor=SOFT if outside else BLUE,
            linewidth=0.8,
        )
        if each["waiting"]:
            axes.barh(at, int(each["waiting"]), height=0.62, color=INK)
        axes.annotate(
            _counted(each),
            (int(each["value"]), at),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            fontweight="bold",
        )
    axes.set_yticks(range(len(rows)), [wrapped(str(each["label"]), 26) for each in rows])
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, max([1, *(int(each["value"]) for each in rows)]) * 1.15)
    axes.xaxis.set_major_locator(_whole())
    axes.set_xlabel(unit)
    axes.spines["left"].set_visible(False)


def _counted(row: Mapping[str, Any]) -> str:
    return f"{row['value']}, {row['waiting']} waiting" if row["waiting"] else str(row["value"])


def _whole() -> Any:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - loaded with the first chart

    return MaxNLocator(nbins=8, integer=True)
