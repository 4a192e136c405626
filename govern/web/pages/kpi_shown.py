"""What the page of a KPI shows: the points of its chart, the thresholds of the rules that read it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from govern.domain.measures import CONTEXT
from govern.domain.plain import plain
from govern.domain.record import Record
from govern.reports import shown
from govern.web.pages.table import Column, Kind, Table

MOST_DRAWN = 60
"""So many periods are drawn: the last that are known, and all that are forecast."""

MODELS: Mapping[str, str] = {
    "last value": "The last figure is carried on as it is.",
    "mean": "The mean of all figures is carried on.",
    "drift": "The figures go on as they went from the first to the last.",
    "plan x attainment": "The plan is followed, at the share of it that was attained so far.",
    "line": "A straight line through the figures is carried on.",
    "damped trend": "The trend of the last figures goes on and fades.",
}
"""What each model says will happen."""


def curve(course: Record) -> list[Record]:
    """The points as the chart of curves reads them: up to the last figure it is realised, from then on
    forecast, which begins where the figures end."""
    points: list[Record] = [
        {**each, "realised": each["actual"], "forecast": None, "low": None, "high": None}
        for each in course["points"]
    ][-MOST_DRAWN:]
    by_day: dict[Any, Record] = {each["day"]: each for each in points}
    path: Sequence[Record] = course["forecast"]["path"]
    last = next((each for each in reversed(points) if each["actual"] is not None), None)
    if path and last is not None:
        last |= dict.fromkeys(("forecast", "low", "high"), last["actual"])
    for step in path:
        at = by_day.setdefault(
            step["period"], {"day": step["period"], "planned": None, "realised": None}
        )
        at |= {"forecast": step["value"], "low": step["low"], "high": step["high"]}
    told = ("day", "planned", "realised", "forecast", "low", "high")
    ordered = sorted(by_day.values(), key=lambda each: each["day"])
    return [{name: plain(each.get(name)) for name in told} for each in ordered]


def thresholds(whys: Iterable[Record]) -> list[Record]:
    """What the rules that look at this KPI hold its attainment against: `share`, and the `rules`."""
    found: dict[Decimal, list[str]] = {}
    for why in whys:
        for share in _compared(why["conditions"]):
            rules = found.setdefault(share, [])
            if why["title"] not in rules:
                rules.append(why["title"])
    return [{"share": share, "rules": rules} for share, rules in sorted(found.items())]


def levels(course: Record, found: Iterable[Record]) -> list[Record]:
    """Thresholds of attainment as curves in the KPI's unit: that share of the way from the baseline to
    what is planned, period by period."""
    baseline = course["baseline"] or Decimal(0)
    lines: list[Record] = []
    for each in found:
        points = [
            {
                "day": plain(one["day"]),
                "value": plain(
                    CONTEXT.add(
                        baseline,
                        CONTEXT.multiply(each["share"], CONTEXT.subtract(one["planned"], baseline)),
                    )
                ),
            }
            for one in course["points"][-MOST_DRAWN:]
            if one["planned"] is not None
        ]
        lines.append({"label": f"{shown.percent(each['share'])} of plan", "points": points})
    return lines


def applying(whys: Iterable[Record]) -> list[Record]:
    """The rules that look at this KPI, those that fire first."""
    order = ("fires", "pending", "unknown", "silent")
    looking = [each for each in whys if _applies(each)]
    return sorted(looking, key=lambda each: (order.index(each["state"]), each["rule"]))


def rule_table(whys: Sequence[Record]) -> Table:
    rows = [
        {
            "title": each["title"],
            "to": f"/rules/{each['rule']}",
            "state": each["state"],
            "severity": each["severity"] if each["state"] == "fires" else None,
            "when": next(
                (one["text"] for one in each["conditions"] if one["name"] == "when"), None
            ),
            "sentence": each["sentence"],
        }
        for each in whys
    ]
    return Table(
        "rules",
        "Rules that read this KPI",
        (
            Column("title", "Rule", link="to"),
            Column("state", "Now", Kind.WORDS),
            Column("severity", "Severity", Kind.RAG, missing="does not fire"),
            Column("when", "Fires when"),
            Column("sentence", "What it says today"),
        ),
        rows,
        none="No rule in force looks at this KPI.",
    )


def figures_table(course: Record, drawn: Sequence[Record], corrections: Sequence[Record]) -> Table:
    corrected = {plain(each["period"]) for each in corrections}
    rows: list[dict[str, Any]] = [
        {
            "day": each["day"],
            **{name: _number(each[name]) for name in ("planned", "forecast", "low", "high")},
            "actual": _number(each["realised"]),
            "corrected": "corrected" if each["day"] in corrected else None,
        }
        for each in drawn
    ]
    last = course["last"]
    at = plain(last["day"]) if last else ""
    for row in rows:
        if row["day"] <= at:
            row |= {"forecast": None, "low": None, "high": None}
    return Table(
        "figures",
        "Figures",
        (
            Column("day", "Period to", Kind.DAY),
            Column("planned", "Planned", Kind.NUMBER),
            Column("actual", "Actual", Kind.NUMBER, missing="–"),
            Column("forecast", "Forecast", Kind.NUMBER, missing="–"),
            Column("low", "80 % from", Kind.NUMBER, missing="–"),
            Column("high", "80 % to", Kind.NUMBER, missing="–"),
            Column("corrected", "Corrected", missing="–"),
        ),
        rows,
        none="Nothing is planned or reported yet.",
    )


def correction_table(corrections: Sequence[Record]) -> Table:
    return Table(
        "corrections",
        "Corrections",
        (
            Column("period", "Period to", Kind.DAY),
            Column("was", "Reported", Kind.NUMBER, missing="taken back"),
            Column("reported_at", "On", Kind.MOMENT),
            Column("reported_by", "By"),
            Column("corrected_to", "Corrected to", Kind.NUMBER, missing="taken back"),
            Column("corrected_at", "On", Kind.MOMENT),
            Column("corrected_by", "By"),
            Column("reason", "Why", missing="no reason given"),
        ),
        corrections,
        none="No figure was corrected.",
    )


def _applies(why: Record) -> bool:
    return all(
        each["value"] == "true" for each in why["conditions"] if each["name"] == "applies_to"
    )


def _compared(parts: Iterable[Record]) -> Iterator[Decimal]:
    for each in parts:
        if each.get("name") == "applies_to":
            continue
        inner: Sequence[Record] = each["parts"]
        if len(inner) == 2 and inner[0]["text"] == "attainment":
            share = shown.decimal(inner[1]["value"])
            if share is not None:
                yield share
        yield from _compared(inner)


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
