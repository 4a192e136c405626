"""Verifying the ledger: every chain recomputed from the bytes that were stored."""

from govern.domain.actor import Actor
from govern.domain.refusal import NotAllowed
from govern.domain.role import Role
from govern.ledger.verify import Audit, verify
from govern.services.runtime import Runtime
from govern.store import events


def verify_ledger(runtime: Runtime, actor: Actor) -> Audit:
    """Every chain, with the first event of each that does not hold. For auditors and the operator."""
    needed = {Role.ADMIN, Role.AUDITOR}
    if needed.isdisjoint(actor.everywhere):
        raise NotAllowed(
            "Verifying the whole ledger takes the role auditor or admin on the installation.",
            needed=sorted(role.value for role in needed),
        )
    with runtime.store.reading() as connection:
        return verify(events.stored_events(connection), events.stored_heads(connection))
