"""What a YAML text says, as frozen nodes that know where they stand in the file."""

from dataclasses import dataclass

from govern.documents.source import Place


@dataclass(frozen=True, slots=True)
class Run:
    """From `offset` in a scalar's value on, `length` characters stand in one piece in the file."""

    offset: int
    line: int
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number or nothing: `text` is the value after YAML's unquoting and folding.

    `style` is YAML's: `""` plain, `"'"`, `'"'`, `"|"`, `">"`. `cut` is what a comment on the same
    line took away from a plain value (`"#1 of 3"`), or `None`.
    """

    text: str
    place: Place
    style: str
    runs: tuple[Run, ...]
    cut: str | None = None

    @property
    def is_null(self) -> bool:
        """Whether YAML 1.2 reads it as nothing: `~`, `null` or an empty plain value."""
        return self.style == "" and self.text in {"", "~", "null", "Null", "NULL"}

    def at(self, offset: int, length: int = 1) -> Place:
        """Where the value's character number `offset` (from 0) stands in the file.

        The place covers up to `length` characters, as far as they stand on the same line. An
        offset at the value's end is the place just behind it.
        """
        run = self.runs[0]
        for candidate in self.runs:
            if candidate.offset > offset:
                break
            run = candidate
        inside = max(0, min(offset - run.offset, run.length))
        return Place(
            self.place.path,
            run.line,
            run.column + inside,
            max(1, min(length, run.length - inside)),
        )


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    key_place: Place
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in the order of the file, each once (a second one is a problem and left out)."""

    entries: tuple[Entry, ...]
    place: Place

    def entry(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)

    def get(self, key: str) -> "Node | None":
        entry = self.entry(key)
        return entry.value if entry else None


Node = Scalar | Sequence | Mapping


def kind(node: Node) -> str:
    """The node's kind in words, for messages."""
    match node:
        case Mapping():
            return "a mapping"
        case Sequence():
            return "a list"
        case Scalar():
            return "nothing" if node.is_null else "text"
