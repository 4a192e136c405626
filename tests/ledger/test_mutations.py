"""Ten thousand ways to damage a stored ledger, of every class of stored bytes: each is found, and the
first event that does not hold is the one that is named.

The ledger is small, real and in memory: three chains, a log over them, signed checkpoints, kept
content that events cite, and the public key; for subtree roots it is too small, which
have a test of their own. A mutation changes the stored values as somebody could who has the database,
and does not have the log's private key.
"""

import hashlib
import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

import pytest

from govern.domain.instant import write_instant
from govern.ledger.assurance import assure
from govern.ledger.canonical import canonical
from govern.ledger.checkpoint import Checkpoint, sign_checkpoint
from govern.ledger.event import GENESIS, compose, leaf_hash
from govern.ledger.merkle import Frontier
from govern.ledger.note import Algorithm, NoteFault, Signer
from govern.ledger.verify import Audit, Fault, StoredEvent, StoredHead, verify
from govern.ledger.verify_log import (
    LOG,
    TILE_LEVELS,
    StoredCheckpoint,
    StoredEntry,
    StoredTile,
    in_order,
    verify_log,
)
from govern.services.audit_keys import opener_of
from tests.ledger.chains import START, stored

EACH = 260
"""Mutations of each kind of each class: 8 classes of 5 kinds."""
CHAINS = {"LIRR": 14, "MNR": 9, "@service": 11}
SEALED_AT = (1, 2, 5, 9, 20, 21, 30)
"""The sizes at which the log was sealed; what comes after the last is not sealed yet."""
SIGNER = Signer("govern.example/log", Algorithm.ED25519, bytes(range(32)))


@dataclass(frozen=True)
class Ledger:
    """What lies in the tables. Events are kept as lists of rows per chain, in their stored order."""

    events: list[StoredEvent]
    heads: list[StoredHead]
    entries: list[StoredEntry]
    tiles: list[StoredTile]
    checkpoints: list[StoredCheckpoint]
    blobs: dict[str, bytes]
    key: str
    kept: Checkpoint

    def assured(self, order: Callable[[StoredEvent], Any]) -> Audit | None:
        """What the quick pass is sure of, of events that lie in this order."""
        entries = [
            (each.log_index, each.project, each.seq, each.leaf)
            for each in sorted(self.entries, key=lambda each: each.log_index or 0)
        ]
        events = [row[:7] for row in sorted(self.events, key=order)]
        logs: list[list[Fault]] = []
        found = assure(
            cast("Any", events),
            cast("Any", entries),
            self.heads,
            read_log=lambda met: logs.append(self.faults_of_log(met)),
        )
        # What the log is found to be while events still come is what it is by itself.
        assert found is None or logs == [self.faults_of_log(entries)]
        return found

    def faults(self) -> list[Fault]:
        """As `govern audit verify` finds them: chains with what they cite, then the log."""
        cited: list[Fault] = []

        def look(project: str, seq: int, kind: str, data: Any) -> None:
            digest = data.get("facts_digest") if isinstance(data, dict) else None
            content = self.blobs.get(digest) if isinstance(digest, str) else b""
            if content is None or (digest and _digest(content) != digest):
                cited.append(Fault(project, seq, "cites content that was changed or is gone"))

        log = {(each.project, each.seq): each for each in self.entries}
        events = []
        for row in sorted(self.events, key=lambda row: (row.project, row.seq or 0)):
            entry = log.get((row.project, row.seq))
            events.append(
                row
                if entry is None
                else row._replace(log_index=entry.log_index, log_leaf=entry.leaf)
            )
        chains = verify(events, self.heads, look)
        for order in ORDERS:
            assert self.assured(order) is None or not chains.faults
        by_index = sorted(self.entries, key=lambda each: each.log_index or 0)
        return [*chains.faults, *cited, *self.faults_of_log(by_index)]

    def faults_of_log(self, entries: Iterable[Any]) -> list[Fault]:
        try:
            opener = opener_of([self.key])
        except NoteFault as fault:
            first = self.entries[0]
            return [Fault(first.project, first.seq or 0, str(fault))]
        found = verify_log(
            entries,
            in_order(self.tiles),
            sorted(self.checkpoints, key=lambda each: each.size),
            opener,
            [self.kept],
        )
        return list(found.faults)


ORDERS: tuple[Callable[[StoredEvent], Any], ...] = (
    lambda row: (row.project, row.seq or 0),
    lambda row: row.recorded_at.encode("utf-8", "surrogateescape"),
)
"""As events lie in PostgreSQL by the key, and in SQLite by when they were written."""


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def ledger_of(lengths: dict[str, int], sealed_at: tuple[int, ...]) -> Ledger:
    """Chains of these lengths, whose log was sealed at these sizes; the last is all of the log."""
    blobs = {_digest(content): content for content in (b"facts %d" % n for n in range(40))}
    digests = list(blobs)
    chains: dict[str, list[StoredEvent]] = {}
    for chain, (project, length) in enumerate(lengths.items()):
        prev = GENESIS
        for seq in range(1, length + 1):
            link = compose(
                project=project,
                seq=seq,
                prev=prev,
                at=START + timedelta(minutes=10 * seq + chain),
                actor="someone",
                kind="gate.submitted",
                data={"facts_digest": digests[chain * 13 + seq % 13], "number": seq},
            )
            prev = link.leaf
            chains.setdefault(project, []).append(stored(link))
    events = [row for rows in chains.values() for row in rows]
    order = sorted(events, key=lambda row: row.recorded_at)[: sealed_at[-1]]
    entries = [
        StoredEntry(index, row.project, row.seq, row.leaf) for index, row in enumerate(order)
    ]
    sealed = {row.project: row.seq for row in order}
    tiles = list[StoredTile]()

    def completed(level: int, index: int, digest: bytes) -> None:
        if level % TILE_LEVELS == 0:
            tiles.append(StoredTile(level // TILE_LEVELS, index, digest.hex()))

    tree, checkpoints, before = Frontier(completed), list[StoredCheckpoint](), 0
    for row in order:
        tree.append(bytes.fromhex(row.leaf))
        if tree.size in sealed_at:
            at = START + timedelta(days=1, seconds=tree.size)
            signed = Checkpoint(SIGNER.name, tree.size, tree.root(), at, before)
            before = tree.size
            note = sign_checkpoint(signed, SIGNER)
            checkpoints.append(
                StoredCheckpoint(tree.size, tree.root().hex(), note, write_instant(at))
            )
    heads = [
        StoredHead(project, len(rows), rows[-1].leaf, sealed.get(project))
        for project, rows in sorted(chains.items())
    ]
    kept = Checkpoint(SIGNER.name, tree.size, tree.root())
    return Ledger(events, heads, entries, tiles, checkpoints, blobs, str(SIGNER.verifier), kept)


LEDGER = ledger_of(CHAINS, SEALED_AT)
Place = tuple[str, int]
Mutation = Callable[[random.Random, Ledger], tuple[Ledger, Place]]
"""Damages a ledger; says which event has to be named."""


def _first_after_seal(index: int, entries: list[StoredEntry] | None = None) -> Place:
    """The first entry that no checkpoint over fewer entries than this one vouches for."""
    start = max((size for size in SEALED_AT if size <= index), default=0)
    entry = (entries or LEDGER.entries)[start]
    return entry.project, entry.seq or 0


def damage(kind: str, rng: random.Random, value: bytes, other: bytes) -> bytes:
    """Another value, damaged in this way; `other` is what it changes places with."""
    while True:
        changed = bytearray(value)
        at = rng.randrange(len(value))
        if kind == "flip" or (kind == "reorder" and other == value and len(set(value)) == 1):
            changed[at] ^= 1 << rng.randrange(8)
        elif kind == "delete":
            del changed[at : at + rng.randint(1, 4)]
        elif kind == "insert":
            changed[at:at] = bytes([rng.randrange(256)])
        elif kind == "truncate":
            del changed[at:]
        elif other != value:
            changed = bytearray(other)
        else:
            swapped = rng.randrange(len(value))
            changed[at], changed[swapped] = changed[swapped], changed[at]
        if bytes(changed) != value:
            return bytes(changed)


def _as_text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _column(name: str, kind: str) -> Mutation:
    """Of one event's `body`, `leaf` or `prev`; `reorder` lets two events change theirs."""

    def mutate(rng: random.Random, ledger: Ledger) -> tuple[Ledger, Place]:
        one, two = rng.sample(range(len(ledger.events)), 2)
        values = {place: getattr(ledger.events[place], name) for place in (one, two)}
        raw = {p: v if isinstance(v, bytes) else v.encode() for p, v in values.items()}
        rows = list(ledger.events)
        new = {one: damage(kind, rng, raw[one], raw[two])}
        if kind == "reorder" and raw[one] != raw[two]:
            new[two] = raw[one]
        for place, value in new.items():
            cell = value if name == "body" else _as_text(value)
            rows[place] = rows[place]._replace(**{name: cell})
        named = min((rows[p].project, rows[p].seq or 0) for p in new)
        return replace(ledger, events=rows), named

    return mutate


def _seq(kind: str) -> Mutation:
    def mutate(rng: random.Random, ledger: Ledger) -> tuple[Ledger, Place]:
        rows = list(ledger.events)
        at = rng.randrange(len(rows))
        row = rows[at]
        project, seq = row.project, row.seq or 0
        if kind == "flip":
            other = seq ^ (1 << rng.randrange(6))
            rows[at] = row._replace(seq=other)
            # Another has this number, and stands there twice; or the one that had it is missing.
            return replace(ledger, events=rows), (project, max(1, min(seq, other)))
        if kind == "delete":
            del rows[at]
            return replace(ledger, events=rows), (project, seq)
        if kind == "insert":
            body = canonical({**row_fields(row), "actor": "intruder"})
            rows.insert(at, row._replace(body=body, leaf=leaf_hash(body)))
            return replace(ledger, events=rows), (project, seq)
        chain = [place for place, each in enumerate(rows) if each.project == project]
        if kind == "reorder":
            one, two = sorted(rng.sample(chain, 2))
            rows[one], rows[two] = (
                rows[one]._replace(seq=rows[two].seq),
                rows[two]._replace(seq=rows[one].seq),
            )
            return replace(ledger, events=rows), (project, LEDGER.events[one].seq or 0)
        left = rng.randrange(len(chain))
        rows = [each for each in rows if each.project != project or (each.seq or 0) <= left]
        heads = list(ledger.heads)
        sealed = next(each.sealed or 0 for each in heads if each.project == project)
        if rng.random() < 0.5 and 0 < left < sealed:
            # The head, too, is made to say that this is the end: then it is the log that tells.
            leaf = LEDGER.events[chain[left - 1]].leaf
            heads = [
                each._replace(seq=left, head=leaf) if each.project == project else each
                for each in heads
            ]
        return replace(ledger, events=rows, heads=heads), (project, left + 1)

    return mutate


def _index(kind: str) -> Mutation:
    def mutate(rng: random.Random, ledger: Ledger) -> tuple[Ledger, Place]:
        entries = list(ledger.entries)
        at = rng.randrange(len(entries))
        entry = entries[at]
        if kind == "flip":
            moved = at ^ (1 << rng.randrange(8))
            entries[at] = entry._replace(log_index=moved)
            return replace(ledger, entries=entries), (LOG, min(at, moved + 1) + 1)
        if kind == "delete":
            del entries[at]
            return replace(ledger, entries=entries), (entry.project, entry.seq or 0)
        if kind == "insert":
            later = [each._replace(log_index=(each.log_index or 0) + 1) for each in entries[at:]]
            entries[at:] = [StoredEntry(at, "MNR", 99, "ab" * 32), *later]
            return replace(ledger, entries=entries), _first_after_seal(at, entries)
        if kind == "reorder":
            one, two = sorted(rng.sample(range(len(entries)), 2))
            entries[one], entries[two] = (
                entries[two]._replace(log_index=one),
                entries[one]._replace(log_index=two),
            )
            return replace(ledger, entries=entries), _first_after_seal(one, entries)
        cut = rng.randrange(len(entries))
        checkpoints, heads = list(ledger.checkpoints), list(ledger.heads)
        if rng.random() < 0.5:
            # All that would tell inside the database is cut with it: what is kept outside tells.
            checkpoints = [each for each in checkpoints if each.size <= cut]
            cut = checkpoints[-1].size if checkpoints else 0
            left = {each.project: each.seq for each in entries[:cut]}
            heads = [each._replace(sealed=left.get(each.project)) for each in heads]
        cut_off = replace(ledger, entries=entries[:cut], checkpoints=checkpoints, heads=heads)
        return cut_off, (LOG, cut + 1)

    return mutate


def _checkpoint(kind: str) -> Mutation:
    def mutate(rng: random.Random, ledger: Ledger) -> tuple[Ledger, Place]:
        rows = list(ledger.checkpoints)
        at = rng.randrange(len(rows))
        before = rows[at - 1].size if at else 0
        named = _first_after_seal(before)
        whole = rng.random() < 0.5
        if kind == "delete" and whole:
            del rows[at]
            return replace(ledger, checkpoints=rows), named
        if kind == "truncate" and whole:
            return replace(ledger, checkpoints=rows[:at]), named
        if kind == "insert" and whole:
            # A size that was never signed, under the note of another.
            size = rng.choice([n for n in range(1, SEALED_AT[-1]) if n not in SEALED_AT])
            rows.append(rows[at]._replace(size=size))
            return replace(ledger, checkpoints=rows), _first_after_seal(size)
        name = rng.choice(("note", "root", "sealed_at"))
        other = rows[at - 1 if at else 1]
        value, another = getattr(rows[at], name).encode(), getattr(other, name).encode()
        rows[at] = rows[at]._replace(**{name: _as_text(damage(kind, rng, value, another))})
        return replace(ledger, checkpoints=rows), named

    return mutate


def _blob(kind: str) -> Mutation:
    def mutate(rng: random.Random, ledger: Ledger) -> tuple[Ledger, Place]:
        row = rng.choice(ledger.events)
        digest = row_fields(row)["data"]["facts_digest"]
        blobs = dict(ledger.blobs)
        if kind == "delete" and rng.random() < 0.5:
            del blobs[digest]
        else:
            other = rng.choice([each for each in blobs if each != digest])
            blobs[digest] = damage(kind, rng, blobs[digest], blobs[other])
        cites = [
            each for each in ledger.events if row_fields(each)["data"]["facts_digest"] == digest
        ]
        return replace(ledger, blobs=blobs), (row.project, min(each.seq or 0 for each in cites))

    return mutate


def _key(kind: str) -> Mutation:
    def mutate(rng: random.Random, ledger: Ledger) -> tuple[Ledger, Place]:
        key = ledger.key.encode()
        return replace(ledger, key=_as_text(damage(kind, rng, key, key))), _first_after_seal(0)

    return mutate


def row_fields(row: StoredEvent) -> dict[str, Any]:
    return json.loads(row.body)


CLASSES: dict[str, Callable[[str], Mutation]] = {
    "body": lambda kind: _column("body", kind),
    "leaf": lambda kind: _column("leaf", kind),
    "prev": lambda kind: _column("prev", kind),
    "seq": _seq,
    "index": _index,
    "checkpoint": _checkpoint,
    "blob": _blob,
    "key": _key,
}
OF_CHAINS = ("body", "leaf", "prev", "seq")
"""Damage that the quick pass is never sure beside; entries that lie elsewhere are a matter of the log."""
KINDS = ("flip", "delete", "insert", "reorder", "truncate")


def test_ten_thousand_are_tried() -> None:
    assert EACH * len(CLASSES) * len(KINDS) >= 10_000


def test_the_ledger_as_it_was_has_no_fault() -> None:
    assert LEDGER.faults() == []


def test_the_quick_pass_is_sure_of_the_ledger_as_it_was() -> None:
    for order in ORDERS:
        assert LEDGER.assured(order) == Audit(3, 34, (), 30)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stored_class", CLASSES)
def test_every_mutation_is_found_and_the_first_bad_event_named(
    stored_class: str, kind: str
) -> None:
    rng = random.Random(f"{stored_class} {kind}")  # noqa: S311 - the same mutations on every run
    mutate = CLASSES[stored_class](kind)
    for number in range(EACH):
        damaged, named = mutate(rng, LEDGER)
        found = damaged.faults()
        if stored_class in OF_CHAINS:
            assert all(damaged.assured(order) is None for order in ORDERS), (number, damaged)
        places = {(fault.project, fault.seq) for fault in found}
        assert named in places, (number, named, found)
