"""Bundles made of plain values: a log, its chains, everything that goes into an export, as files."""

import base64
import csv
import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from govern.ledger import merkle
from govern.ledger.checkpoint import Checkpoint, sign_checkpoint
from govern.ledger.event import GENESIS, Event, compose
from govern.ledger.heads import Head, heads_root, prove_head
from govern.ledger.note import Signer, generate
from govern.ledger.proof_file import ProofFile, write_proof

ORIGIN = "govern.example.org/log"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FACTS = b'{"project":"LE-002"}'
RULES = b"rules: []\n"
SALT = bytes(range(32))
REASON = "The figures are good enough."
GONE = "personal:" + "ab" * 32

BundleFiles = dict[str, bytes]


def digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def ref(value: str) -> str:
    return "personal:" + hmac.new(SALT, value.encode(), hashlib.sha256).hexdigest()


@dataclass
class Log:
    """Chains that grow, and the order in which their events came into the log."""

    signer: Signer = field(default_factory=lambda: generate(ORIGIN))
    entries: list[Event] = field(default_factory=list[Event])

    def add(self, project: str, kind: str, data: Mapping[str, Any]) -> Event:
        own = [each for each in self.entries if each.project == project]
        made = compose(
            project=project,
            seq=len(own) + 1,
            prev=own[-1].leaf if own else GENESIS,
            at=NOON + timedelta(seconds=len(self.entries)),
            actor="person-1",
            kind=kind,
            data=data,
        )
        self.entries.append(made)
        return made

    @property
    def hashes(self) -> merkle.Hashes:
        return merkle.hashes_over(bytes.fromhex(each.leaf) for each in self.entries)

    def checkpoint(self, size: int | None = None, signer: Signer | None = None) -> str:
        size = len(self.entries) if size is None else size
        root = merkle.root(bytes.fromhex(each.leaf) for each in self.entries[:size])
        return sign_checkpoint(
            Checkpoint(ORIGIN, size, root, NOON + timedelta(hours=1)), signer or self.signer
        )

    def proof(self, event: Event, checkpoint: str) -> str:
        index = self.entries.index(event)
        path = merkle.inclusion(index, len(self.entries), self.hashes)
        return write_proof(ProofFile(index, path, checkpoint))


def example_log() -> Log:
    """Two projects and the service's own chain; heads recorded after LE-002's fourth event."""
    log = Log()
    log.add("@service", "person.added", {"person": "person-1"})
    for number in range(1, 5):
        log.add("LE-001", "project.changed", {"number": number})
        log.add(
            "LE-002",
            "gate.decided",
            {"gate": "planned", "facts_digest": digest(FACTS), "rulebook_digest": digest(RULES)},
        )
    heads = heads_of(log)
    log.add(
        "@service",
        "heads.sealed",
        {"day": "2026-11-23", "count": len(heads), "root": heads_root(heads).hex()},
    )
    log.add("@service", "person.erased", {"person": "person-2", "erased": [GONE], "redacted": {}})
    log.add("LE-002", "vote.cast", {"reason": ref(REASON), "note": GONE})
    log.add("LE-001", "project.changed", {"number": 5})
    return log


def heads_of(log: Log) -> list[Head]:
    last = {each.project: each for each in log.entries}
    return [Head(each.project, each.seq, each.leaf) for each in last.values()]


def project_bundle(log: Log, project: str = "LE-002") -> BundleFiles:
    """All of a project, with the heads of the day before."""
    until = next(i for i, each in enumerate(log.entries) if each.kind == "heads.sealed")
    before = Log(log.signer, log.entries[:until])
    service = log.entries[until : until + 2]
    proof = prove_head(heads_of(before), project)
    events = [*service, *(each for each in log.entries if each.project == project)]
    made = base_bundle(log, events)
    made["heads/2026-11-23.json"] = json.dumps(
        {
            "day": "2026-11-23",
            "event": service[0].seq,
            "project": project,
            "seq": proof.head.seq,
            "leaf": proof.head.leaf,
            "index": proof.index,
            "proof": [each.hex() for each in proof.hashes],
        }
    ).encode()
    return with_manifest(log, made, events, {"kind": "project", "project": project})


def period_bundle(log: Log, first: int, following: int) -> BundleFiles:
    events = sorted(log.entries[first:following], key=lambda e: (e.project.encode(), e.seq))
    made = base_bundle(log, events)
    query = {
        "kind": "period",
        "from": "2026-11-24",
        "to": "2026-11-24",
        "first_index": first,
        "next_index": following,
    }
    return with_manifest(log, made, events, query)


def base_bundle(log: Log, events: list[Event]) -> BundleFiles:
    size = len(log.entries)
    checkpoint = log.checkpoint()
    made: BundleFiles = {
        "events.jsonl": b"".join(each.body + b"\n" for each in events),
        f"checkpoints/{size}.checkpoint": checkpoint.encode(),
        "checkpoints/3.checkpoint": log.checkpoint(3).encode(),
        "checkpoints/3.consistency": consistency(log, 3, checkpoint).encode(),
        "keys/policy.txt": policy_of(log).encode(),
        "personal.jsonl": b"",
        "erased.jsonl": b"",
    }
    for each in events:
        made[f"proofs/{each.leaf}.tlog-proof"] = log.proof(each, checkpoint).encode()
    text = made["events.jsonl"].decode()
    for content, ending in ((FACTS, "json"), (RULES, "yaml")):
        if digest(content) in text:
            made[f"blobs/{digest(content).removeprefix('sha256:')}.{ending}"] = content
    if ref(REASON) in text:
        line = {"ref": ref(REASON), "salt": SALT.hex(), "value": REASON}
        made["personal.jsonl"] = json.dumps(line).encode() + b"\n"
    if GONE in text:
        line = {"ref": GONE, "erased_at": "2026-11-24T13:00:00.000000Z", "left": None, "event": 3}
        made["erased.jsonl"] = json.dumps(line).encode() + b"\n"
    made["events.csv"] = table_of(events)
    return made


def table_of(events: list[Event]) -> bytes:
    written = io.StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(["index", "project", "seq", "leaf"])
    rows.writerows(
        [0, f"'{e.project}" if e.project[0] == "@" else e.project, e.seq, e.leaf] for e in events
    )
    return written.getvalue().encode()


def consistency(log: Log, old: int, checkpoint: str) -> str:
    proof = merkle.consistency(old, len(log.entries), log.hashes)
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof)]
    return "\n".join([*lines, "", checkpoint])


def policy_of(log: Log) -> str:
    return f"log {log.signer.verifier}\nquorum none\n"


def with_manifest(
    log: Log, made: BundleFiles, events: list[Event], query: dict[str, Any]
) -> BundleFiles:
    chains: dict[str, list[int]] = {}
    for each in events:
        chains.setdefault(each.project, []).append(each.seq)
    manifest = {
        "format": "govern/audit-bundle/v1",
        "made_at": "2026-11-24T14:00:00.000000Z",
        "query": query,
        "log": {"origin": ORIGIN, "size": len(log.entries)},
        "chains": [
            {
                "chain": name,
                "first": seqs[0],
                "last": seqs[-1],
                "events": len(seqs),
                "whole": seqs == list(range(1, len(seqs) + 1)),
            }
            for name, seqs in chains.items()
        ],
    }
    return relisted({**made, "manifest.json": json.dumps(manifest).encode()})


def relisted(made: BundleFiles) -> BundleFiles:
    """With a manifest that lists the files as they are: whoever changes one can do that too."""
    manifest = json.loads(made["manifest.json"])
    manifest["files"] = [
        {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in made.items()
        if name != "manifest.json"
    ]
    return {**made, "manifest.json": json.dumps(manifest).encode()}


def write_zip(made: BundleFiles, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, content in made.items():
            file.writestr(name, content)
    return path
