"""The functions of the language: how each is written, what it gives, and how a call is checked.

A function that is added here also needs its two readings, in `history_columns` and
`history_values` or their like; a test holds the lists together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from govern.language import calls, past, tree
from govern.language.context import Context
from govern.language.meaning import Meaning


@dataclass(frozen=True, slots=True)
class Function:
    """`most` is `None` where any number of arguments is possible. `scopes`: where it can be used,
    everywhere if empty."""

    name: str
    usage: str
    doc: str
    check: Callable[[Context, tree.Call], Meaning | None]
    least: int = 1
    most: int | None = 1
    scopes: tuple[str, ...] = ()


_ALL: Final = (
    Function(
        "trend",
        "trend(n)",
        'the last n actuals: "rising" if no step is bad and one is good for the KPI\'s direction, '
        '"falling" if no step is good and one is bad, else "flat"',
        past.trend,
        scopes=("kpi",),
    ),
    Function(
        "change",
        "change(n)",
        "the actual against that of n periods ago, as a share of it; positive is good",
        past.change,
        scopes=("kpi",),
    ),
    Function(
        "previous",
        "previous(x, n)",
        "x as it was n periods before",
        past.previous,
        2,
        2,
        ("kpi", "project"),
    ),
    Function(
        "streak",
        "streak(condition)",
        "how many periods in a row, up to this one, the condition has held; a period in which it "
        "is unknown neither counts nor breaks the row",
        past.streak,
        scopes=("kpi", "project"),
    ),
    Function(
        "forecast",
        "forecast(n)",
        "the attainment n periods ahead, on the straight line through the last 6; unknown where "
        "fewer than 3 of them are known",
        past.forecast,
        scopes=("kpi",),
    ),
    Function(
        "average",
        "average(x, n)",
        "the mean of x in the last n periods",
        past.average,
        2,
        2,
        ("kpi", "project"),
    ),
    Function(
        "volatility",
        "volatility(x, n)",
        "how far x is from its mean in the last n periods: their (population) standard deviation",
        past.volatility,
        2,
        2,
        ("kpi", "project"),
    ),
    Function("count", "count(list)", "how many elements a list has", calls.count),
    Function("sum", "sum(list)", "the sum of numbers", calls.aggregate, 1, None),
    Function("mean", "mean(list)", "the mean of numbers", calls.aggregate, 1, None),
    Function(
        "median",
        "median(list)",
        "the middle number, or the mean of the two in the middle",
        calls.aggregate,
        1,
        None,
    ),
    Function("min", "min(list)", "the smallest number or earliest date", calls.aggregate, 1, None),
    Function("max", "max(list)", "the largest number or latest date", calls.aggregate, 1, None),
    Function("any", "any(list)", "whether one of the truth values is true", calls.some, 1, None),
    Function("all", "all(list)", "whether every truth value is true", calls.every, 1, None),
    Function("not", "not(condition)", "true if the condition is false", calls.negate),
    Function("abs", "abs(x)", "the number without its sign", calls.absolute),
    Function(
        "round",
        "round(x, places)",
        "the number to so many decimal places (none if left out), half away from zero",
        calls.rounded,
        1,
        2,
    ),
    Function("year", "year(date)", "the year of the date", calls.calendar),
    Function("month", "month(date)", "its month, 1 to 12", calls.calendar),
    Function("day", "day(date)", "its day of the month", calls.calendar),
    Function("weekday", "weekday(date)", "1 on a Monday to 7 on a Sunday", calls.calendar),
    Function("end_of_month", "end_of_month(date)", "the last day of its month", calls.calendar),
    Function(
        "add_months",
        "add_months(date, n)",
        "the same day n months later, or the month's last day where it has no such day",
        calls.calendar,
        2,
        2,
    ),
    Function(
        "working_days",
        "working_days(from, to)",
        "how many days from Monday to Friday there are after the first date, up to the second",
        calls.calendar,
        2,
        2,
    ),
    Function(
        "add_working_days",
        "add_working_days(date, n)",
        "the nth working day after the date, or before it where n is negative",
        calls.calendar,
        2,
        2,
    ),
)

FUNCTIONS: Final[Mapping[str, Function]] = {function.name: function for function in _ALL}
