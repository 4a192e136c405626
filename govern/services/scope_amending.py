"""Editing a scope change that waits: by whoever has proposed it, and by those who could decide it.

What was voted on is what was proposed then: votes on an earlier revision stay to be seen and count no more.
Whoever has amended it has made it their own, and never decides it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from govern.domain import agreed
from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotAllowed
from govern.services import scope_deciders, scope_deliverables, scope_effects, scope_projects
from govern.services.access import check_version, scope_change_for
from govern.services.effects import name_effects
from govern.services.kpis import DEFAULTS
from govern.services.ledger import record_event
from govern.services.receipts import receipt
from govern.services.runtime import Runtime
from govern.services.scope_changes import get_scope_change, refuse_ended, require_open
from govern.services.scope_effects import Kept
from govern.services.scope_kinds import Applying, Change
from govern.store import scope_changes

CONTENT = ("title", "reason", "effective_on")


def amend(
    runtime: Runtime,
    actor: Actor,
    scope_change_id: int,
    fields: Mapping[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> Record:
    """Writes what is given of `title`, `reason`, `changes`, `effective_on` and `effects`, as the next
    revision. All its changes are tried anew, so that it does what it shows now.

    Raises NotFound, NotAllowed, ScopeChangeClosed, StaleVersion, InvalidInput where nothing is given,
    and what a proposal raises.
    """
    if not fields:
        raise InvalidInput(
            "An amendment amends something.",
            errors={"changes": ["or title, reason, effective_on, effects"]},
        )
    with runtime.store.writing() as connection:
        found, project = scope_change_for(connection, actor, scope_change_id)
        asked: Sequence[Change] = fields.get("changes") or [
            _asked_again(each) for each in found["changes"]
        ]
        effective_on: date | None = fields.get("effective_on", found["effective_on"])
        applying = Applying(runtime, connection, actor, actor, project, None, effective_on, now)
        scope_effects.lock(applying, asked)
        found, project = scope_change_for(connection, actor, scope_change_id, lock=True)
        workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
        gate = scope_deciders.gate_of(project, workflow)
        if not scope_deciders.may_amend(connection, actor, found, project, gate, now):
            needed = sorted(role.value for role in gate.roles)
            raise NotAllowed(
                "A scope change is amended by whoever has proposed it, and by those who could decide it: "
                f"{', '.join(needed)} of project {project['id']}.",
                needed=needed,
                held=sorted(x.value for x in actor.roles_on(project["portfolio"], project["id"])),
            )
        require_open(found)
        check_version(found, version)
        refuse_ended(project, workflow)
        before = found["amended_by"]
        values: dict[str, Any] = {
            **{name: fields.get(name, found[name]) for name in CONTENT},
            "changes": scope_effects.tried(applying, asked),
            "revision": found["revision"] + 1,
            "amended_by": [*(each for each in before if each != actor.person_id), actor.person_id],
        }
        scope_changes.change(connection, scope_change_id, found["version"], values)
        told = {"scope_change": scope_change_id, **values}
        record_event(connection, project["id"], actor, "scope_change.amended", told, now)
        if "effects" in fields:
            name_effects(
                connection,
                actor,
                project,
                fields["effects"],
                scope_change=scope_change_id,
                recommendation=found["recommendation"],
                now=now,
            )
        signed = receipt(runtime, connection, project["id"])
    return {**get_scope_change(runtime, actor, scope_change_id, now=now), "receipt": signed}


def _asked_again(change: Kept) -> dict[str, Any]:
    """A change that was kept, as it would be asked for."""
    kind: str = change["kind"]
    asked: dict[str, Any] = {"kind": kind}
    fields: dict[str, Any] | None = change.get("fields")
    if fields is not None:
        asked["fields"] = _typed(kind, fields)
    if kind not in ("add_kpi", "add_deliverable"):
        asked |= {name: change[name] for name in ("kpi", "deliverable") if name in change}
    if "planned" in change:
        asked["planned"] = [
            {"period": date.fromisoformat(each["period"]), "planned": Decimal(each["planned"])}
            for each in change["planned"]
        ]
    if change.get("until") is not None:
        asked["until"] = date.fromisoformat(change["until"])
    return asked


def _typed(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "project":
        return scope_projects.typed(fields)
    if kind in ("deliverable", "add_deliverable"):
        return scope_deliverables.typed(fields)
    found = {name: each for name, each in agreed.typed(fields).items() if name != "project"}
    if kind == "kpi" or found.get("template"):
        return found
    # A new KPI was kept with all its fields: those that nobody has set come by themselves.
    return {name: each for name, each in found.items() if each != DEFAULTS.get(name, _NOTHING)}


_NOTHING = object()
