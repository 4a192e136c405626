"""Files of a format in one canonical layout. Comments stay beside what they were written for.

Two blanks for each level, items of a list one level below their key, one empty line at most. Lists
and mappings in brackets stay so where they fit on a line of `WIDTH`; quotes stand only where YAML
needs them; keys of some records are put in the format's order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from govern.documents.events import Kind
from govern.documents.parts import Part, Slot, parts
from govern.documents.scalar_text import folded, written
from govern.documents.shape import Condition, Field, ListOf, MapOf, Maybe, OneOf, Record, Variants

WIDTH: Final = 100


@dataclass(frozen=True, slots=True)
class Style:
    """`ordered`: records whose keys come in the format's order. `apart`: those of them that are
    never written in brackets, and stand apart in a list. `condition` writes a condition anew."""

    ordered: frozenset[Record]
    apart: frozenset[Record]
    condition: Callable[[str], str]


def laid_out(text: str, shape: Record, style: Style) -> str:
    """The text in its canonical layout. It is valid, and of this shape."""
    lines = _Writer(style).block(parts(text), shape, 0, root=True)
    return "\n".join(lines) + "\n"


class _Writer:
    def __init__(self, style: Style) -> None:
        self._style = style

    def block(self, part: Part, shape: Any, indent: int, root: bool = False) -> list[str]:
        """The lines of a mapping or list, one slot below the other."""
        slots = list(part.slots)
        record = _record(shape, part)
        if record in self._style.ordered:
            slots = _ordered(slots, record, root)
        lines: list[str] = []
        margin = " " * indent
        for number, slot in enumerate(slots):
            inner = _below(shape, record, slot)
            own = self._slot(slot, inner, indent)
            apart = _record(inner, slot.value) in self._style.apart and slot.key is None
            spread = root and len(own) > 1 and slot.value.kind is not Kind.SCALAR
            if number and (slot.blank or apart or spread):
                lines.append("")
            lines += [margin + comment if comment else "" for comment in slot.head]
            lines += own
            lines += [margin + comment if comment else "" for comment in slot.foot]
        return lines

    def _slot(self, slot: Slot, shape: Any, indent: int) -> list[str]:
        margin, value = " " * indent, slot.value
        prefix = margin + ("-" if slot.key is None else self._key(slot.key, in_flow=False) + ":")
        tail = f" {slot.tail}" if slot.tail else ""
        if value.kind is Kind.SCALAR:
            first, *more = self._scalar(value, shape, indent, len(prefix) + 1)
            return [f"{prefix} {first}{tail}", *more]
        if not value.slots:
            return [f"{prefix} {'{}' if value.kind is Kind.MAPPING else '[]'}{tail}"]
        apart = _record(shape, value) in self._style.apart or (
            isinstance(shape, ListOf) and _holds(shape, self._style.apart)
        )
        if value.flow and not apart and not any(each.commented for each in value.slots):
            line = f"{prefix} {self._flow(value, shape)}"
            if len(line) <= WIDTH:
                return [line + tail]
        below = self.block(value, shape, indent + 2)
        if slot.key is None and not tail:
            # A comment between the dash and the first key stands above the dash.
            first = next(n for n, line in enumerate(below) if line.lstrip()[:1] not in ("", "#"))
            slot.head += [line.strip() for line in below[:first]]
            below = below[first:]
            return [f"{prefix} {below[0].lstrip(' ')}", *below[1:]]
        return [prefix + tail, *below]

    def _key(self, key: Part, in_flow: bool) -> str:
        return written(key.event.text, plain=key.event.style == "", in_flow=in_flow)

    def _flow(self, part: Part, shape: Any) -> str:
        record = _record(shape, part)
        slots = _ordered(part.slots, record, False) if record in self._style.ordered else part.slots
        inside = [self._in_flow(slot, _below(shape, record, slot)) for slot in slots]
        opened, closed = ("{", "}") if part.kind is Kind.MAPPING else ("[", "]")
        return opened + ", ".join(inside) + closed

    def _in_flow(self, slot: Slot, shape: Any) -> str:
        value = slot.value
        text = (
            self._one_line(value, shape, in_flow=True)
            if value.kind is Kind.SCALAR
            else self._flow(value, shape)
        )
        return text if slot.key is None else f"{self._key(slot.key, in_flow=True)}: {text}"

    def _one_line(self, value: Part, shape: Any, in_flow: bool) -> str:
        text, style = value.event.text, value.event.style
        if style == "" and not text:
            return "~"
        if _is_condition(shape):
            text = self._style.condition(text.strip())
        return written(text, plain=style == "", in_flow=in_flow)

    def _scalar(self, value: Part, shape: Any, indent: int, column: int) -> list[str]:
        margin = " " * (indent + 2)
        if value.header and value.lines and not any(sign.isdigit() for sign in value.header):
            lines = value.lines
            if _is_condition(shape) and value.header.startswith("|"):
                lines = self._style.condition("\n".join(lines)).split("\n")
            return [value.header, *(margin + line if line else "" for line in lines)]
        line = self._one_line(value, shape, in_flow=False)
        several = value.event.start.line < value.end.line
        if several and column + len(line) > WIDTH:
            lines = folded(value.event.text, WIDTH - len(margin))
            if lines is not None:
                return [">-", *(margin + each for each in lines)]
        return [line]


def _ordered(slots: list[Slot], record: Record, root: bool) -> list[Slot]:
    keys = [field.key for field in record.fields]
    found = sorted(slots, key=lambda slot: keys.index(_key_of(slot)))
    if root and found[0] is not slots[0]:
        # What stands at the top of a file is about the file.
        slots[0].head, found[0].head = [], [*slots[0].head, *found[0].head]
    return found


def _key_of(slot: Slot) -> str:
    return slot.key.event.text if slot.key is not None else ""


def _is_condition(shape: Any) -> bool:
    return isinstance(shape, Condition)


def _record(shape: Any, part: Part) -> Record | None:
    """The record that a mapping is read as."""
    if isinstance(shape, Record):
        return shape
    if not isinstance(shape, Variants) or part.kind is not Kind.MAPPING:
        return None
    records = dict(shape.records)
    word = next((s.value.event.text for s in part.slots if _key_of(s) == shape.key), shape.default)
    return records.get(word, records[shape.default])


def _holds(shape: Any, records: frozenset[Record]) -> bool:
    """Whether a list's items are such records."""
    item = shape.item
    if isinstance(item, Variants):
        return any(record in records for _, record in item.records)
    return item in records


def _below(shape: Any, record: Record | None, slot: Slot) -> Any:
    """The shape of a slot's value."""
    found: Any = None
    kind = shape.__class__
    if record is not None:
        fields: dict[str, Field[Any]] = {field.key: field for field in record.fields}
        field = fields.get(_key_of(slot))
        found = field.shape if field is not None else None
    elif kind is ListOf:
        found = shape.item
    elif kind is MapOf:
        found = shape.value
    if found.__class__ is Maybe:
        found = found.shape
    if found.__class__ is OneOf:
        lists, mappings = (ListOf,), (Record, Variants, MapOf)
        taken = {Kind.LIST: lists, Kind.MAPPING: mappings}.get(slot.value.kind)
        choices: tuple[Any, ...] = found.shapes
        for each in choices:
            name = each.__class__
            if name in taken if taken is not None else name not in (*lists, *mappings):
                return each
        return None
    return found
