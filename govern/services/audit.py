"""Verifying the ledger: every chain recomputed from the bytes that were stored, every content that an
event cites held against the digest it is cited by, the log over all of it held against what was
signed, and the guards of the database looked at."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from cryptography.x509 import Certificate
from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.count import counted
from govern.domain.refusal import NotAllowed
from govern.domain.role import Role
from govern.ledger.assurance import assure
from govern.ledger.body import NOT_QUICK
from govern.ledger.checkpoint import Checkpoint
from govern.ledger.keys import KeyFault, Rotation, TrustedKey, open_rotation
from govern.ledger.note import NoteFault, Verifier
from govern.ledger.policy import Policy
from govern.ledger.verify import Audit, Fault, verify
from govern.ledger.verify_heads import DailyHeads
from govern.ledger.verify_log import LOG, Entry, LogAudit, Opener, verify_log
from govern.services import audit_keys, audit_stamps, daily_heads
from govern.services.audit_cited import Cited
from govern.services.key_changes import ROTATED
from govern.services.ledger import SERVICE
from govern.services.runtime import Runtime
from govern.store import blobs, cited, evidence, guards, stored
from govern.store.stored import Told


@dataclass(frozen=True, slots=True)
class LedgerAudit:
    """What was seen, and the first fault of every chain that has one; after them those of the log,
    which name the first event that nothing signed vouches for any more.

    `sealed` events are in the log; checkpoints vouch for the first `vouched` of its entries, and the
    witnesses of the policy for the first `witnessed`. `heads` are the days whose heads were made again
    and are as stated, `timestamps` the answers of authorities that hold. `faults` may name the chain
    `@log`, where no event is left to be named. `fallen` are the guards of the database that do not
    stand; `remarks` tell what could not be looked at, and why.
    """

    chains: int
    events: int
    faults: tuple[Fault, ...]
    sealed: int = 0
    checkpoints: int = 0
    vouched: int = 0
    witnessed: int = 0
    heads: int = 0
    timestamps: int = 0
    fallen: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.faults and not self.fallen


def verify_ledger(
    runtime: Runtime,
    actor: Actor,
    policy: Policy | None = None,
    roots: tuple[Certificate, ...] = (),
) -> LedgerAudit:
    """Everything that can be verified. For auditors and the operator.

    With a policy its keys count and no others; without one those of the folder of keys. Timestamps are
    looked at where `roots`, the certificates that their authorities' lead up to, are given.
    """
    needed = {Role.ADMIN, Role.AUDITOR}
    if needed.isdisjoint(actor.everywhere):
        raise NotAllowed(
            "Verifying the whole ledger takes the role auditor or admin on the installation.",
            needed=sorted(role.value for role in needed),
        )
    # Before the snapshot: what is sealed while this reads would be missed in it.
    signed = None if runtime.keys is None else runtime.keys.last_checkpoint()
    with runtime.store.reading() as connection:
        return _verified(runtime, connection, policy, roots, signed)


def _verified(
    runtime: Runtime,
    connection: Connection,
    policy: Policy | None,
    roots: tuple[Certificate, ...],
    signed: str | None,
) -> LedgerAudit:
    asked = _Asked(runtime, connection, policy, signed)
    chains, log, seen = _assured(asked) or _gone_through(asked)
    seen.cites.settle()
    remarks: list[str] = []
    cosignatures = stored.stored_cosignatures(connection)
    witnessed, unchecked, of_witnesses = audit_keys.cosigned(cosignatures, policy)
    timestamps, unread, of_authorities = audit_stamps.stamped(
        stored.stored_timestamps(connection), roots
    )
    if not seen.pinned:
        remarks.append(_NO_KEY if log.checkpoints else _NOTHING_SEALED)
    if unchecked:
        remarks.append(
            f"{counted(unchecked, 'cosignature')} of witnesses whose keys no policy pins."
        )
    if unread:
        remarks.append(
            f"{counted(unread, 'timestamp')} of authorities whose root certificates are not known."
        )
    if chains.events > log.entries:
        unsealed = counted(chains.events - log.entries, "event is", "events are")
        remarks.append(f"{unsealed} not sealed yet.")
    if guards.owned(connection):
        remarks.append(_OWNER)
    return LedgerAudit(
        chains.chains,
        chains.events,
        (
            *_first([*chains.faults, *seen.faults]),
            *log.faults,
            *seen.of_kept,
            *of_witnesses,
            *of_authorities,
        ),
        chains.sealed,
        log.checkpoints,
        log.vouched,
        witnessed,
        seen.days.held,
        timestamps,
        guards.fallen(connection),
        tuple(remarks),
    )


_NO_KEY = (
    "No key is pinned (--policy) and none is in the folder of keys: the roots of the checkpoints were "
    "recomputed, who signed them was not looked at."
)
_NOTHING_SEALED = (
    "Nothing is sealed, for there is no key: a chain that was written anew whole would not be seen. "
    "Make one: govern keys new --origin NAME"
)
_OWNER = (
    "The database role of this run owns the tables and could take their guards away; "
    "see govern database grants."
)


def _cited(runtime: Runtime, connection: Connection) -> Cited:
    on_disk = evidence.on_disk(connection)
    wrong = {digest: runtime.keeping.wrong_with(digest) for digest in on_disk}
    changed = dict.fromkeys(blobs.changed(connection), "was changed")
    return Cited(
        connection,
        changed | dict(cited.changed_personal(connection)),
        frozenset(on_disk),
        {digest: what for digest, what in wrong.items() if what is not None},
    )


def _pinned(runtime: Runtime, policy: Policy | None) -> tuple[Verifier, ...]:
    if policy is not None:
        return tuple(policy.logs)
    return () if runtime.keys is None else runtime.keys.verifiers()


def _kept(told: str | None, opener: Opener | None) -> tuple[list[Checkpoint], list[Fault]]:
    """What the folder of keys remembers to have signed last."""
    if told is None or opener is None:
        return [], []
    try:
        return [opener(told)], []
    except NoteFault as fault:
        what = f"the checkpoint kept in the folder of keys does not hold: {fault}"
        return [], [Fault(LOG, 0, what)]


_STATING = (ROTATED, daily_heads.SEALED)
"""Kinds of events of the installation's own chain that tell what the log has to be."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """`signed` is the last checkpoint as the folder of keys has it."""

    runtime: Runtime
    connection: Connection
    policy: Policy | None
    signed: str | None


def _assured(asked: _Asked) -> "tuple[Audit, LogAudit, _Seen] | None":
    """The quick way, and nothing where it is not sure. What the installation states of the log is read
    ahead, as the log is read while events still come; it has to be what they turn out to state."""
    connection, logs = asked.connection, list[LogAudit]()
    seen = _Seen(asked)
    try:
        ahead = stored.told_by(connection, SERVICE, _STATING)
    except NOT_QUICK:
        return None
    seen.believe(ahead)

    def read_log(entries: Iterable[Entry]) -> None:
        logs.append(seen.read_log(entries))

    with (
        closing(stored.events_as_they_lie(connection)) as events,
        closing(stored.entries_as_events_lie(connection)) as entries,
        closing(stored.stored_heads(connection)) as heads,
    ):
        try:
            while_at_it = read_log if stored.events_lie_by_index(connection) else None
            chains = assure(events, entries, heads, seen.look, while_at_it)
        except stored.Unreadable:
            return None
    if chains is None or seen.stated != ahead:
        return None
    if not logs:
        with closing(stored.stored_entries(connection)) as entries:
            read_log(entries)
    return chains, logs[0], seen


def _gone_through(asked: _Asked) -> "tuple[Audit, LogAudit, _Seen]":
    """Once more, with all that lies there believed in nothing: somebody has to be named."""
    seen = _Seen(asked)
    events = stored.stored_events(asked.connection)
    chains = verify(events, stored.stored_heads(asked.connection), seen.look)
    seen.believe(seen.stated)
    with closing(stored.patient_entries(asked.connection)) as entries:
        return chains, seen.read_log(entries), seen


class _Seen:
    """What is to be told of events beside that they hold: what they cite, and what they state."""

    def __init__(self, asked: _Asked) -> None:
        self._asked = asked
        self.cites = _cited(asked.runtime, asked.connection)
        self.pinned = _pinned(asked.runtime, asked.policy)
        self.changes = _KeyChanges()
        self.days = DailyHeads(SERVICE)
        self.stated: list[Told] = []
        self.of_kept: list[Fault] = []

    @property
    def faults(self) -> Iterable[Fault]:
        return (*self.cites.faults.values(), *self.changes.faults, *self.days.faults)

    def look(self, project: str, seq: int, kind: str, data: Any) -> None:
        self.cites.look(project, seq, kind, data)
        if kind in _STATING and project == SERVICE:
            self.stated.append((seq, kind, data))

    def believe(self, stated: Iterable[Told]) -> None:
        """The log is held against it."""
        for seq, kind, data in stated:
            of = self.changes if kind == ROTATED else self.days
            of.take(seq, data)

    def read_log(self, entries: Iterable[Entry]) -> LogAudit:
        opener = self.changes.opener(self.pinned) if self.pinned else audit_keys.unsigned
        known, self.of_kept = _kept(self._asked.signed, opener if self.pinned else None)
        with (
            closing(stored.stored_tiles(self._asked.connection)) as tiles,
            closing(stored.stored_checkpoints(self._asked.connection)) as checkpoints,
        ):
            return verify_log(self.days.watch(entries), tiles, checkpoints, opener, known)


@dataclass(slots=True)
class _KeyChanges:
    """The rotations that the ledger tells of, and what does not hold of them."""

    rotations: list[Rotation] = field(default_factory=list[Rotation])
    faults: list[Fault] = field(default_factory=list[Fault])
    _last: int = 0

    def take(self, seq: int, data: Any) -> None:
        self._last = seq
        try:
            rotation = open_rotation(str(data["statement"]))
            if data["key"] != str(rotation.new) or data["retired"] != str(rotation.old):
                raise NoteFault("it tells of other keys than its statement")
            self.rotations.append(rotation)
        except (NoteFault, KeyError, TypeError) as fault:
            self._fail(f"does not show that the log's key was replaced: {fault}")

    def opener(self, pinned: tuple[Verifier, ...]) -> Opener:
        try:
            return audit_keys.opener(audit_keys.trusted(pinned, self.rotations))
        except KeyFault as fault:
            self._fail(f"does not follow from the keys before: {fault}")
            return audit_keys.opener(TrustedKey(key) for key in pinned)

    def _fail(self, what: str) -> None:
        if not self.faults:
            self.faults.append(Fault(SERVICE, self._last, what))


def _first(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Of each chain the first."""
    first: dict[str, Fault] = {}
    for fault in faults:
        earlier = first.get(fault.project)
        if earlier is None or fault.seq < earlier.seq:
            first[fault.project] = fault
    return tuple(first[project] for project in sorted(first))
