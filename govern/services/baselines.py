"""Baselines: the plan as it was agreed, one version after the other, each kept whole under its digest.

The gate that freezes the plan makes version 1, every applied scope change the next. A project that was
frozen before versions were kept has its first one all the same: nothing that was agreed could change
since, so it is read from the KPIs and planned values as they stand, and where the event of the freezing
says otherwise, from that. The first scope change keeps it.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain import agreed
from govern.domain.actor import Actor
from govern.domain.agreed import Agreed, Difference
from govern.domain.record import Record
from govern.domain.refusal import NotFound
from govern.services import plan_content, plan_differences
from govern.services.access import project_for
from govern.services.ledger import Told, keep, kept, record_event
from govern.services.plan_content import Plan
from govern.services.runtime import Runtime
from govern.store import baselines, readings

FORMAT = "govern/baseline/v2"
"""The first one held no more than the KPIs."""

FIRST = 1


def freeze(
    connection: Connection, actor: Actor, project: Record, gate: str, now: datetime
) -> tuple[dict[str, Any], Told]:
    """Keeps version 1 of the plan of a project that the caller has locked; returns the columns of the
    project that say so, and the event, which is the caller's to record."""
    told = _keep(connection, actor, project["id"], FIRST, None, now)
    return {"baseline_frozen_at": now}, ("baseline.frozen", {"gate": gate, **told})


def keep_first(connection: Connection, actor: Actor, project: Record, now: datetime) -> None:
    """Keeps version 1 of a project that was frozen before versions were, unless it is kept."""
    if baselines.last_number(connection, project["id"]) > 0:
        return
    told = _keep(
        connection,
        actor,
        project["id"],
        FIRST,
        None,
        now,
        plan_content.reconstructed(connection, project),
    )
    record_event(
        connection,
        project["id"],
        actor,
        "baseline.kept",
        {**told, "frozen_at": project["baseline_frozen_at"]},
        now,
    )


def keep_next(
    connection: Connection, actor: Actor, project_id: str, scope_change: int, now: datetime
) -> dict[str, Any]:
    """Keeps the plan as it stands as the next version; returns what an event tells of it. The event is
    the caller's to record."""
    number = baselines.last_number(connection, project_id) + 1
    return _keep(connection, actor, project_id, number, scope_change, now)


def list_baselines(runtime: Runtime, actor: Actor, project_id: str) -> list[Record]:
    """The versions of a project's plan, the first one first; none before a gate has frozen it."""
    with runtime.store.reading() as connection:
        return versions(connection, project_for(connection, actor, project_id))


def get_baseline(runtime: Runtime, actor: Actor, project_id: str, number: int) -> Record:
    """A version with what it holds of every KPI, as `kpis`: its fields in words, its planned values; of
    every deliverable, as `deliverables`; and of the project, as `terms`. What a version does not hold
    is `None`. Raises NotFound.
    """
    with runtime.store.reading() as connection:
        project = project_for(connection, actor, project_id)
        version = _version(connection, project, number)
        plan = plan_of(connection, project, version)
    held = plan.deliverables
    return {
        **version,
        "kpis": [plan_differences.agreed_told(plan.kpis[each]) for each in sorted(plan.kpis)],
        "deliverables": None
        if held is None
        else [
            {
                "deliverable": each,
                "name": held[each]["name"],
                "fields": plan_differences.in_words(held[each]),
            }
            for each in sorted(held)
        ],
        "terms": None if plan.project is None else plan_differences.in_words(plan.project),
    }


def compare(
    runtime: Runtime, actor: Actor, project_id: str, first: int, second: int, *, now: datetime
) -> Record:
    """Two versions side by side, and today's results held against each of them.

    `kpis` has one entry for every KPI of either: how it differs, the `period` that results are told for
    (the last one reported, or else the last that is over), the `actual` by then, and how that stands
    `against_first` and `against_second`, `None` against one that lacks the KPI. `deliverables` are those
    that differ and `terms` what differs of the project, `None` where a version does not say.
    """
    with runtime.store.reading() as connection:
        project = project_for(connection, actor, project_id)
        versions = [_version(connection, project, number) for number in (first, second)]
        one, other = (plan_of(connection, project, each) for each in versions)
        today = plan_content.kpis_as_they_stand(connection, project_id)
        actuals: dict[str, dict[date, Decimal | None]] = {}
        for (kpi_id, period), row in readings.in_force(connection, {project_id}).items():
            actuals.setdefault(kpi_id, {})[period] = row.actual
    return {
        "project": project_id,
        "first": versions[0],
        "second": versions[1],
        "kpis": [
            _compared(
                agreed.difference(one.kpis.get(kpi), other.kpis.get(kpi)),
                today.get(kpi),
                actuals.get(kpi, {}),
                now.date(),
            )
            for kpi in sorted({*one.kpis, *other.kpis})
        ],
        "deliverables": _deliverables_compared(one, other),
        "terms": None
        if one.project is None or other.project is None
        else plan_differences.fields_told(one.project, other.project),
    }


def _deliverables_compared(one: Plan, other: Plan) -> list[Record] | None:
    first, second = one.deliverables, other.deliverables
    if first is None or second is None:
        return None
    sides = {each: (first.get(each), second.get(each)) for each in sorted({*first, *second})}
    return [
        plan_differences.deliverable_told(each, *both)
        for each, both in sides.items()
        if both[0] != both[1]
    ]


def _compared(
    found: Difference,
    now: Agreed | None,
    actuals: Mapping[date, Decimal | None],
    today: date,
) -> Record:
    measured = now or found.second or found.first
    assert measured is not None  # noqa: S101 - one of both has it
    period = agreed.judged_period(measured.cadence, actuals, today)
    begin = min([*measured.planned, *actuals], default=period)

    def against(plan: Agreed | None) -> Record | None:
        if plan is None:
            return None
        return asdict(agreed.standing(plan, measured, actuals, period, begin))

    return {
        **plan_differences.told_of(found),
        "period": period,
        "actual": agreed.to_date(measured, actuals, period, begin),
        "against_first": against(found.first),
        "against_second": against(found.second),
    }


def _keep(
    connection: Connection,
    actor: Actor,
    project_id: str,
    number: int,
    scope_change: int | None,
    now: datetime,
    plan: Plan | None = None,
) -> dict[str, Any]:
    found = plan_content.as_it_stands(connection, project_id) if plan is None else plan
    told = plan_content.told(found)
    digest = keep(connection, {"format": FORMAT, "project": project_id, **told}, now)
    by = actor.person_id
    row = baselines.add(connection, project_id, number, digest, scope_change, by, now)
    return {
        "baseline": row,
        "number": number,
        "digest": digest,
        "scope_change": scope_change,
        **told,
    }


def versions(connection: Connection, project: Record) -> list[Record]:
    found = baselines.of_project(connection, project["id"])
    if not found and project["baseline_frozen_at"] is not None:
        return [
            {
                "project": project["id"],
                "number": FIRST,
                "digest": None,
                "scope_change": None,
                "recorded_by": None,
                "recorded_at": project["baseline_frozen_at"],
            }
        ]
    return found


def _version(connection: Connection, project: Record, number: int) -> Record:
    found = versions(connection, project)
    known = [each["number"] for each in found]
    if number not in known:
        has = f"it has {', '.join(map(str, known))}" if known else "no gate has frozen its plan"
        raise NotFound(
            f"Project {project['id']} has no baseline {number}: {has}.",
            project=project["id"],
            known=known,
        )
    return found[known.index(number)]


def plan_of(connection: Connection, project: Record, version: Record) -> Plan:
    if version["digest"] is None:
        return plan_content.reconstructed(connection, project)
    content = kept(connection, version["digest"])
    if content is None:
        raise NotFound(
            f"The content of baseline {version['number']} of project {project['id']} is gone: "
            "govern audit verify tells what else is.",
            project=project["id"],
            digest=version["digest"],
        )
    return plan_content.read(content)
