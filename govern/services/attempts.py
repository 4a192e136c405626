"""Attempts that the separation of duties refuses: they stand in the ledger though nothing came of them."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from govern.domain.actor import Actor
from govern.domain.refusal import SeparationOfDuties
from govern.services.ledger import record_event
from govern.services.runtime import Runtime


@contextmanager
def recorded_if_refused(
    runtime: Runtime, actor: Actor, kind: str, data: Mapping[str, Any], now: datetime
) -> Generator[None]:
    """Records `kind`, with the refusal's `gate`, in the chain of its `project`, where it has them."""
    try:
        yield
    except SeparationOfDuties as refused:
        project = refused.facts.get("project")
        if project is not None:
            with runtime.store.writing() as connection:
                known = {"gate": refused.facts.get("gate"), "code": refused.code}
                record_event(connection, project, actor, kind, {**data, **known}, now)
        raise
