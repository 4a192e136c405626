"""A YAML text as its author laid it out: values with their style, and the comments beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from govern.documents.events import Event, Kind, Mark, events

_HEADER = re.compile(r"[|>][-+0-9]*")


@dataclass(slots=True)
class Part:
    """A value. `flow`: it is written in brackets; `lines` are a block scalar's, without its indent."""

    event: Event
    end: Mark
    flow: bool = False
    slots: list["Slot"] = field(default_factory=list["Slot"])
    header: str = ""
    lines: list[str] = field(default_factory=list[str])

    @property
    def kind(self) -> Kind:
        return self.event.kind


@dataclass(slots=True)
class Slot:
    """A key with its value, or an item of a list, and what stands around it.

    `head`: comments on the lines before; `tail`: on its own line; `foot`: behind it, indented as
    deep. An empty text in them is an empty line. `blank`: an empty line stands before it all.
    """

    key: Part | None
    value: Part
    at: Mark
    parent: "Slot | None"
    inside: Part | None
    head: list[str] = field(default_factory=list[str])
    tail: str | None = None
    foot: list[str] = field(default_factory=list[str])
    blank: bool = False

    @property
    def commented(self) -> bool:
        return bool(self.head or self.tail or self.foot) or any(
            slot.commented for slot in self.value.slots
        )


@dataclass(frozen=True, slots=True)
class Comment:
    line: int
    column: int
    text: str
    alone: bool


def parts(text: str) -> Part:
    """The text's one value with everything below it. The text is valid YAML without anchors or tags.

    Every comment is in one of the slots; where there is none (`{}`), comments are lost.
    """
    lines = text.splitlines()
    reader = _Reader(lines)
    root = reader.root()
    for comment in reader.comments():
        _attach(comment, reader.slots, lines)
    for slot in reader.slots:
        _look_above(slot, lines)
    return root


def comments(text: str) -> list[str]:
    """All comments of a valid text, in no order."""
    reader = _Reader(text.splitlines())
    reader.root()
    return sorted(comment.text for comment in reader.comments())


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.slots: list[Slot] = []
        self._taken: list[tuple[Mark, Mark]] = []

    def root(self) -> Part:
        found = events("\n".join(self.lines) + "\n")
        stream = (each for each in found if each.kind is not Kind.DOCUMENT)
        root = self._part(next(stream), stream, None, None)
        list(stream)  # to the end, so that the parser is done with the text
        return root

    def _part(
        self, event: Event, stream: Iterator[Event], parent: Slot | None, inside: Part | None
    ) -> Part:
        if event.kind is Kind.SCALAR:
            return self._scalar(event)
        first = self.lines[event.start.line][event.start.column : event.start.column + 1]
        part = Part(event, event.end, flow=first in ("{", "["))
        within = inside if inside is not None else (part if part.flow else None)
        ends = Kind.MAPPING_END if event.kind is Kind.MAPPING else Kind.LIST_END
        while (each := next(stream)).kind is not ends:
            key = None
            if event.kind is Kind.MAPPING:
                key, each = self._scalar(each), next(stream)
            start = key.event.start if key is not None else each.start
            at = start if key is not None or part.flow else Mark(start.line, start.column - 2)
            slot = Slot(key, part, at, parent, within)
            self.slots.append(slot)
            slot.value = self._part(each, stream, slot, within)
            part.slots.append(slot)
        part.end = each.end
        return part

    def _scalar(self, event: Event) -> Part:
        part = Part(event, event.end)
        if event.style not in ("|", ">"):
            self._taken.append((event.start, event.end))
            return part
        line, column = event.start.line, event.start.column
        part.header = (_HEADER.match(self.lines[line][column:]) or [""])[0]
        self._taken.append((event.start, Mark(line, column + len(part.header))))
        # The parser ends a block at the first line behind it that is not empty.
        raw = self.lines[line + 1 : max(event.end.line, line + 1)]
        if event.end.line >= len(self.lines):
            raw = self.lines[line + 1 :]
        self._taken.append((Mark(line + 1, 0), Mark(line + 1 + len(raw), 0)))
        indent = next((len(each) - len(each.lstrip(" ")) for each in raw if each.strip()), 0)
        part.lines = [each[indent:] for each in raw]
        while part.lines and not part.lines[-1].strip() and "+" not in part.header:
            part.lines.pop()
        part.end = Mark(line, column + len(part.header))
        return part

    def comments(self) -> Iterator[Comment]:
        """What begins with `#` outside of values, at the start of a line or behind a blank."""
        taken: dict[int, list[tuple[int, int]]] = {}
        for start, end in self._taken:
            for number in range(start.line, end.line + 1):
                low = start.column if number == start.line else 0
                high = end.column if number == end.line else 1 << 30
                taken.setdefault(number, []).append((low, high))
        for number, line in enumerate(self.lines):
            for match in re.finditer(r"(?:^|(?<=\s))#", line):
                at = match.start()
                if not any(low <= at < high for low, high in taken.get(number, ())):
                    alone = not line[:at].strip()
                    yield Comment(number, at, line[at:].rstrip(), alone)
                    break


def _attach(comment: Comment, slots: list[Slot], lines: list[str]) -> None:
    if not comment.alone:
        beside = [slot for slot in slots if _is_beside(slot, comment)]
        if beside:
            last = beside[-1]
            last.tail = comment.text if last.tail is None else f"{last.tail} {comment.text}"
            return
    before = [slot for slot in slots if slot.at.line < comment.line]
    after = next((slot for slot in slots if slot.at.line > comment.line), None)
    around = _around(comment, before)
    if around is not None and (after is None or after.inside is not around):
        _add(before[-1].foot, comment, lines)
        return
    chain: list[Slot] = []
    slot = before[-1] if before else None
    while slot is not None:
        if slot.inside is None:
            chain.append(slot)
        slot = slot.parent
    floor = after.at.column if after is not None else -1
    deep = [each for each in chain if floor < each.at.column <= comment.column]
    if deep:
        _add(deep[0].foot, comment, lines)
    elif after is not None:
        _add(after.head, comment, lines)
    elif chain:
        _add(chain[-1].foot, comment, lines)


def _around(comment: Comment, before: list[Slot]) -> Part | None:
    """The brackets that the comment stands in."""
    inside = before[-1].inside if before else None
    return inside if inside is not None and comment.line < inside.end.line else None


def _is_beside(slot: Slot, comment: Comment) -> bool:
    value, line = slot.value, comment.line
    block = value.kind is not Kind.SCALAR and not value.flow
    last = slot.at.line if block else value.end.line
    if not slot.at.line <= line <= last or slot.at.column > comment.column:
        return False
    if slot.inside is not None:
        return slot.inside.event.start.line < slot.inside.end.line and line < slot.inside.end.line
    return True


def _add(where: list[str], comment: Comment, lines: list[str]) -> None:
    if comment.line > 0 and not lines[comment.line - 1].strip():
        where.append("")
    where.append(comment.text)


def _look_above(slot: Slot, lines: list[str]) -> None:
    above = slot.at.line > 0 and not lines[slot.at.line - 1].strip()
    if slot.head:
        slot.blank = slot.head[0] == ""
        if slot.blank:
            slot.head.pop(0)
        if above:
            slot.head.append("")
    else:
        slot.blank = above
