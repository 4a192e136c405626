"""Projects in flight change to another version of their workflow, or to another workflow.

First a preview, which changes nothing: who moves, which stage becomes which, and what is lost. Its
digest says that what was previewed is what is applied: where anything in it has changed since, the
migration is refused. Applied, all of it is one transaction.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.plain import plain
from govern.domain.record import Record
from govern.domain.refusal import CannotMigrate, InvalidInput, NotFound, PreviewChanged
from govern.domain.role import Permission
from govern.domain.stage import TERMINATED
from govern.ledger.canonical import canonical
from govern.process.definition import Workflow
from govern.process.difference import difference
from govern.process.machine import Machine
from govern.process.migration import place
from govern.services import migrated_waivers
from govern.services.access import require_everywhere
from govern.services.catalog import Process
from govern.services.ledger import record_event
from govern.services.receipts import receipts
from govern.services.runtime import Runtime
from govern.services.workflows import version_of
from govern.store import blobs, projects, scores, submissions


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which projects go where. Without `projects`, all that are under way in another version of the
    workflow. `mapping` is stage → stage, for those whose name the new version does not have;
    `withdraw` closes the submissions that are open."""

    workflow: str
    version: int | None = None
    projects: Sequence[str] | None = None
    mapping: Mapping[str, str] | None = None
    withdraw: bool = False


def preview(runtime: Runtime, actor: Actor, wanted: Wanted, *, now: datetime) -> Record:
    """What a migration would do; changes nothing.

    Raises NotAllowed, NotFound for a workflow, version or project, InvalidInput for a mapping of or
    to stages that are not there.
    """
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    with runtime.store.reading() as connection:
        plan = _plan(runtime, connection, wanted, now, lock=False)
    return {**plan, "receipts": []}


def in_flight(runtime: Runtime, before: Workflow, after: Workflow) -> list[Record]:
    """How many projects stand in each stage of a stored version, and where `after` has them: the
    stage of the same name, or `why` there is none."""
    machine = Machine(after)
    with runtime.store.reading() as connection:
        standing = Counter(
            (each["stage"], each["held_from"])
            for each in projects.every(connection)
            if each["workflow_digest"] == before.digest
            and each["stage"] not in (TERMINATED, before.final)
        )
    found: list[Record] = []
    for (stage, held_from), count in sorted(standing.items(), key=lambda each: str(each[0])):
        placed = place(stage, held_from, before, machine, {})
        found.append(
            {
                "stage": stage,
                "held_from": held_from,
                "projects": count,
                "to_stage": None if placed.moved is None else placed.moved.stage,
                "why": placed.why,
            }
        )
    return found


def migrate(
    runtime: Runtime, actor: Actor, wanted: Wanted, *, seen: str, reason: str, now: datetime
) -> Record:
    """Does what the preview with the digest `seen` said, all of it or nothing. With the `receipts`,
    one per project.

    Raises what `preview` does, PreviewChanged where it would do something else by now, and
    CannotMigrate with the projects that stand in the way.
    """
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    with runtime.store.writing() as connection:
        plan = _plan(runtime, connection, wanted, now, lock=True)
        if plan["preview"] != seen:
            raise PreviewChanged(
                "The preview says something else by now: read it again, then decide.",
                expected=seen,
                current=plan["preview"],
            )
        if plan["refused"]:
            raise CannotMigrate(
                f"{len(plan['refused'])} of the projects cannot change so; nothing was changed.",
                refused=plan["refused"],
            )
        for step in plan["projects"]:
            _apply(connection, actor, plan, step, reason, now)
        changed = [step["project"] for step in plan["projects"]]
        return {**plan, "receipts": receipts(runtime, connection, changed)}


def _plan(
    runtime: Runtime, connection: Connection, wanted: Wanted, now: datetime, *, lock: bool
) -> Record:
    digest = version_of(connection, wanted.workflow, wanted.version)
    target = runtime.catalog.process(connection, digest)
    chosen = _chosen(runtime, connection, wanted, target.workflow, lock)
    mapping = dict(wanted.mapping or {})
    sources = {
        each["workflow_digest"]: runtime.catalog.process(
            connection, each["workflow_digest"]
        ).workflow
        for each in chosen
    }
    _check(mapping, list(sources.values()), target.workflow)
    steps: list[Record] = []
    refused: list[Record] = []
    for project in chosen:
        before = sources[project["workflow_digest"]]
        step, why = _step(connection, project, before, target, mapping, wanted.withdraw, now.date())
        steps.append(step)
        refused += [{"project": project["id"], "stage": stage, "why": each} for stage, each in why]
    plan: Record = {
        "workflow": target.workflow.id,
        "version": target.workflow.version,
        "digest": digest,
        "mapping": mapping,
        "withdraw": wanted.withdraw,
        "projects": steps,
        "refused": refused,
        "changes": [
            {
                "workflow": each.id,
                "version": each.version,
                "digest": each.digest,
                "sentences": [change.sentence for change in difference(each, target.workflow)],
            }
            for each in sorted(sources.values(), key=lambda each: (each.id, each.version))
        ],
    }
    return {**plan, "preview": blobs.digest_of(canonical(plain(plan)))}


def _chosen(
    runtime: Runtime, connection: Connection, wanted: Wanted, target: Workflow, lock: bool
) -> list[Record]:
    """The projects to change, in the order of their ids, which is the order of their locks."""
    if wanted.projects is None:
        ids = [
            each["id"]
            for each in projects.every(connection)
            if each["workflow"] == target.id
            and each["stage"] != TERMINATED
            and each["stage"]
            != runtime.catalog.process(connection, each["workflow_digest"]).workflow.final
        ]
    else:
        ids = sorted(set(wanted.projects))
    found: list[Record] = []
    for project_id in ids:
        project = projects.find(connection, project_id, lock)
        if project is None:
            raise NotFound(f"There is no project '{project_id}'.", project=project_id)
        if project["workflow_digest"] != target.digest:
            found.append(project)
    return found


def _check(mapping: Mapping[str, str], sources: Sequence[Workflow], target: Workflow) -> None:
    errors: dict[str, list[str]] = {}
    known = {stage for each in sources for stage in each.stages}
    for old, new in mapping.items():
        if known and old not in known:
            errors[f"map.{old}"] = ["none of the projects' workflows has this stage"]
        elif new not in target.stages:
            errors[f"map.{old}"] = [
                f"workflow '{target.id}' has no stage '{new}'; it has {', '.join(target.stages)}"
            ]
    if errors:
        raise InvalidInput("The mapping names stages that are not there.", errors=errors)


def _step(
    connection: Connection,
    project: Record,
    before: Workflow,
    target: Process,
    mapping: Mapping[str, str],
    withdraw: bool,
    today: date,
) -> tuple[Record, list[tuple[str, str]]]:
    """What happens to one project; and (stage, why) of what stands in the way."""
    placed = place(project["stage"], project["held_from"], before, target.machine, mapping)
    waiting = submissions.open_one(connection, project["id"])
    why = [] if placed.why is None else [(placed.stage, placed.why)]
    if waiting is not None and not withdraw:
        told = (
            f"submission {waiting['id']} to gate '{waiting['gate']}' is open: decide it first, "
            "or withdraw it with the migration"
        )
        why.append((project["stage"], told))
    moved = placed.moved
    pointless = migrated_waivers.pointless(
        connection, project["id"], before, target.workflow, today
    )
    step: Record = {
        "project": project["id"],
        "name": project["name"],
        "project_version": project["version"],
        "workflow": before.id,
        "version": before.version,
        "digest": before.digest,
        "stage": project["stage"],
        "to_stage": None if moved is None else moved.stage,
        "held_from": project["held_from"],
        "to_held_from": None if moved is None else moved.held_from,
        "submission": None if waiting is None else waiting["id"],
        "submission_version": None if waiting is None else waiting["version"],
        "waivers": [each["id"] for each in pointless],
        "lost": [
            *_lost_submission(connection, waiting),
            *map(migrated_waivers.told, pointless),
            *(
                [f"The time in stage begins anew: '{moved.stage}' is entered with the migration."]
                if moved is not None and moved.stage != project["stage"]
                else []
            ),
        ],
    }
    return step, why


def _lost_submission(connection: Connection, waiting: Record | None) -> list[str]:
    if waiting is None:
        return []
    votes = len(submissions.votes(connection, waiting["id"]))
    given = len(scores.of_submission(connection, waiting["id"]))
    return [
        f"Submission {waiting['id']} to gate '{waiting['gate']}' ends undecided, with "
        f"{_many(votes, 'vote')} and {_many(given, 'score')}."
    ]


def _apply(
    connection: Connection, actor: Actor, plan: Record, step: Record, reason: str, now: datetime
) -> None:
    project_id = step["project"]
    if step["submission"] is not None:
        _withdraw(connection, actor, step, reason, now)
    for waiver in step["waivers"]:
        migrated_waivers.end(connection, actor, project_id, waiver, reason, now)
    fields: dict[str, Any] = {
        "workflow_digest": plan["digest"],
        "stage": step["to_stage"],
        "held_from": step["to_held_from"],
    }
    projects.change(connection, project_id, step["project_version"], fields)
    if step["to_stage"] != step["stage"]:
        projects.add_move(connection, project_id, step["stage"], step["to_stage"], now.date(), now)
    record_event(
        connection,
        project_id,
        actor,
        "project.migrated",
        {
            "from": {name: step[name] for name in ("workflow", "version", "digest")},
            "to": {name: plan[name] for name in ("workflow", "version", "digest")},
            "from_stage": step["stage"],
            "to_stage": step["to_stage"],
            "from_held_from": step["held_from"],
            "to_held_from": step["to_held_from"],
            "mapping": plan["mapping"],
            "withdrawn": step["submission"],
            "lost": step["lost"],
            "preview": plan["preview"],
            "reason": reason,
        },
        now,
    )


def _withdraw(
    connection: Connection, actor: Actor, step: Record, reason: str, now: datetime
) -> None:
    found = submissions.find(connection, step["submission"], lock=True)
    if found is None:
        raise NotFound(f"There is no submission {step['submission']}.")
    submissions.change(connection, found["id"], found["version"], {"state": submissions.WITHDRAWN})
    record_event(
        connection,
        step["project"],
        actor,
        "gate.withdrawn",
        {
            "submission": found["id"],
            "gate": found["gate"],
            "iteration": found["iteration"],
            "reason": reason,
        },
        now,
    )


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
