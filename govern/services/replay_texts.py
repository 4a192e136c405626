"""What events cite by digest, read as it was kept: facts, what voters saw, workflows, rulebooks."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from govern.documents.problem import Level, Problem
from govern.domain.personal import ERASED
from govern.observation.errors import ObservationError
from govern.observation.facts import tables_of
from govern.observation.frame import Observations, observe
from govern.process import load as workflow_files
from govern.process.definition import Workflow
from govern.process.machine import Machine
from govern.rulebook import load as rule_files
from govern.rulebook.rule import Rulebook

Read = Callable[[str], bytes | None]
"""The content kept under a digest; `None` where nothing is. May raise `CannotReplayError`."""

Reveal = Callable[[Any], Any]
"""Plain data in which references to personal texts are texts again, or `(erased)`."""

READ_BY_CONDITIONS = frozenset({"owner", "text", "objective"})
"""The personal fields of facts that a condition can read."""


class CannotReplayError(Exception):
    """What an event cites is not there, or this engine cannot read it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in words, and the observations they give. `erased` are the fields that a condition could
    read and whose text is no more, such as `owner`."""

    plain: Mapping[str, Any]
    observations: Observations
    erased: frozenset[str]

    @property
    def project(self) -> Mapping[str, Any]:
        return cast("Mapping[str, Any]", self.plain["project"])

    @property
    def as_of(self) -> str:
        return cast(str, self.plain["as_of"])


@dataclass(slots=True)
class Texts:
    """Reads and understands each text once, but facts, of which only the last few are held."""

    read: Read
    reveal: Reveal
    _workflows: dict[str, Workflow] = field(default_factory=dict[str, Workflow])
    _machines: dict[str, Machine] = field(default_factory=dict[str, Machine])
    _rulebooks: dict[str, Rulebook] = field(default_factory=dict[str, Rulebook])
    _facts: dict[str, Facts] = field(default_factory=dict[str, Facts])

    def facts(self, digest: str) -> Facts:
        """Raises `CannotReplayError`, as all of these do."""
        if digest not in self._facts:
            if len(self._facts) >= _FACTS_HELD:
                self._facts.pop(next(iter(self._facts)))
            self._facts[digest] = understood(self.plain(digest), f"the facts {digest}")
        return self._facts[digest]

    def workflow(self, digest: str) -> Workflow:
        """Criteria that read decision tables are unread in it."""
        if digest not in self._workflows:
            text = self._text(digest, "the workflow")
            loaded = workflow_files.load_sources({"workflow.yaml": text}, tables=None)
            if len(loaded.workflows) != 1:
                raise _unreadable("the workflow", digest, loaded.problems)
            (self._workflows[digest],) = loaded.workflows.values()
        return self._workflows[digest]

    def machine(self, digest: str) -> Machine:
        if digest not in self._machines:
            self._machines[digest] = Machine(self.workflow(digest))
        return self._machines[digest]

    def rulebook(self, digest: str) -> Rulebook:
        if digest not in self._rulebooks:
            sources = self._json(self._text(digest, "the rulebook"), digest)
            loaded = rule_files.load_sources(sources)
            if loaded.rulebook is None:
                raise _unreadable("the rulebook", digest, loaded.problems)
            self._rulebooks[digest] = loaded.rulebook
        return self._rulebooks[digest]

    def plain(self, digest: str) -> Any:
        """Kept plain data in words."""
        return self.reveal(self._json(self._text(digest, "the content"), digest))

    def _text(self, digest: str, what: str) -> str:
        content = self.read(digest)
        if content is None:
            raise CannotReplayError(f"{what} {digest} is not kept any more")
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise CannotReplayError(f"{what} {digest} is no text") from None

    def _json(self, text: str, digest: str) -> Any:
        try:
            return json.loads(text)
        except ValueError:
            raise CannotReplayError(f"the content {digest} is no JSON") from None


_FACTS_HELD = 4
"""A vote, its decision and the findings of a day rest on the same few."""


def understood(plain: Any, what: str) -> Facts:
    """Raises `CannotReplayError` for facts that this engine cannot observe."""
    try:
        observations = observe(tables_of([plain]), date.fromisoformat(plain["as_of"]))
    except (ObservationError, KeyError, TypeError, ValueError) as error:
        raise CannotReplayError(f"{what} cannot be observed: {error}") from error
    return Facts(plain, observations, frozenset(_erased(plain)) & READ_BY_CONDITIONS)


def _erased(data: Any) -> set[str]:
    if isinstance(data, list):
        return set[str]().union(*map(_erased, cast("list[Any]", data)))
    found: set[str] = set()
    if isinstance(data, dict):
        for name, value in cast("dict[str, Any]", data).items():
            if isinstance(value, str):
                found |= {name} if ERASED in value else set()
            else:
                found |= _erased(value)
    return found


def _unreadable(what: str, digest: str, problems: tuple[Problem, ...]) -> CannotReplayError:
    errors = [each for each in problems if each.level is Level.ERROR]
    first = f": {errors[0].place}: {errors[0].message}" if errors else ""
    return CannotReplayError(f"this engine cannot read {what} {digest}{first}")
