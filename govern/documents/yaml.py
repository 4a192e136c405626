"""YAML text → frozen nodes with places, and every problem in it.

    document = load(Source("rules/cost/cost.yaml", text))
    document.root          # Mapping | Sequence | Scalar | None where there is nothing to go on with
    document.problems      # tuple[Problem, ...]; the root may be there although there are problems

Nodes: `govern.documents.node`. `Scalar.at(offset, length)` gives the place in the file of a
character of the value, through quotes, escapes, folding and block indentation.

Stricter than YAML: no duplicate keys; no anchors, aliases and merge keys (each entry can be read on
its own, and a small file cannot unfold into a large one); no tags; one document; keys are text.
Scalars keep their text: `govern.documents.shape` decides what is a number, so `no` stays `no`.

After a value that should have been quoted (DESIGN §5), reading goes on as if it had been. Any
other syntax error ends the reading: `root` is `None` then.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from govern.documents.copy import Copy
from govern.documents.events import BadCharacter, BadSyntax, Event, Kind, TooDeep, events
from govern.documents.node import Entry, Mapping, Node, Run, Scalar, Sequence
from govern.documents.problem import Problem
from govern.documents.runs import runs_of
from govern.documents.source import Place, Source
from govern.documents.traps import quoted

DEPTH = 50


@dataclass(frozen=True, slots=True)
class Document:
    source: Source
    root: Node | None
    problems: tuple[Problem, ...]


def load(source: Source) -> Document:
    """Reads the text; never raises for what is in it."""
    text = source.text.removeprefix("\ufeff")
    copy = Copy(source.path, text.splitlines())
    problems: list[Problem] = []
    root: Node | None = None
    while True:
        builder = _Builder(copy)
        try:
            root = builder.document(events(copy.text))
            problems += builder.problems
        except BadCharacter as error:
            problems.append(_bad_character(copy, error))
        except TooDeep as error:
            told = any(each.code == "E109" for each in builder.problems)
            problems += builder.problems if told else [_too_deep(copy.place(error.at))]
        except BadSyntax as error:
            mended = copy.mend(error)
            problems.append(mended or copy.problem(error))
            if mended:
                continue
        break
    ordered = sorted(problems, key=lambda each: (each.place.line, each.place.column))
    return Document(source, root, tuple(ordered))


class _Builder:
    """Builds the nodes of one pass over a copy; `problems` counts only when it came to an end."""

    def __init__(self, copy: Copy) -> None:
        self._copy = copy
        self.problems: list[Problem] = []

    def document(self, stream: Iterator[Event]) -> Node | None:
        root: Node | None = None
        for event in stream:
            if event.kind is not Kind.DOCUMENT:
                root = self._node(event, stream, 0)
            elif root is not None:
                place = self._copy.place(event.start)
                self._add("E108", "the file holds more than one document", place, "make it two")
                break
        if root is None or (isinstance(root, Scalar) and root.is_null):
            self._add("E108", "the file is empty", Place(self._copy.path, 1, 1), None)
            return None
        return root

    def _add(self, code: str, message: str, place: Place, help_: str | None) -> None:
        self.problems.append(Problem(code, message, place, help_))

    def _node(self, event: Event, stream: Iterator[Event], depth: int) -> Node:
        place = self._copy.place(event.start, event.end)
        if event.anchor is not None:
            sign = "*" if event.kind is Kind.ALIAS else "&"
            self._anchor(sign + event.anchor, place)
        if event.kind is Kind.ALIAS:
            return Scalar("", place, "", (Run(0, place.line, place.column, 0),))
        if event.kind is Kind.SCALAR:
            return self._scalar(event, place)
        if event.tag is not None:
            self._tag(event, place)
        if depth >= DEPTH:
            self.problems.append(_too_deep(place))
            _skip(stream)
            return Sequence((), place)
        if event.kind is Kind.MAPPING:
            return self._mapping(stream, place, depth)
        items: list[Node] = []
        while (each := next(stream)).kind is not Kind.LIST_END:
            items.append(self._node(each, stream, depth + 1))
        return Sequence(tuple(items), place)

    def _mapping(self, stream: Iterator[Event], place: Place, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        while (event := next(stream)).kind is not Kind.MAPPING_END:
            key = self._node(event, stream, depth + 1)
            value = self._node(next(stream), stream, depth + 1)
            if not isinstance(key, Scalar):
                self._add("E112", "a key must be text", key.place, None)
            elif key.text == "<<" and key.style == "":
                self._anchor("<<", key.place)
            elif key.text in entries:
                first = entries[key.text].key_place.line
                what = f"the key '{key.text}' is already on line {first}"
                self._add("E105", what, key.place, "keep one of the two")
            else:
                entries[key.text] = Entry(key.text, key.place, value)
        return Mapping(tuple(entries.values()), place)

    def _scalar(self, event: Event, place: Place) -> Scalar:
        if event.tag is not None:
            self._tag(event, place)
            if (rest := self._rest(event)).startswith("!="):
                return Scalar(rest, place, "", (Run(0, place.line, place.column, len(rest)),))
        if self._copy.is_ours(event.start):
            text = event.text
            return Scalar(text, place, "", (Run(0, place.line, place.column, len(text)),))
        cut = None
        if event.style == "" and event.text:
            behind = self._copy.line(event.end.line)[event.end.column :].strip()
            cut = behind if behind.startswith("#") else None
        runs = runs_of(event, self._copy.lines, place)
        return Scalar(event.text, place, event.style, runs, cut)

    def _tag(self, event: Event, place: Place) -> None:
        rest = self._rest(event)
        if rest.startswith("!="):
            what = "YAML reads '!=' at the start of a value as a tag"
            self._add("E103", what, place, f"put it in quotes: {quoted(rest)}")
        else:
            what = f"'{rest.split(' ')[0]}' is a YAML tag"
            self._add("E107", what, place, "leave it out, or put the value in quotes")

    def _rest(self, event: Event) -> str:
        """What stands on the line from the event on, without a comment."""
        return self._copy.line(event.start.line)[event.start.column :].split(" #")[0].rstrip()

    def _anchor(self, what: str, place: Place) -> None:
        self._add(
            "E106",
            f"'{what}': anchors, aliases and merge keys are not used here",
            place,
            "write the value out, or put it in quotes where it is text",
        )


def _skip(stream: Iterator[Event]) -> None:
    depth = 1
    while depth:
        kind = next(stream).kind
        depth += kind in {Kind.LIST, Kind.MAPPING}
        depth -= kind in {Kind.LIST_END, Kind.MAPPING_END}


def _too_deep(place: Place) -> Problem:
    return Problem("E109", f"values are nested more than {DEPTH} deep", place)


def _bad_character(copy: Copy, error: BadCharacter) -> Problem:
    before = copy.text[: error.position]
    column = error.position - (before.rfind("\n") + 1) + 1
    place = Place(copy.path, before.count("\n") + 1, column)
    return Problem("E101", f"the character {error.character!r} is not allowed in YAML", place)
