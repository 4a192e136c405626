"""The plain reading of operators and functions, in Decimal; `None` is unknown."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from operator import eq, ge, gt, le, lt, ne

from govern.language.meaning import Value
from govern.language.numbers import CONTEXT, product, quotient, rounded, settled, sum_of_two, total

_OPERATORS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_EMPTY: dict[str, Value] = {"count": Decimal(0), "any": False, "all": True}


def both(values: Sequence[Value]) -> Value:
    """Kleene's and."""
    if False in values:
        return False
    return None if None in values else True


def either(values: Sequence[Value]) -> Value:
    """Kleene's or."""
    if True in values:
        return True
    return None if None in values else False


def compared(operator: str, left: Value, right: Value) -> Value:
    return None if left is None or right is None else bool(_OPERATORS[operator](left, right))


def computed(operator: str, left: Value, right: Value) -> Value:
    """Arithmetic on two numbers."""
    if not isinstance(left, Decimal) or not isinstance(right, Decimal):
        return None
    if operator == "+":
        return sum_of_two(left, right)
    if operator == "-":
        return sum_of_two(left, -right)
    return product(left, right) if operator == "*" else quotient(left, right)


def days(until: Value, since: Value) -> Value:
    if isinstance(until, date) and isinstance(since, date):
        return Decimal((until - since).days)
    return None


def moved(day: Value, by: Value, *, back: bool) -> Value:
    """The date `by` days later or earlier; `None` outside the years 1 to 9999."""
    if not isinstance(day, date) or not isinstance(by, Decimal):
        return None
    try:
        whole = (-by if back else by).to_integral_value(ROUND_FLOOR)
        return day + timedelta(days=int(whole))
    except OverflowError:
        return None


def picked(tests: Sequence[Value], values: Sequence[Value], groups: Sequence[int]) -> Value:
    """The value beside the first true test; unknown where true tests are of several groups."""
    true = [at for at, test in enumerate(tests) if test is True]
    return values[true[0]] if true and len({groups[at] for at in true}) == 1 else None


def collected(tests: Sequence[Value], values: Sequence[Value]) -> Value:
    """The values beside all true tests, without missing ones."""
    beside = zip(tests, values, strict=True)
    return tuple(value for test, value in beside if test is True and value is not None)


def applied(function: str, operand: Value, places: int) -> Value:
    if not isinstance(operand, Decimal):
        return None
    return abs(operand) if function == "abs" else rounded(operand, places)


def aggregated(function: str, values: Sequence[Value]) -> Value:  # noqa: PLR0911 - one a function
    """An aggregate of a list's values."""
    if not values and function in _EMPTY:
        return _EMPTY[function]
    if function == "count":
        return Decimal(len(values))
    if function == "any":
        return either(values)
    if function == "all":
        return both(values)
    if not values or None in values:
        return None
    days_ = [value for value in values if isinstance(value, date)]
    if days_:
        return min(days_) if function == "min" else max(days_)
    return _of_numbers(function, [value for value in values if isinstance(value, Decimal)])


def _of_numbers(function: str, numbers: list[Decimal]) -> Value:
    if function == "min":
        return min(numbers)
    if function == "max":
        return max(numbers)
    if function == "median":
        ordered = sorted(numbers)
        middle = len(ordered) // 2
        pair = CONTEXT.add(ordered[middle], ordered[-1 - middle])
        return settled(CONTEXT.divide(pair, Decimal(2)))
    return total(numbers) if function == "sum" else total(numbers, len(numbers))
