"""Workflows and rulebooks by the digest of their text, parsed once: equal digest, equal meaning."""

import json
from dataclasses import dataclass, field

from sqlalchemy import Connection

from govern.domain.refusal import BadConfiguration, NoRulebook
from govern.process import load as workflow_files
from govern.process.definition import Workflow
from govern.process.machine import Machine
from govern.rulebook import load as rule_files
from govern.rulebook.rule import Rulebook
from govern.store import blobs, revisions, rulebooks


@dataclass(frozen=True, slots=True)
class Process:
    """A workflow version and the machine built from it."""

    workflow: Workflow
    machine: Machine


@dataclass(slots=True)
class Catalog:
    _processes: dict[str, Process] = field(default_factory=dict[str, Process])
    _rulebooks: dict[str, Rulebook] = field(default_factory=dict[str, Rulebook])

    def process(self, connection: Connection, digest: str) -> Process:
        """The workflow version that a project runs under; criteria that read decision tables are
        unread in it. Raises BadConfiguration if this engine cannot read a text that an earlier one
        took."""
        known = self._processes.get(digest)
        if known is not None:
            return known
        revision = revisions.workflow(connection, digest)
        if revision is None:
            raise BadConfiguration(
                "A project runs under a workflow that is not stored.", digest=digest
            )
        text = _text(connection, digest)
        loaded = workflow_files.load_sources({revision["path"]: text}, tables=None)
        workflow = loaded.workflows.get(revision["workflow_id"])
        if workflow is None:
            raise BadConfiguration(
                "A stored workflow cannot be read any more.",
                digest=digest,
                problems=[problem.message for problem in loaded.problems],
            )
        process = Process(workflow, Machine(workflow))
        self._processes[digest] = process
        return process

    def rulebook(self, connection: Connection, digest: str) -> Rulebook:
        """A rulebook that is kept. Raises BadConfiguration as `process` does."""
        known = self._rulebooks.get(digest)
        if known is not None:
            return known
        loaded = rule_files.load_sources(self.sources(connection, digest))
        if loaded.rulebook is None:
            raise BadConfiguration(
                "A published rulebook cannot be read any more.",
                digest=digest,
                problems=[problem.message for problem in loaded.problems],
            )
        self._rulebooks[digest] = loaded.rulebook
        return loaded.rulebook

    def sources(self, connection: Connection, digest: str) -> dict[str, str]:
        """The files of a rulebook that was proposed or published: path → text."""
        return json.loads(_text(connection, digest))

    def published(self, connection: Connection) -> Rulebook:
        """The rulebook in force. Raises NoRulebook where none has been published."""
        revision = rulebooks.in_force(connection)
        if revision is None:
            raise NoRulebook("Publish a rules directory first: govern rules publish.")
        return self.rulebook(connection, revision["digest"])


def _text(connection: Connection, digest: str) -> str:
    kept = blobs.get(connection, digest)
    if kept is None:
        raise BadConfiguration("A text that decisions rest on is not stored.", digest=digest)
    return kept.content.decode()
