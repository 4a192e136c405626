"""Checks a condition against the names it may read, and finds out what it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import singledispatch

from govern.documents.problem import Level, Problem, did_you_mean
from govern.language import compare, names, tree
from govern.language.calls import warn_if_vacuous
from govern.language.context import Context, Row
from govern.language.errors import LanguageError
from govern.language.excel import CURES
from govern.language.functions import FUNCTIONS
from govern.language.meaning import (
    Aggregate,
    Arithmetic,
    Choose,
    Constant,
    Days,
    Logic,
    Meaning,
    Members,
    Minus,
    Moved,
    Outputs,
)
from govern.language.past import refuse_bare, running
from govern.language.scopes import SCOPES, Scope
from govern.language.table import Table
from govern.language.tree import Expression
from govern.language.types import BOOLEAN, DATE, NULL, NUMBER, TEXT, Type, listed
from govern.language.types import Constant as Parameter
from govern.language.write import write


@dataclass(frozen=True, slots=True)
class Checked:
    """A condition that can be evaluated on the rows of its scope.

    `names_read` are the names and functions it reads; names of a list's elements with the list
    before them (`kpis.attainment`). `problems` are warnings.
    """

    expression: Expression
    scope: Scope
    type: Type
    params: Mapping[str, Parameter] = field(hash=False)
    names_read: tuple[str, ...]
    problems: tuple[Problem, ...]
    meaning: Meaning

    @property
    def tree(self) -> tree.Node:
        return self.expression.tree


def check(
    expression: Expression,
    scope: Scope,
    params: Mapping[str, Parameter] | None = None,
    expect: Type | None = BOOLEAN,
    tables: Mapping[str, Table] | None = None,
) -> Checked:
    """The condition, checked against the names of `scope`, the parameters and decision tables.

    `expect` is the type it must have; `None` takes any. Raises `LanguageError` with every problem.
    """
    bound = dict(params or {})
    rows = [Row(scope.name, implicit=True)]
    context = Context(expression.origin, bound, _resolve, rows, tables=tables or {})
    meaning = context.meaning_of(expression.tree)
    if meaning is not None:
        _expect(context, expression.tree, meaning, expect)
    problems = tuple(context.problems)
    if meaning is None or any(problem.level is Level.ERROR for problem in problems):
        raise LanguageError(problems)
    kind = meaning.type
    return Checked(expression, scope, kind, bound, tuple(context.read), problems, meaning)


def _expect(context: Context, node: tree.Node, meaning: Meaning, expect: Type | None) -> None:
    if refuse_bare(context, node, meaning):
        return
    if meaning.type == NULL:
        context.problem("E220", "null alone says nothing", node)
    elif isinstance(meaning, Outputs):
        message = f"`{write(node)}` is {meaning.type}; say which output"
        context.problem("E216", message, node, f"it has {', '.join(meaning.names)}")
    elif meaning.type.kind == "record":
        context.problem("E216", f"`{write(node)}` is {meaning.type}; say which field", node)
    elif expect is not None and meaning.type != expect:
        help_ = None
        if expect == BOOLEAN:
            help_ = "compare it with something, as in attainment < 80%"
            if meaning.type.kind == "list":
                help_ = f"ask how many there are, as in count({write(node)}) > 0"
        context.problem("E216", f"this is {meaning.type}; {expect} is needed here", node, help_)


def _resolve(context: Context, node: tree.Node) -> Meaning | None:
    return _meaning(node, context)


@singledispatch
def _meaning(node: tree.Node, context: Context) -> Meaning | None:
    raise TypeError(type(node).__name__)


@_meaning.register
def _(node: tree.Number, context: Context) -> Meaning:
    return Constant(NUMBER, node, node.value / 100 if node.percent else node.value)


@_meaning.register
def _(node: tree.Text, context: Context) -> Meaning:
    return Constant(TEXT, node, node.value)


@_meaning.register
def _(node: tree.Day, context: Context) -> Meaning:
    return Constant(DATE, node, node.value)


@_meaning.register
def _(node: tree.Truth, context: Context) -> Meaning:
    return Constant(BOOLEAN, node, node.value)


@_meaning.register
def _(node: tree.Null, context: Context) -> Meaning:
    return Constant(NULL, node, None)


@_meaning.register
def _(node: tree.Name, context: Context) -> Meaning | None:
    return names.only_output(names.name(context, node), node)


@_meaning.register
def _(node: tree.Member, context: Context) -> Meaning | None:
    return names.only_output(names.member(context, node), node)


@_meaning.register
def _(node: tree.Filter, context: Context) -> Meaning | None:
    return names.filtered(context, node)


@_meaning.register
def _(node: tree.Comparison, context: Context) -> Meaning | None:
    return compare.comparison(context, node)


@_meaning.register
def _(node: tree.Between, context: Context) -> Meaning | None:
    return compare.between(context, node)


@_meaning.register
def _(node: tree.In, context: Context) -> Meaning | None:
    return compare.membership(context, node)


@_meaning.register
def _(node: tree.Items, context: Context) -> Meaning | None:
    found = [context.meaning_of(item) for item in node.items]
    constants = [item for item in found if isinstance(item, Constant)]
    if None in found:
        return None
    if len(constants) < len(found):
        context.problem(
            "E213",
            "a list that is compared or returned holds constants only",
            node,
            "lists of values are for in, min, max and the like",
        )
        return None
    kinds = {item.type for item in constants}
    if len(kinds) > 1 or any(not kind.is_scalar for kind in kinds):
        context.problem("E213", "the elements of a list are of one type", node)
        return None
    of = constants[0].type if constants else None
    return Constant(listed(of), node, tuple(item.value for item in constants))


@_meaning.register
def _(node: tree.Logic, context: Context) -> Meaning | None:
    guards = [text for part in node.operands if (text := _guarded(part))]
    before = context.guarded
    if node.operator == "and":
        context.guarded = before + guards
    what = f"each side of `{node.operator}`"
    found = [context.typed(part, BOOLEAN, what) for part in node.operands]
    context.guarded = before
    operands = tuple(part for part in found if part is not None)
    if len(operands) < len(found):
        return None
    return Logic(BOOLEAN, node, node.operator, operands)


def _guarded(node: tree.Node) -> str | None:
    """The list that a condition such as `count(kpis) > 0` says is not empty."""
    match node:
        case tree.Comparison(
            operator=operator,
            left=tree.Call(name="count", arguments=(collection,)),
            right=tree.Number(value=value),
        ):
            least = {">": value + 1, ">=": value, "=": value}.get(operator, Decimal(0))
            if least >= 1 or (operator == "!=" and value == 0):
                return write(collection)
        case _:
            pass
    return None


@_meaning.register
def _(node: tree.If, context: Context) -> Meaning | None:
    condition = context.typed(node.condition, BOOLEAN, "the condition of `if`")
    then, otherwise = context.meaning_of(node.then), context.meaning_of(node.otherwise)
    if condition is None or then is None or otherwise is None:
        return None
    kind = otherwise.type if then.type == NULL else then.type
    if not compare.same_type(then.type, otherwise.type) or not (kind.is_scalar or kind == NULL):
        context.problem(
            "E213",
            f"`then` gives {then.type} and `else` gives {otherwise.type}",
            node,
            "both give one value of the same type, or null",
        )
        return None
    then, otherwise = (
        replace(branch, type=kind) if branch.type == NULL else branch
        for branch in (then, otherwise)
    )
    return Choose(kind, node, condition, then, otherwise)


@_meaning.register
def _(node: tree.Minus, context: Context) -> Meaning | None:
    operand = context.typed(node.operand, NUMBER, "what stands behind `-`")
    if isinstance(operand, Constant) and isinstance(operand.value, Decimal):
        return Constant(NUMBER, node, -operand.value)
    return Minus(NUMBER, node, operand) if operand else None


@_meaning.register
def _(node: tree.Arithmetic, context: Context) -> Meaning | None:
    left, right = context.meaning_of(node.left), context.meaning_of(node.right)
    if left is None or right is None:
        return None
    match (left.type, node.operator, right.type):
        case (one, operator, other) if one == NUMBER and other == NUMBER:
            return Arithmetic(NUMBER, node, operator, left, right)
        case (one, "-", other) if one == DATE and other == DATE:
            return Days(NUMBER, node, left, right)
        case (one, "+" | "-", other) if one == DATE and other == NUMBER:
            return Moved(DATE, node, left, right, node.operator == "-")
        case _:
            pass
    if NULL in (left.type, right.type):
        context.problem("E220", f"`{node.operator}` cannot compute with null", node)
        return None
    help_ = "there are number + number, date - date (in days), date + days and date - days"
    if "list" in (left.type.kind, right.type.kind):
        help_ = "take one value of the list, as in sum(kpis.actual)"
    message = f"`{node.operator}` cannot take {left.type} and {right.type}"
    context.problem("E213", message, node, help_)
    return None


@_meaning.register
def _(node: tree.Quantified, context: Context) -> Meaning | None:
    collection = context.meaning_of(node.collection)
    if collection is None:
        return None
    if not isinstance(collection, Members):
        kind = collection.type
        help_ = None
        if kind.kind == "list":
            help_ = f'whether it holds a value is written "x" in {write(node.collection)}'
        message = f"`{node.quantifier}` goes over rows, such as kpis; this is {kind}"
        context.problem("E213", message, node.collection, help_)
        return None
    if node.quantifier == "every":
        warn_if_vacuous(context, node, node.collection, "every")
    prefix = write(node.collection)
    context.rows.append(names.element_row(collection, prefix, node.variable))
    condition = context.typed(node.condition, BOOLEAN, "the condition behind `satisfies`")
    context.rows.pop()
    if condition is None:
        return None
    members = replace(collection, value=condition, type=listed(BOOLEAN))
    function = "any" if node.quantifier == "some" else "all"
    return running(context, Aggregate(BOOLEAN, node, function, members))


@_meaning.register
def _(node: tree.Call, context: Context) -> Meaning | None:
    function = FUNCTIONS.get(node.name)
    if function is None:
        _unknown_function(context, node)
        return None
    least, most = function.least, function.most
    if len(node.arguments) < least or (most is not None and len(node.arguments) > most):
        few = str(least) if least == most else f"{least} or {most or 'more'}"
        message = f"`{node.name}` takes {few} argument{'' if few == '1' else 's'}"
        context.problem(
            "E212", f"{message}, not {len(node.arguments)}", node, f"write {function.usage}"
        )
        return None
    row = next(row for row in reversed(context.rows) if row.implicit)
    if function.scopes and row.scope not in function.scopes:
        nouns = " or ".join(SCOPES[name].noun for name in function.scopes)
        help_ = None
        if row.scope == "project":
            help_ = f"inside a filter it can: count(kpis[{write(node)} …])"
        message = (
            f"`{node.name}` looks at the history of a {nouns}, not of a {SCOPES[row.scope].noun}"
        )
        context.problem("E219", message, node, help_)
        return None
    context.read[node.name] = None
    return function.check(context, node)


def _unknown_function(context: Context, node: tree.Call) -> None:
    row = next(row for row in reversed(context.rows) if row.implicit)
    help_ = CURES.get(node.name.lower()) or did_you_mean(node.name, FUNCTIONS)
    if node.name in SCOPES[row.scope].names or node.name in context.params:
        help_ = f"`{node.name}` is a name and takes no brackets"
    elif node.name.lower() in FUNCTIONS:
        help_ = f"write {FUNCTIONS[node.name.lower()].usage}"
    at = (node.span[0], node.span[0] + len(node.name))
    context.problem("E211", f"unknown function `{node.name}`", at, help_)
