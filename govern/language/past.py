"""Checks what looks back over the periods of a row: its history functions and its `history`."""

from dataclasses import replace

from govern.language import tree
from govern.language.context import Context
from govern.language.meaning import Aggregate, History, Meaning, Members, rows_read
from govern.language.running_columns import FUNCTIONS, PREFIX
from govern.language.scopes import HISTORY
from govern.language.types import BOOLEAN, NUMBER, Type, choice
from govern.language.write import write

LONGEST_HISTORY = 120
"""Periods that a history function can look back: ten years of months."""
_TREND = choice("rising", "falling", "flat")


def trend(context: Context, call: tree.Call) -> Meaning | None:
    return _counted(context, call, _TREND, 2)


def change(context: Context, call: tree.Call) -> Meaning | None:
    return _counted(context, call, NUMBER, 1)


def forecast(context: Context, call: tree.Call) -> Meaning | None:
    return _counted(context, call, NUMBER, 1)


def previous(context: Context, call: tree.Call) -> Meaning | None:
    argument = _argument(context, call)
    count = context.count(call.arguments[1], "the second argument", 1, LONGEST_HISTORY)
    if argument is None or count is None:
        return None
    if not argument.type.is_scalar:
        kind = argument.type
        context.problem("E213", f"previous(x, n) takes one value, not {kind}", call.arguments[0])
        return None
    return History(argument.type, call, "previous", _row(context), count, argument)


def streak(context: Context, call: tree.Call) -> Meaning | None:
    argument = _argument(context, call, BOOLEAN, "the condition")
    if argument is None:
        return None
    return History(NUMBER, call, "streak", _row(context), 0, argument)


def average(context: Context, call: tree.Call) -> Meaning | None:
    return _window(context, call, 1)


def volatility(context: Context, call: tree.Call) -> Meaning | None:
    return _window(context, call, 2)


def running(context: Context, found: Aggregate) -> Meaning | None:
    """The aggregate; over `history`, as what can be counted up from period to period."""
    members = found.members
    if members.membership != HISTORY:
        return found
    text = write(found.source)
    if found.function not in FUNCTIONS:
        message = f"{found.function} cannot be taken of `history`"
        help_ = f"there are {', '.join(sorted(FUNCTIONS))}"
        context.problem("E221", message, found.source, help_)
        return None
    inner = [part for part in (members.keep, members.value) if part is not None]
    if any(rows_read(part) - {0} for part in inner):
        message = f"`{text}` compares earlier periods with a value from around the list"
        help_ = "only names of the earlier period itself can be read there"
        context.problem("E221", message, found.source, help_)
        return None
    value = None if found.function == "count" else members.value
    function = PREFIX + found.function
    return History(found.type, found.source, function, members.up, 0, value, members.keep)


def refuse_bare(context: Context, node: tree.Node, found: Meaning) -> bool:
    """Whether it is `history` of which nothing is asked."""
    if not isinstance(found, Members) or found.membership != HISTORY:
        return False
    help_ = f"ask how many periods there are, as in count({write(node)}) >= 6"
    context.problem("E221", f"`{write(node)}` is a list of periods", node, help_)
    return True


def _counted(context: Context, call: tree.Call, kind: Type, least: int) -> Meaning | None:
    count = context.count(call.arguments[0], "the number of periods", least, LONGEST_HISTORY)
    if count is None:
        return None
    return History(kind, call, call.name, _row(context), count)


def _window(context: Context, call: tree.Call, least: int) -> Meaning | None:
    argument = _argument(context, call, NUMBER, "the first argument")
    count = context.count(call.arguments[1], "the number of periods", least, LONGEST_HISTORY)
    if argument is None or count is None:
        return None
    return History(NUMBER, call, call.name, _row(context), count, argument)


def _row(context: Context) -> int:
    return next(up for up, row in enumerate(reversed(context.rows)) if row.implicit)


def _argument(
    context: Context, call: tree.Call, kind: Type | None = None, what: str = ""
) -> Meaning | None:
    """The first argument, read on nothing but the row whose history is asked for."""
    rows = context.rows
    row = rows[-1 - _row(context)]
    context.rows = [replace(row, linked=False, variable=None)]
    node = call.arguments[0]
    found = context.typed(node, kind, what) if kind else context.meaning_of(node)
    context.rows = rows
    return found
