"""Checks comparisons, `between` and `in`, and brings them to plain comparisons."""

from datetime import date
from decimal import Decimal

from govern.documents.problem import did_you_mean
from govern.language import tree
from govern.language.context import Context
from govern.language.meaning import (
    Aggregate,
    Compare,
    Constant,
    Contains,
    IsNull,
    Logic,
    Meaning,
    Members,
    Not,
    OneOf,
    Value,
    raised,
)
from govern.language.names import choices_of
from govern.language.past import running
from govern.language.shares import warn_of_percent
from govern.language.types import BOOLEAN, DATE, NUMBER, Type
from govern.language.write import write

_ORDERED = (NUMBER, DATE)


def comparison(context: Context, node: tree.Comparison) -> Meaning | None:
    nulls = [isinstance(side, tree.Null) for side in (node.left, node.right)]
    if any(nulls):
        return _null_test(context, node, all(nulls))
    left, right = context.meaning_of(node.left), context.meaning_of(node.right)
    if left is None or right is None:
        return None
    return compared(context, node, node.operator, left, right)


def compared(
    context: Context, node: tree.Node, operator: tree.Operator, left: Meaning, right: Meaning
) -> Meaning | None:
    """`left operator right`, if the types allow it."""
    if not _comparable(context, node, operator, left, right):
        return None
    warn_of_percent(context, left, right)
    return Compare(BOOLEAN, node, operator, left, right)


def between(context: Context, node: tree.Between) -> Meaning | None:
    value, low, high = (context.meaning_of(part) for part in (node.value, node.low, node.high))
    if value is None or low is None or high is None:
        return None
    return _within(context, node, value, (low, high), (True, True))


def membership(context: Context, node: tree.In) -> Meaning | None:
    """`in`: true if one test is."""
    value = context.meaning_of(node.value)
    found = [_test(context, node, test, value) for test in node.tests]
    tests = [test for test in found if test is not None]
    if value is None or len(tests) < len(found):
        return None
    if len(tests) == 1:
        return tests[0]
    fixed = _constants(tests)
    if fixed is not None:
        return OneOf(BOOLEAN, node, value, fixed)
    return Logic(BOOLEAN, node, "or", tuple(tests))


def _constants(tests: list[Meaning]) -> tuple[Value, ...] | None:
    values: list[Value] = []
    for test in tests:
        match test:
            case Compare(operator="=", right=Constant(value=value)):
                values.append(value)
            case _:
                return None
    return tuple(values)


def _test(  # noqa: PLR0911 - one return a form
    context: Context, node: tree.In, test: tree.Node, value: Meaning | None
) -> Meaning | None:
    if isinstance(test, tree.Range):
        return _range(context, node, test, value)
    operator: tree.Operator = "="
    operand = test
    if isinstance(test, tree.Unary):
        operator, operand = test.operator, test.operand
    if isinstance(operand, tree.Null):
        context.problem(
            "E220",
            "null cannot be searched: whether a missing value is in a list is unknown",
            operand,
            f"write {write(node.value)} = null or {write(node.value)} in …",
        )
        return None
    if isinstance(operand, tree.Items) and operator == "=":
        if operand.items:
            return membership(context, tree.In(node.value, operand.items, span=operand.span))
        return value and OneOf(BOOLEAN, node, value, ())
    other = context.meaning_of(operand)
    if value is None or other is None:
        return None
    if other.type.kind == "list" and operator == "=":
        return _search(context, node, value, other)
    source = tree.Comparison(operator, node.value, operand, span=test.span)
    return compared(context, source, operator, value, other)


def _range(
    context: Context, node: tree.In, test: tree.Range, value: Meaning | None
) -> Meaning | None:
    low, high = context.meaning_of(test.low), context.meaning_of(test.high)
    if value is None or low is None or high is None:
        return None
    source = tree.In(node.value, (test,), span=test.span)
    return _within(context, source, value, (low, high), (test.low_included, test.high_included))


def _search(context: Context, node: tree.In, value: Meaning, within: Meaning) -> Meaning | None:
    of = within.type.of
    if of is None:
        return OneOf(BOOLEAN, node, value, ())
    if value.type != of or not of.is_scalar:
        help_ = None
        if value.type.kind == "list" and within.type.of != value.type:
            help_ = 'the list stands on the right: "x" in list'
        message = f"{value.type} cannot be in {within.type}"
        context.problem("E213", message, node, help_)
        return None
    if isinstance(within, Constant):
        return OneOf(BOOLEAN, node, value, tuple(within.value or ()))  # type: ignore[arg-type] # a list's value
    if isinstance(within, Members) and within.value is not None:
        same = Compare(BOOLEAN, node, "=", raised(value, 1), within.value)
        some = Members(
            within.type, node, within.membership, within.scope, within.up, within.keep, same
        )
        return running(context, Aggregate(BOOLEAN, node, "any", some))
    return Contains(BOOLEAN, node, value, within)


def _within(
    context: Context,
    node: tree.Node,
    value: Meaning,
    ends: tuple[Meaning, Meaning],
    included: tuple[bool, bool],
) -> Meaning | None:
    low, high = ends
    above: tree.Operator = ">=" if included[0] else ">"
    below: tree.Operator = "<=" if included[1] else "<"
    lower = tree.Comparison(above, value.source, low.source, span=node.span)
    upper = tree.Comparison(below, value.source, high.source, span=node.span)
    tests = [
        compared(context, lower, above, value, low),
        compared(context, upper, below, value, high),
    ]
    if None not in tests and _reversed(low, high):
        context.problem(
            "E215",
            f"nothing is between {write(low.source)} and {write(high.source)}",
            node,
            "the lower end comes first",
        )
        return None
    sides = tuple(test for test in tests if test is not None)
    return Logic(BOOLEAN, node, "and", sides) if len(sides) == len(tests) else None


def _reversed(low: Meaning, high: Meaning) -> bool:
    match low, high:
        case Constant(value=Decimal() as one), Constant(value=Decimal() as other):
            return one > other
        case Constant(value=date() as one), Constant(value=date() as other):
            return one > other
        case _:
            return False


def _null_test(context: Context, node: tree.Comparison, both: bool) -> Meaning | None:
    if both or node.operator not in {"=", "!="}:
        context.problem(
            "E220",
            "null is compared with null" if both else f"`{node.operator}` cannot compare with null",
            node,
            "whether a value is missing is written x = null, whether it is there x != null",
        )
        return None
    side = node.right if isinstance(node.left, tree.Null) else node.left
    found = context.meaning_of(side)
    if found is None:
        return None
    if found.type.kind == "record" or isinstance(found, Members):
        context.problem(
            "E213",
            f"`{write(side)}` is {found.type}, which is never missing",
            side,
            f"whether it is empty is written count({write(side)}) = 0",
        )
        return None
    return IsNull(BOOLEAN, node, found, node.operator == "!=")


def _comparable(
    context: Context, node: tree.Node, operator: tree.Operator, left: Meaning, right: Meaning
) -> bool:
    one, other = left.type, right.type
    if one != other or not one.is_scalar:
        message = (
            f"`{write(left.source)}` is {one}, but `{write(right.source)}` is {other}; "
            "they cannot be compared"
        )
        if one == other:
            message = f"`{write(left.source)}` is {one}, which cannot be compared"
        context.problem("E213", message, node, _comparable_help(left, right))
        return False
    if operator not in {"=", "!="} and one not in _ORDERED:
        context.problem(
            "E213",
            f"`{operator}` compares numbers and dates, but `{write(left.source)}` is {one}",
            node,
            "for texts and truth values there are = and !=",
        )
        return False
    return _possible(context, left, right) and _possible(context, right, left)


def _comparable_help(left: Meaning, right: Meaning) -> str | None:  # noqa: PLR0911
    for one, other in ((left, right), (right, left)):
        if isinstance(one.source, tree.Text) and other.type == NUMBER:
            return "write numbers without quotes, as in 80%"
        if isinstance(one.source, tree.Text) and other.type == DATE:
            return 'dates are written @"2026-03-31"'
        if one.type.kind == "list":
            element = one.type.of or one.type
            if element.kind == "record":
                return f"compare how many there are: count({write(one.source)})"
            if isinstance(one, Members):
                return "use every … satisfies, some … satisfies, or an aggregate such as min(…)"
            return "whether a value is in a list is written x in list"
        if one.type == BOOLEAN and isinstance(one.source, tree.Comparison | tree.Logic):
            return "brackets decide what is compared first"
    return None


def _possible(context: Context, value: Meaning, constant: Meaning) -> bool:
    choices = value.type.choices
    if not choices or not isinstance(constant, Constant) or constant.value in choices:
        return True
    word = str(constant.value)
    context.problem(
        "E217",
        f'`{write(value.source)}` is never "{word}"; it is one of {choices_of(value.type)}',
        constant.source,
        did_you_mean(word, choices),
    )
    return False


def negated(node: tree.Node, operand: Meaning) -> Meaning:
    return Not(BOOLEAN, node, operand)


def same_type(one: Type, other: Type) -> bool:
    """Whether two branches fit: the same type, or one of them null."""
    return one == other or "null" in {one.kind, other.kind}
