"""Reads nodes by their shape (`govern.documents.shape`) and reports every problem."""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from govern.documents.node import Mapping, Node, Scalar, Sequence, kind
from govern.documents.problem import Problem, did_you_mean
from govern.documents.scalars import FAILED, SCALARS, expected, key_pattern
from govern.documents.shape import (
    Condition,
    Constant,
    Fields,
    ListOf,
    MapOf,
    Maybe,
    OneOf,
    Record,
    Shape,
    Template,
    Text,
    Variants,
)

T = TypeVar("T")


def read(node: Node, shape: Shape[T], problems: list[Problem]) -> T | None:
    """What the node says, or `None` (with a problem) where it is nothing like the shape."""
    found = _read(node, shape, problems)
    return None if found is FAILED else found


def _read(node: Node, shape: Any, problems: list[Problem]) -> Any:
    kind_of = shape.__class__
    if kind_of is OneOf:
        return _one_of(node, shape, problems)
    if kind_of is Maybe:
        null = isinstance(node, Scalar) and node.is_null
        return None if null else _read(node, shape.shape, problems)
    wanted, reader = _STRUCTURES.get(kind_of, (Scalar, None))
    fits = isinstance(node, wanted)
    if reader is not None:
        return reader(node, shape, problems) if fits else _wrong_kind(node, shape, problems)
    if not isinstance(node, Scalar) or (node.is_null and kind_of is not Constant):
        return _wrong_kind(node, shape, problems)
    return SCALARS[kind_of](node, shape, problems)


def _record(node: Mapping, shape: Record, problems: list[Problem]) -> Fields:
    known = {field.key: field for field in shape.fields}
    values: dict[str, Any] = {}
    complete = True
    for entry in node.entries:
        field = known.get(entry.key)
        if field is None:
            suggestion = did_you_mean(entry.key, known) or f"possible: {', '.join(known)}"
            problems.append(
                Problem(
                    "E110",
                    f"unknown key '{entry.key}' in {shape.name}",
                    entry.key_place,
                    suggestion,
                )
            )
            complete = False
            continue
        null = isinstance(entry.value, Scalar) and entry.value.is_null
        if null and not isinstance(field.shape, Constant | Maybe | OneOf):
            continue
        value = _read(entry.value, field.shape, problems)
        if value is FAILED:
            complete = False
        else:
            values[entry.key] = value
            complete = complete and _whole(value)
    given = {
        entry.key
        for entry in node.entries
        if entry.key in values or not (isinstance(entry.value, Scalar) and entry.value.is_null)
    }
    for field in shape.fields:
        if field.required and field.key not in given:
            problems.append(
                Problem(
                    "E111",
                    f"{shape.name} needs the key '{field.key}'",
                    node.place,
                    f"{field.key}: {field.doc}" if field.doc else None,
                )
            )
            complete = False
    return Fields(node, values, complete)


def _variant(node: Mapping, shape: Variants, problems: list[Problem]) -> Fields:
    records = dict(shape.records)
    named = node.get(shape.key)
    word = named.text if isinstance(named, Scalar) and not named.is_null else shape.default
    return _record(node, records.get(word, records[shape.default]), problems)


def _whole(value: Any) -> bool:
    match value:
        case Fields():
            return value.complete
        case tuple():
            return all(_whole(item) for item in cast(tuple[Any, ...], value))
        case dict():
            return all(_whole(item) for item in cast(dict[str, Any], value).values())
        case _:
            return True


def _list(node: Sequence, shape: ListOf[Any], problems: list[Problem]) -> Any:
    before = len(problems)
    items = tuple(
        item for each in node.items if (item := _read(each, shape.item, problems)) is not FAILED
    )
    if len(node.items) < shape.least:
        problems.append(Problem("E115", f"at least {shape.least} needed in this list", node.place))
        return FAILED
    if (
        len(items) < len(node.items)
        and len(problems) > before
        and not isinstance(shape.item, Record | Variants | OneOf)
    ):
        # A shortened list of plain values would mean something else than the author wrote.
        return FAILED
    return items


def _map(node: Mapping, shape: MapOf[Any], problems: list[Problem]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in node.entries:
        if not key_pattern.fullmatch(entry.key):
            problems.append(
                Problem(
                    "E114",
                    f"'{entry.key}' cannot be a name here",
                    entry.key_place,
                    "a name begins with a letter and has letters, digits, - and _",
                )
            )
            continue
        item = _read(entry.value, shape.value, problems)
        if item is not FAILED:
            found[entry.key] = item
    return found


def _one_of(node: Node, shape: OneOf[Any], problems: list[Problem]) -> Any:
    for each in shape.shapes:
        wanted, _ = _STRUCTURES.get(type(each), (Scalar, None))
        if isinstance(node, wanted):
            return _read(node, each, problems)
    return _wrong_kind(node, shape, problems)


def _wrong_kind(node: Node, shape: Any, problems: list[Problem]) -> Any:
    found = kind(node)
    helps: str | None = None
    if isinstance(shape, Text | Condition | Template) and not isinstance(node, Scalar):
        bracket = "[" if isinstance(node, Sequence) else "{"
        helps = f"if it is meant as text that begins with '{bracket}', put it in quotes"
    problems.append(
        Problem("E112", f"{expected(shape)} is expected here, not {found}", node.place, helps)
    )
    return FAILED


_STRUCTURES: Final[dict[type[Any], tuple[type[Any], Callable[..., Any]]]] = {
    Record: (Mapping, _record),
    Variants: (Mapping, _variant),
    MapOf: (Mapping, _map),
    ListOf: (Sequence, _list),
}
