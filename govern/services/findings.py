"""Findings of the sweep that stands for today, or of another one."""

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import NotFound
from govern.services.access import project_for
from govern.services.runtime import Runtime
from govern.store import findings
from govern.store.paging import Page, PageRequest


def list_findings(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    sweep: int | None = None,
    project: str | None = None,
    kpi: str | None = None,
    rule: str | None = None,
    state: str | None = None,
    severity: str | None = None,
) -> Page:
    """Those of the last sweep for the latest date, unless another sweep is named."""
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        sweep_id = sweep if sweep is not None else findings.current_sweep_id(connection)
        if sweep_id is None:
            return Page([], None)
        return findings.page(
            connection,
            actor,
            request,
            sweep_id=sweep_id,
            project_id=project,
            kpi_id=kpi,
            rule=rule,
            state=state,
            severity=severity,
        )


def current_sweep(runtime: Runtime) -> Record:
    """The sweep that stands for today. Raises NotFound before the first one."""
    with runtime.store.reading() as connection:
        as_of = findings.newest_as_of(connection)
        found = findings.latest_sweep(connection, as_of) if as_of is not None else None
    if found is None:
        raise NotFound("Nothing has been swept yet: run govern sweep.")
    return found
