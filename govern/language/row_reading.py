"""The plain reading of a condition at one row, in Decimal."""

from collections.abc import Iterator
from decimal import Decimal
from functools import singledispatch

from govern.language import date_values, history_values, row_values
from govern.language.frames import links_of
from govern.language.meaning import (
    Aggregate,
    Apply,
    Arithmetic,
    Calendar,
    Choose,
    Collect,
    Compare,
    Constant,
    Contains,
    Contribution,
    Days,
    Fold,
    History,
    IsNull,
    Length,
    Logic,
    Meaning,
    Members,
    Minus,
    Moved,
    Not,
    OneOf,
    Pick,
    Read,
    Value,
)
from govern.language.row_place import RowPlace, plain_value
from govern.language.running_columns import PREFIX


@singledispatch
def value_at(meaning: Meaning, place: RowPlace) -> Value:
    """What the meaning is at the place; `None` is unknown."""
    raise TypeError(type(meaning).__name__)


@value_at.register
def _(meaning: Constant, place: RowPlace) -> Value:
    return meaning.value


@value_at.register
def _(meaning: Read, place: RowPlace) -> Value:
    return place.at(meaning.up).cell(meaning.column)


@value_at.register
def _(meaning: Contribution, place: RowPlace) -> Value:
    return plain_value(place.at(meaning.up).link)


@value_at.register
def _(meaning: Members, place: RowPlace) -> Value:
    found = elements(meaning, place)
    if meaning.value is None:
        return tuple(element.identifier for element in found)
    return tuple(value_at(meaning.value, element) for element in found)


@value_at.register
def _(meaning: Aggregate, place: RowPlace) -> Value:
    value = meaning.members.value
    found = list(elements(meaning.members, place))
    if value is None:
        return Decimal(len(found))
    return row_values.aggregated(meaning.function, [value_at(value, one) for one in found])


@value_at.register
def _(meaning: Fold, place: RowPlace) -> Value:
    return row_values.aggregated(
        meaning.function, [value_at(item, place) for item in meaning.items]
    )


@value_at.register
def _(meaning: Length, place: RowPlace) -> Value:
    found = value_at(meaning.of, place)
    return Decimal(len(found)) if isinstance(found, tuple) else None


@value_at.register
def _(meaning: Contains, place: RowPlace) -> Value:
    value, within = value_at(meaning.value, place), value_at(meaning.of, place)
    return None if value is None or not isinstance(within, tuple) else value in within


@value_at.register
def _(meaning: OneOf, place: RowPlace) -> Value:
    value = value_at(meaning.value, place)
    return None if value is None else value in meaning.constants


@value_at.register
def _(meaning: Logic, place: RowPlace) -> Value:
    join = row_values.both if meaning.operator == "and" else row_values.either
    return join([value_at(operand, place) for operand in meaning.operands])


@value_at.register
def _(meaning: Not, place: RowPlace) -> Value:
    held = value_at(meaning.operand, place)
    return None if held is None else not held


@value_at.register
def _(meaning: IsNull, place: RowPlace) -> Value:
    return (value_at(meaning.operand, place) is None) != meaning.negated


@value_at.register
def _(meaning: Compare, place: RowPlace) -> Value:
    left, right = value_at(meaning.left, place), value_at(meaning.right, place)
    return row_values.compared(meaning.operator, left, right)


@value_at.register
def _(meaning: Arithmetic, place: RowPlace) -> Value:
    left, right = value_at(meaning.left, place), value_at(meaning.right, place)
    return row_values.computed(meaning.operator, left, right)


@value_at.register
def _(meaning: Days, place: RowPlace) -> Value:
    return row_values.days(value_at(meaning.until, place), value_at(meaning.since, place))


@value_at.register
def _(meaning: Moved, place: RowPlace) -> Value:
    day, by = value_at(meaning.day, place), value_at(meaning.days, place)
    return row_values.moved(day, by, back=meaning.back)


@value_at.register
def _(meaning: Calendar, place: RowPlace) -> Value:
    operands = [value_at(operand, place) for operand in meaning.operands]
    return date_values.computed(meaning.function, operands)


@value_at.register
def _(meaning: Minus, place: RowPlace) -> Value:
    number = value_at(meaning.operand, place)
    return -number if isinstance(number, Decimal) else None


@value_at.register
def _(meaning: Choose, place: RowPlace) -> Value:
    branch = meaning.then if value_at(meaning.condition, place) is True else meaning.otherwise
    return value_at(branch, place)


@value_at.register
def _(meaning: Pick, place: RowPlace) -> Value:
    tests = [value_at(operand, place) for operand in meaning.operands]
    return row_values.picked(tests, meaning.values, meaning.groups)


@value_at.register
def _(meaning: Collect, place: RowPlace) -> Value:
    tests = [value_at(operand, place) for operand in meaning.operands]
    return row_values.collected(tests, meaning.values)


@value_at.register
def _(meaning: Apply, place: RowPlace) -> Value:
    return row_values.applied(meaning.function, value_at(meaning.operand, place), meaning.places)


@value_at.register
def _(meaning: History, place: RowPlace) -> Value:
    return _looked_back(meaning, place.at(meaning.up))


def _looked_back(meaning: History, here: RowPlace) -> Value:  # noqa: PLR0911 - one a function
    periods, count = here.periods(), meaning.count
    actual, attainment = (_cells(here, name, periods) for name in ("actual", "attainment"))
    past = _asked(meaning.argument, here, periods)
    match meaning.function:
        case "trend":
            return history_values.trend(actual, here.cell("direction"), count)
        case "change":
            return history_values.change(actual, here.cell("direction"), count)
        case "previous":
            return past(count)
        case "streak":
            return history_values.streak(past, periods)
        case "average":
            return history_values.average(past, count)
        case "volatility":
            return history_values.volatility(past, count)
        case "forecast":
            return history_values.forecast(attainment, count)
        case function:
            kept = _asked(meaning.keep, here, periods)
            backs = [back for back in range(periods) if meaning.keep is None or kept(back) is True]
            return row_values.aggregated(function.removeprefix(PREFIX), [past(b) for b in backs])


def _cells(here: RowPlace, column: str, periods: int) -> history_values.Past:
    return lambda back: here.before(back).cell(column) if back < periods else None


def _asked(part: Meaning | None, here: RowPlace, periods: int) -> history_values.Past:
    """The part's value so many periods before `here`; each is found once."""

    def past(back: int) -> Value:
        if part is None or back >= periods:
            return None
        key = (id(part), here.row - back)
        if key not in here.known:
            here.known[key] = value_at(part, here.before(back))
        return here.known[key]

    return past


def elements(members: Members, place: RowPlace) -> Iterator[RowPlace]:
    """The rows of a list, those that its filter keeps."""
    parent = place.at(members.up)
    for row, link in links_of(place.frames, members.membership, parent.row):
        element = RowPlace(place.frames, members.scope, row, place, link)
        if members.keep is None or value_at(members.keep, element) is True:
            yield element
