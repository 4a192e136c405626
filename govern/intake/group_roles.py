"""Files that say which role a group of the organisation's sign-in brings, `govern/roles/v1`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from govern.documents import yaml
from govern.documents.problem import Level, Problem
from govern.documents.read import read
from govern.documents.shape import Choice, Field, Fields, ListOf, Record, Text, Word
from govern.documents.source import Place, Source
from govern.domain.actor import Grant
from govern.domain.role import Role

VERSION: Final = "govern/roles/v1"

SCHEMA: Final[Field[str]] = Field("schema", Word((VERSION,)), required=True, doc=VERSION)
GROUP: Final[Field[str]] = Field("group", Text(), required=True, doc="As the issuer names it.")
ROLE: Final[Field[Any]] = Field("role", Choice(Role), required=True, doc="The role that it brings.")
PORTFOLIO: Final[Field[str]] = Field("portfolio", Text(), doc="On this portfolio only.")
PROJECT: Final[Field[str]] = Field("project", Text(), doc="On this project only.")
ENTRY: Final = Record("a group's role", (GROUP, ROLE, PORTFOLIO, PROJECT))
ROLES: Final[Field[tuple[Fields, ...]]] = Field(
    "roles", ListOf(ENTRY, least=1), required=True, doc="One entry per group and role."
)
FILE: Final = Record("a roles file", (SCHEMA, ROLES))

LARGEST = 1_000_000
"""Characters of a file that are read."""


@dataclass(frozen=True, slots=True)
class GroupRoles:
    """`brings`: group → what it brings, in the order of the file."""

    brings: Mapping[str, tuple[Grant, ...]]

    def of(self, groups: Collection[str]) -> dict[Grant, str]:
        """What these groups bring, each with the first group of the file that brings it."""
        found: dict[Grant, str] = {}
        for group, grants in self.brings.items():
            if group in groups:
                for each in grants:
                    found.setdefault(each, group)
        return found


@dataclass(frozen=True, slots=True)
class Loaded:
    """`roles` is None where the file has an error. `sources` is what `render` needs."""

    roles: GroupRoles | None
    problems: tuple[Problem, ...]
    sources: Mapping[str, Source]


def load(path: Path) -> Loaded:
    """Reads a file, with every problem in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        place = Place(path.as_posix(), 1, 1)
        what = f"the file cannot be read: {type(error).__name__}"
        return Loaded(None, (Problem("E100", what, place, "name a UTF-8 file"),), {})
    return load_text(path.as_posix(), text[:LARGEST])


def load_text(path: str, text: str) -> Loaded:
    source = Source(path, text)
    document = yaml.load(source)
    problems = list(document.problems)
    fields = None if document.root is None else read(document.root, FILE, problems)
    entries = () if fields is None else fields.get(ROLES) or ()
    brings: dict[str, tuple[Grant, ...]] = {}
    for each in entries:
        if not each.complete:
            continue
        if each.get(PORTFOLIO) is not None and each.get(PROJECT) is not None:
            what = f"the group '{each[GROUP]}' brings a role on a portfolio and a project at once"
            problems.append(Problem("E602", what, each.place(PROJECT), "leave one of them out"))
            continue
        grant = Grant(Role(each[ROLE]), each.get(PORTFOLIO), each.get(PROJECT))
        held = brings.get(each[GROUP], ())
        if grant in held:
            what = f"the group '{each[GROUP]}' brings the role {grant.role} there already"
            problems.append(Problem("E602", what, each.place(GROUP), "take one of them out"))
            continue
        brings[each[GROUP]] = (*held, grant)
    sources = {source.path: source}
    if fields is None or any(each.level is Level.ERROR for each in problems):
        return Loaded(None, tuple(problems), sources)
    return Loaded(GroupRoles(brings), tuple(problems), sources)
