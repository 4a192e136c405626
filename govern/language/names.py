"""Resolves names, fields and lists to the rows and columns they stand for."""

from dataclasses import replace

from govern.documents.problem import Level, did_you_mean
from govern.language import tree
from govern.language.context import Context, Row, bound
from govern.language.functions import FUNCTIONS
from govern.language.meaning import (
    Contribution,
    Logic,
    Meaning,
    Members,
    Outputs,
    Read,
    Record,
    raised,
)
from govern.language.scopes import CONTRIBUTION, SCOPES, Collection, Scope
from govern.language.table import Table
from govern.language.types import BOOLEAN, TABLE, Type, listed, record
from govern.language.write import write

ITEM = "item"
"""FEEL's name for the element inside a filter."""


def name(context: Context, node: tree.Name) -> Meaning | None:
    """A bare name: a variable, a field of the nearest row that has it, or a parameter."""
    for up, row in enumerate(reversed(context.rows)):
        if row.variable == node.name:
            return _variable(row, up, node)
        if row.implicit:
            found = _field(context, SCOPES[row.scope], row, node.name, up, node)
            if found is not None:
                if node.name in context.params:
                    context.problem(
                        "E251",
                        f"the parameter `{node.name}` is hidden by the name of a field",
                        node,
                        "give the parameter another name",
                        Level.WARNING,
                    )
                return found
    if node.name in context.params:
        return bound(context.params[node.name], node)
    _unknown(context, node)
    return None


def member(context: Context, node: tree.Member) -> Meaning | None:
    """`d.due` of one row, or `kpis.attainment`: the field of each row in a list."""
    base = _base(context, node.base)
    if base is None:
        return None
    at = (node.span[1] - len(node.name), node.span[1])
    if isinstance(base, Outputs):
        return _output(context, base, node, at)
    if isinstance(base, Record):
        row = context.rows[-1 - base.up]
        found = _field(context, SCOPES[base.type.scope], row, node.name, base.up, node)
        if found is None:
            _no_field(context, SCOPES[base.type.scope], node.name, at)
        return found
    if isinstance(base, Members) and base.value is None:
        return _of_each(context, base, node, at)
    context.problem("E218", f"`{write(node.base)}` is {base.type} and has no fields", at)
    return None


def _of_each(context: Context, base: Members, node: tree.Member, at: tree.Span) -> Meaning | None:
    scope = SCOPES[base.scope]
    if node.name in scope.collections:
        context.problem(
            "E213",
            f"`{write(node)}` would be a list of lists",
            at,
            f"use every or some: every x in {write(node.base)} satisfies … x.{node.name} …",
        )
        return None
    row = element_row(base, write(node.base))
    found = only_output(_field(context, scope, row, node.name, 0, node), node)
    if found is None:
        _no_field(context, scope, node.name, at)
        return None
    if isinstance(found, Outputs):
        help_ = f"use every or some: some x in {write(node.base)} satisfies x.{node.name}.…"
        context.problem("E213", f"`{write(node)}` would be a list of tables", at, help_)
        return None
    return replace(base, value=found, type=listed(found.type), source=node)


def filtered(context: Context, node: tree.Filter) -> Meaning | None:
    """`kpis[attainment < 80%]`: the elements for which the condition is true."""
    base = context.meaning_of(node.base)
    if base is None:
        return None
    if not isinstance(base, Members):
        context.problem(
            "E213",
            f"`{write(node.base)}` is {base.type}; only lists of rows, such as kpis, are filtered",
            node.base,
        )
        return None
    row = replace(element_row(base, write(node.base)), variable=ITEM, implicit=base.value is None)
    context.rows.append(row)
    condition = context.typed(node.condition, BOOLEAN, "the condition of a filter")
    context.rows.pop()
    if condition is None:
        return None
    keep = condition
    if base.keep is not None:
        keep = Logic(BOOLEAN, node, "and", (base.keep, condition))
    return replace(base, keep=keep, source=node)


def only_output(found: Meaning | None, node: tree.Node) -> Meaning | None:
    """The value of a table with one output that is read without naming it."""
    if isinstance(found, Outputs) and len(found.operands) == 1:
        return replace(found.operands[0], source=node)
    return found


def _base(context: Context, node: tree.Node) -> Meaning | None:
    """What stands before a point, where also a table with one output is still a table."""
    match node:
        case tree.Name():
            return name(context, node)
        case tree.Member():
            return member(context, node)
        case _:
            return context.meaning_of(node)


def _output(context: Context, table: Outputs, node: tree.Member, at: tree.Span) -> Meaning | None:
    if node.name in table.names:
        return replace(table.operands[table.names.index(node.name)], source=node)
    help_ = did_you_mean(node.name, table.names) or f"it has {', '.join(table.names)}"
    context.problem("E218", f"the table `{table.table}` has no output `{node.name}`", at, help_)
    return None


def element_row(members: Members, prefix: str, variable: str | None = None) -> Row:
    """The row that an element of the list is read on."""
    linked = members.membership in _LINKED
    return Row(members.scope, False, variable, members.value, linked, f"{prefix}.")


_LINKED = frozenset(
    collection.membership
    for scope in SCOPES.values()
    for collection in scope.collections.values()
    if collection.contribution
)


def _variable(row: Row, up: int, node: tree.Name) -> Meaning:
    if row.value is not None:
        return replace(raised(row.value, up), source=node)
    return Record(record(row.scope), node, up)


def _field(
    context: Context, scope: Scope, row: Row, word: str, up: int, node: tree.Node
) -> Meaning | None:
    if word == CONTRIBUTION.name and row.linked:
        context.read[row.prefix + word] = None
        return Contribution(CONTRIBUTION.type, node, up)
    if field := scope.fields.get(word):
        context.read[row.prefix + word] = None
        return Read(field.type, node, field.column, up)
    if collection := scope.collections.get(word):
        context.read[row.prefix + word] = None
        return _members(collection, up, node)
    table = context.tables.get(word)
    if table is not None and table.scope == scope.name:
        context.read[row.prefix + word] = None
        return _outputs(table, up, node)
    return None


def _outputs(table: Table, up: int, node: tree.Node) -> Outputs:
    found = tuple(raised(output, up) for output in table.outputs.values())
    return Outputs(TABLE, node, table.name, tuple(table.outputs), found)


def _members(collection: Collection, up: int, node: tree.Node) -> Members:
    kind = listed(record(collection.element))
    return Members(kind, node, collection.membership, collection.element, up)


def _unknown(context: Context, node: tree.Name) -> None:
    word = node.name
    known: dict[str, None] = {}
    for row in reversed(context.rows):
        if row.variable:
            known[row.variable] = None
        if row.implicit:
            known |= dict.fromkeys(SCOPES[row.scope].names)
    known |= dict.fromkeys([*context.params, *context.tables])
    if word in FUNCTIONS:
        help_ = f"`{word}` is a function: {FUNCTIONS[word].usage}"
    elif word.lower() in {"true", "false", "null"}:
        help_ = f"write `{word.lower()}` in small letters"
    elif word == CONTRIBUTION.name:
        help_ = "only the deliverables of a KPI and the KPIs of a deliverable have it"
    elif table := context.tables.get(word):
        help_ = f"it is a table on each {SCOPES[table.scope].noun}, not on what is judged here"
    else:
        help_ = _choice(word) or _elsewhere(word) or did_you_mean(word, known) or _text(word)
    context.problem("E210", f"unknown name `{word}`", node, help_)


def _elsewhere(word: str) -> str | None:
    nouns = [scope.noun for scope in SCOPES.values() if word in scope.names]
    return (
        f"it is a name of a {' and a '.join(nouns)}, not of what is judged here" if nouns else None
    )


def _choice(word: str) -> str | None:
    fields = (field for scope in SCOPES.values() for field in scope.fields.values())
    is_choice = any(word in field.type.choices for field in fields)
    return f'texts stand in double quotes: "{word}"' if is_choice else None


def _text(word: str) -> str:
    return f'if it is meant as text, put it in double quotes: "{word}"'


def _no_field(context: Context, scope: Scope, word: str, at: tree.Span) -> None:
    if word == CONTRIBUTION.name:
        help_ = "only the deliverables of a KPI and the KPIs of a deliverable have it"
    elif word in context.tables:
        help_ = f"it is a table on each {SCOPES[context.tables[word].scope].noun}"
    else:
        tables = [each.name for each in context.tables.values() if each.scope == scope.name]
        known = (*scope.names, *tables)
        help_ = did_you_mean(word, known) or "it has " + ", ".join(known)
    context.problem("E218", f"a {scope.noun} has no field `{word}`", at, help_)


def choices_of(kind: Type) -> str:
    """The texts a value can have, for messages."""
    return ", ".join(f'"{text}"' for text in kind.choices)
