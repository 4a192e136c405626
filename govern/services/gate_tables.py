"""The decision tables that gates read: those of the rulebook in force."""

from collections.abc import Mapping

from sqlalchemy import Connection

from govern.documents.problem import Problem
from govern.domain.record import Record
from govern.domain.stage import TERMINATED
from govern.language.table import Table
from govern.process.conditions import NO_TABLES, misfits, with_tables
from govern.process.definition import Gate, Unread, Workflow
from govern.rulebook.rule import Rulebook
from govern.services.runtime import Runtime
from govern.store import projects, revisions, rulebooks


def readable_gate(
    runtime: Runtime,
    connection: Connection,
    gate: Gate,
    portfolio: str | None,
    revision: Record | None,
) -> Gate:
    """The gate as it is judged in a portfolio by the rulebook of this revision, the one in force."""
    if not any(isinstance(each.condition, Unread) for each in gate.criteria):
        return gate
    if revision is None:
        return with_tables(gate, NO_TABLES)
    rulebook = runtime.catalog.rulebook(connection, revision["digest"])
    return with_tables(gate, rulebook.readable(portfolio))


def tables_in_force(runtime: Runtime) -> Mapping[str, Table]:
    """By name; none where no rulebook is in force."""
    with runtime.store.reading() as connection:
        revision = rulebooks.in_force(connection)
        if revision is None:
            return NO_TABLES
        return runtime.catalog.rulebook(connection, revision["digest"]).readable()


def lost_gates(runtime: Runtime, connection: Connection, rulebook: Rulebook) -> list[Problem]:
    """The criteria that could not be read any more with this rulebook in force, and can be now.

    Of every workflow's newest version, and of the others that projects are under way in.
    """
    revision = rulebooks.in_force(connection)
    if revision is None:
        return []
    workflows = _in_use(runtime, connection)
    if not any(_reads_tables(each) for each in workflows):
        return []
    now = runtime.catalog.rulebook(connection, revision["digest"])
    own = {name for table in rulebook.tables for name in table.portfolios}
    problems: dict[Problem, None] = {}
    for workflow in workflows:
        for portfolio in (None, *sorted(own)):
            found = misfits(workflow, now.readable(portfolio), rulebook.readable(portfolio))
            problems |= dict.fromkeys(found)
    return list(problems)


def _reads_tables(workflow: Workflow) -> bool:
    return any(
        isinstance(criterion.condition, Unread)
        for gate in workflow.gates
        for criterion in gate.criteria
    )


def _in_use(runtime: Runtime, connection: Connection) -> list[Workflow]:
    digests = dict.fromkeys(revisions.newest_of_each(connection))
    for digest, stage in projects.workflows_and_stages(connection):
        final = runtime.catalog.process(connection, digest).workflow.final
        if stage not in (final, TERMINATED):
            digests[digest] = None
    return [runtime.catalog.process(connection, digest).workflow for digest in digests]
