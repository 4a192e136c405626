"""Checks the arguments of each function and says what a call means."""

from decimal import Decimal

from govern.documents.problem import Level
from govern.language import tree
from govern.language.context import Context
from govern.language.meaning import (
    Aggregate,
    Apply,
    Calendar,
    Constant,
    Fold,
    Length,
    Logic,
    Meaning,
    Members,
    Not,
)
from govern.language.past import running
from govern.language.scopes import SCOPES
from govern.language.types import BOOLEAN, DATE, NUMBER, Type
from govern.language.write import write

_AGGREGATED = {"min": (NUMBER, DATE), "max": (NUMBER, DATE)}


def count(context: Context, call: tree.Call) -> Meaning | None:
    found = _list(context, call)
    if isinstance(found, Members):
        return running(context, Aggregate(NUMBER, call, "count", found))
    if isinstance(found, tuple):
        return Constant(NUMBER, call, Decimal(len(found)))
    return Length(NUMBER, call, found) if found is not None else None


def aggregate(context: Context, call: tree.Call) -> Meaning | None:
    return _folded(context, call, call.name, _AGGREGATED.get(call.name, (NUMBER,)))


def some(context: Context, call: tree.Call) -> Meaning | None:
    found = _folded(context, call, "any", (BOOLEAN,))
    return Logic(BOOLEAN, call, "or", found.items) if isinstance(found, Fold) else found


def every(context: Context, call: tree.Call) -> Meaning | None:
    found = _folded(context, call, "all", (BOOLEAN,))
    if isinstance(found, Aggregate):
        warn_if_vacuous(context, call, call.arguments[0], "all")
    return Logic(BOOLEAN, call, "and", found.items) if isinstance(found, Fold) else found


def warn_if_vacuous(context: Context, at: tree.Node, collection: tree.Node, word: str) -> None:
    """Warns of an `every` that holds because there is nothing, unless a count guards it."""
    while isinstance(collection, tree.Member):
        collection = collection.base
    text = write(collection)
    if text not in context.guarded:
        context.problem(
            "E250",
            f"`{word}` holds where `{text}` is empty",
            at,
            f"if that is not meant, write count({text}) > 0 and …",
            Level.WARNING,
        )


def negate(context: Context, call: tree.Call) -> Meaning | None:
    found = context.typed(call.arguments[0], BOOLEAN, "the argument of not")
    return Not(BOOLEAN, call, found) if found else None


def absolute(context: Context, call: tree.Call) -> Meaning | None:
    found = context.typed(call.arguments[0], NUMBER, "the argument of abs")
    return Apply(NUMBER, call, "abs", found) if found else None


def rounded(context: Context, call: tree.Call) -> Meaning | None:
    found = context.typed(call.arguments[0], NUMBER, "the first argument of round")
    places: int | None = 0
    if len(call.arguments) == 2:
        places = context.count(call.arguments[1], "the number of places", 0, 9)
    if found is None or places is None:
        return None
    return Apply(NUMBER, call, "round", found, places)


def calendar(context: Context, call: tree.Call) -> Meaning | None:
    """A function of a date, and for some of a second date or a number."""
    kinds = (DATE, DATE if call.name == "working_days" else NUMBER)
    what = ("the first argument", "the second argument")
    given = zip(call.arguments, kinds, what, strict=False)
    found = [context.typed(*argument) for argument in given]
    operands = tuple(operand for operand in found if operand is not None)
    if len(operands) < len(found):
        return None
    kind = DATE if call.name in {"add_months", "add_working_days", "end_of_month"} else NUMBER
    return Calendar(kind, call, call.name, operands)


def _folded(
    context: Context, call: tree.Call, function: str, kinds: tuple[Type, ...]
) -> Meaning | None:
    found = _list(context, call)
    if isinstance(found, tuple):
        return _fold(context, call, function, found, kinds)
    if found is None:
        return None
    of = found.type.of
    if not isinstance(found, Members):
        context.problem("E213", f"{function} takes numbers or rows, not {found.type}", call)
        return None
    if found.value is None or of is None:
        field = "disbenefit" if BOOLEAN in kinds else "attainment"
        numbers = [f.name for f in SCOPES[found.scope].fields.values() if f.type in kinds]
        example = field if field in numbers else (numbers or ["…"])[0]
        text = write(found.source)
        help_ = f"say of which field: {function}({text}.{example})"
        if BOOLEAN in kinds:
            help_ = f"use count({text}) > 0, or some/every x in {text} satisfies …"
        context.problem(
            "E213", f"{function} takes values, but `{text}` is {found.type}", call, help_
        )
        return None
    if of not in kinds:
        _wrong(context, call, function, found, kinds)
        return None
    kind = of if function in {"min", "max"} else (BOOLEAN if BOOLEAN in kinds else NUMBER)
    return running(context, Aggregate(kind, call, function, found))


def _fold(
    context: Context,
    call: tree.Call,
    function: str,
    items: tuple[Meaning, ...],
    kinds: tuple[Type, ...],
) -> Meaning | None:
    kind = items[0].type if items else kinds[0]
    for item in items:
        if item.type not in kinds or item.type != kind:
            _wrong(context, call, function, item, (kind,) if kind in kinds else kinds)
            return None
    if not items:
        empty = {"any": False, "all": True}.get(function)
        return Constant(kind, call, empty)
    if len(items) == 1 and BOOLEAN in kinds:
        return items[0]
    return Fold(kind, call, function, items)


def _wrong(
    context: Context, call: tree.Call, function: str, found: Meaning, kinds: tuple[Type, ...]
) -> None:
    wanted = " or ".join(
        {"number": "numbers", "date": "dates", "truth": "true/false values"}[kind.kind]
        for kind in kinds
    )
    context.problem(
        "E213",
        f"{function} takes {wanted}, but `{write(found.source)}` is {found.type}",
        call,
    )


def _list(context: Context, call: tree.Call) -> Meaning | tuple[Meaning, ...] | None:
    """The values of a call: a list's meaning, or those written one by one."""
    nodes = call.arguments
    if len(nodes) == 1:
        only = nodes[0]
        if not isinstance(only, tree.Items):
            return _one_list(context, call, only)
        nodes = only.items
    found = [context.meaning_of(node) for node in nodes]
    known = tuple(meaning for meaning in found if meaning is not None)
    return known if len(known) == len(found) else None


def _one_list(
    context: Context, call: tree.Call, node: tree.Node
) -> Meaning | tuple[Meaning, ...] | None:
    found = context.meaning_of(node)
    if found is None or found.type.kind == "list":
        if isinstance(found, Constant) and isinstance(found.value, tuple):
            of = found.type.of or NUMBER
            return tuple(Constant(of, node, value) for value in found.value)
        return found
    context.problem(
        "E213",
        f"{call.name} takes a list, but `{write(node)}` is {found.type}",
        node,
        "lists are kpis.attainment, kpis[…], deliverables, or [a, b]",
    )
    return None
