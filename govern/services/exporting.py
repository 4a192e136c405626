"""The bundle that an auditor takes away: events with their proofs, what they rest on, the keys, what
people read of it, and the program that verifies it. Written as it is read, never held whole."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

from sqlalchemy import Connection

from govern import ENGINE_VERSION
from govern.audit_bundle.zip_stream import ZipStream
from govern.domain.actor import Actor
from govern.domain.instant import write_instant
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NoKey, NotFound
from govern.domain.role import Permission, Role
from govern.ledger.checkpoint import Checkpoint
from govern.ledger.heads import Head, prove_head
from govern.ledger.merkle import Hashes, consistency, inclusion
from govern.ledger.note import encode_base64, split_note
from govern.ledger.proof_file import ProofFile, write_proof
from govern.services.access import project_for, require, require_everywhere
from govern.services.daily_heads import SEALED as HEADS
from govern.services.export_cited import ERASURE, Cited, content_of, gather
from govern.services.export_copies import report, table
from govern.services.export_selection import Part, Query, Selection, data_of, events_in, select
from govern.services.ledger import SERVICE, record_event
from govern.services.log_keys import MADE, RESTARTED, ROTATED
from govern.services.log_upkeep import keep_up
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.sealing import signer_of
from govern.store import checkpoints, events, exported, log

FORMAT = "govern/audit-bundle/v1"


@dataclass(frozen=True, slots=True)
class Export:
    """`parts` are the bytes of the .zip; each is made when it is taken."""

    filename: str
    size: int
    parts: Iterator[bytes]


def export(
    runtime: Runtime,
    actor: Actor,
    query: Query,
    *,
    continues: Iterable[int] = (),
    cosigned: bool = False,
    now: datetime,
) -> Export:
    """Records who takes what, seals what is not sealed yet, and begins the bundle.

    `continues` are sizes of checkpoints that the auditor kept: the bundle shows that the log goes on
    from them. `cosigned` takes the log as a witness signed it last, which lacks what came since.
    For auditors, of a project or gate those on it; and for the operator. Raises NotAllowed,
    NotFound, InvalidInput, NoKey where nothing was ever sealed, and what sealing raises.
    """
    _check(runtime, actor, query)
    sizes = sorted(set(continues))
    if signer_of(runtime) is None:
        with runtime.store.reading() as connection:
            _last(connection, cosigned)
    with runtime.store.writing() as connection:
        told = {"read": "/audit/export", "of": ["everything"], "query": query.told()}
        record_event(connection, SERVICE, actor, "personal.read", told, now)
    keep_up(runtime, OPERATOR, now)
    with runtime.store.reading() as connection:
        last = _last(connection, cosigned)
        unknown = [each for each in sizes if checkpoints.at(connection, each) is None]
        if unknown:
            raise InvalidInput(
                f"There is no checkpoint over {unknown[0]} events.",
                errors={"continues": ["the size in the second line of a checkpoint of this log"]},
            )
        if not select(connection, query, last["size"]).parts:
            raise NotFound("No sealed event belongs to what was asked for.", **query.told())
    name = "-".join(str(each) for each in query.told().values())
    safe = "".join(each if each.isalnum() or each in "-._" else "_" for each in name)
    return Export(
        f"govern-{safe}.zip", last["size"], _parts(runtime, query, last["size"], sizes, now)
    )


def _last(connection: Connection, cosigned: bool) -> Record:
    last = checkpoints.last(connection)
    if last is not None and cosigned:
        size = exported.cosigned_size(connection)
        last = None if size is None else checkpoints.at(connection, size)
        if last is None:
            raise NotFound("No witness has signed a checkpoint yet.")
    if last is None:
        raise NoKey(
            "Nothing was sealed yet, so there is nothing to prove by. Make a key and seal: "
            "govern keys new --origin NAME; govern audit seal"
        )
    return last


def _check(runtime: Runtime, actor: Actor, query: Query) -> None:
    if query.gate is not None and query.project is None:
        raise InvalidInput("A gate is a project's.", errors={"gate": ["together with project"]})
    if query.project is not None and (query.first or query.last):
        raise InvalidInput(
            "A bundle is of a project or of a period.", errors={"from": ["without project"]}
        )
    if query.first and query.last and query.last < query.first:
        raise InvalidInput("The period ends before it begins.", errors={"to": ["not before from"]})
    operator = actor.person_id == OPERATOR.person_id and Role.ADMIN in actor.everywhere
    if query.project is not None:
        with runtime.store.reading() as connection:
            project = project_for(connection, actor, query.project)
        if not operator:
            require(actor, Permission.READ_AUDIT, project)
    elif not operator:
        require_everywhere(actor, Permission.READ_AUDIT)


def _parts(
    runtime: Runtime, query: Query, size: int, continues: list[int], now: datetime
) -> Iterator[bytes]:
    with runtime.store.reading() as connection:
        yield from _Bundle(runtime, connection, query, size, now).written(continues)


class _Bundle:
    """One export, in one snapshot of the database, of the log's first `size` entries."""

    def __init__(
        self, runtime: Runtime, connection: Connection, query: Query, size: int, now: datetime
    ) -> None:
        self.runtime, self.connection, self.query = runtime, connection, query
        self.size, self.now = size, now
        self.zip = ZipStream(now)
        self.hashes: Hashes = lru_cache(maxsize=8192)(log.hashes(connection))
        self.note = self._note(size)
        self.checkpoint = Checkpoint.read(split_note(self.note)[0])
        self.selection, self.cited, self.heads, self.erasures = self._selected()

    def written(self, continues: list[int]) -> Iterator[bytes]:
        """The files in an order in which a reader can follow, the manifest last."""
        yield from self._file("README.txt", _text("readme.txt"))
        yield from self._file("verify.py", _text("verify.py"))
        yield from self.zip.add(
            "events.jsonl",
            (event.body + b"\n" for event in events_in(self.connection, self.selection)),
        )
        for event in events_in(self.connection, self.selection):
            yield from self._file(
                f"proofs/{event.leaf}.tlog-proof", self._proof(event.project, event.seq)
            )
        yield from self._checkpoints(continues)
        yield from self._keys()
        if self.heads is not None:
            day, text = self.heads
            yield from self._file(f"heads/{day}.json", text)
        for digest in sorted(self.cited.digests):
            found = content_of(self.runtime, self.connection, digest)
            if found is not None:
                name = f"blobs/{digest.removeprefix('sha256:')}{found.ending}"
                yield from self.zip.add(name, [found.content])
        personal = list(exported.personal_rows(self.connection, self.cited.refs))
        yield from self.zip.add("personal.jsonl", self._values(personal))
        yield from self.zip.add("erased.jsonl", self._erased(personal))
        yield from self.zip.add("events.csv", table(self.connection, self.selection, self.size))
        about = self._about()
        yield from self.zip.add("report.html", report(self.connection, self.selection, about))
        yield from self._file("manifest.json", self._manifest(about, personal))
        yield from self.zip.close()

    def _selected(
        self,
    ) -> tuple[Selection, Cited, tuple[str, str] | None, dict[str, int]]:
        """The selection together with what of the service's own chain explains it."""
        connection = self.connection
        selection = select(connection, self.query, self.size)
        cited = gather(self.runtime, connection, selection)
        sealed = log.last_seq_of(connection, SERVICE, below=self.size)
        erasures: dict[str, int] = {}
        further: set[int] = set()
        heads: tuple[str, str] | None = None
        for event in _service_events(connection, sealed):
            if event.kind == ERASURE:
                data = data_of(event)
                refs = {*data.get("erased", ()), *data.get("redacted", {})}
                erasures |= dict.fromkeys(refs, event.seq)
                if not refs.isdisjoint(cited.refs):
                    further.add(event.seq)
            elif event.kind in (MADE, ROTATED, RESTARTED):
                further.add(event.seq)
            elif event.kind == HEADS and self.query.kind == "project":
                found = self._heads_of(event.seq, data_of(event))
                heads = found or heads
        if heads is not None:
            further.add(json.loads(heads[1])["event"])
        if self.query.kind != "period":
            selection = selection.with_events(SERVICE, further)
            cited = gather(self.runtime, connection, selection)
        return selection, cited, heads, erasures

    def _heads_of(self, seq: int, data: dict[str, Any]) -> tuple[str, str] | None:
        """The day, and the proof of where the project's chain stood then; None before it began."""
        assert self.query.project is not None  # noqa: S101 - asked for projects only
        heads = [Head(*each) for each in log.heads_at(self.connection, data["size"])]
        try:
            proof = prove_head(heads, self.query.project)
        except KeyError:
            return None
        told = {
            "day": data["day"],
            "event": seq,
            "project": proof.head.project,
            "seq": proof.head.seq,
            "leaf": proof.head.leaf,
            "index": proof.index,
            "proof": [each.hex() for each in proof.hashes],
        }
        return data["day"], _json(told)

    def _proof(self, chain: str, seq: int) -> str:
        entry = log.entry_of(self.connection, chain, seq)
        if entry is None:
            return "This event is not in the log.\n"
        return write_proof(
            ProofFile(entry.index, inclusion(entry.index, self.size, self.hashes), self.note)
        )

    def _note(self, size: int) -> str:
        """A checkpoint as it was signed, with the signatures of its witnesses."""
        found = checkpoints.at(self.connection, size)
        assert found is not None  # noqa: S101 - sizes come from the table
        lines = [each["line"] for each in checkpoints.cosignatures(self.connection, size)]
        return found["note"] + "".join(
            line if line.endswith("\n") else f"{line}\n" for line in lines
        )

    def _checkpoints(self, continues: list[int]) -> Iterator[bytes]:
        """The last one, and the last of each day, each with the proof that the last continues it."""
        yield from self._file(f"checkpoints/{self.size}.checkpoint", self.note)
        earlier = {*exported.daily_sizes(self.connection, self.size), *continues} - {self.size}
        origin = self.checkpoint.origin
        for size in sorted(each for each in earlier if each < self.size):
            note = self._note(size)
            if Checkpoint.read(split_note(note)[0]).origin != origin:
                continue  # Of a log that was given up; the event log.restarted tells of it.
            yield from self._file(f"checkpoints/{size}.checkpoint", note)
            hashes = consistency(size, self.size, self.hashes)
            lines = [f"old {size}", *map(encode_base64, hashes), "", self.note]
            yield from self._file(f"checkpoints/{size}.consistency", "\n".join(lines))
        for each in checkpoints.timestamps(self.connection, self.size):
            name = f"checkpoints/{self.size}.{each['authority'].rpartition('/')[2] or 'tsa'}.tsr"
            yield from self.zip.add(name, [bytes(each["token"])])

    def _keys(self) -> Iterator[bytes]:
        """The key by which this log began and the statements by which others followed."""
        first: str | None = None
        number = 0
        for kind in (MADE, RESTARTED):
            for each in events.of_kind(self.connection, SERVICE, kind):
                if each["data"]["origin"] == self.checkpoint.origin:
                    first = each["data"]["key"]
        for each in events.of_kind(self.connection, SERVICE, ROTATED):
            if each["data"]["origin"] == self.checkpoint.origin:
                number += 1
                first = first or each["data"]["retired"]
                yield from self._file(f"keys/rotations/{number:06}.note", each["data"]["statement"])
        signer = signer_of(self.runtime)
        if first is None and signer is not None:
            first = str(signer.verifier)
        yield from self._file("keys/policy.txt", f"log {first}\nquorum none\n")

    def _values(self, personal: list[exported.Personal]) -> Iterator[bytes]:
        for each in personal:
            if each.salt is not None and each.value is not None:
                told = {"ref": each.ref, "salt": each.salt.hex(), "value": each.value}
                yield _line(told)

    def _erased(self, personal: list[exported.Personal]) -> Iterator[bytes]:
        for each in personal:
            if each.erased_at is not None:
                yield _line(
                    {
                        "ref": each.ref,
                        "erased_at": write_instant(each.erased_at),
                        "left": each.left,
                        "event": self.erasures.get(each.ref),
                    }
                )

    def _about(self) -> Record:
        query = self.query.told()
        if self.selection.next_index is not None:
            query |= {
                "first_index": self.selection.first_index,
                "next_index": self.selection.next_index,
            }
        sealed_at = self.checkpoint.sealed_at
        return {
            "format": FORMAT,
            "generator": {"name": "govern", "version": ENGINE_VERSION},
            "made_at": write_instant(self.now),
            "query": query,
            "log": {
                "origin": self.checkpoint.origin,
                "size": self.size,
                "root": self.checkpoint.root.hex(),
                "sealed_at": write_instant(sealed_at) if sealed_at else None,
            },
            "chains": [part.record() for part in self.selection.parts],
        }

    def _manifest(self, about: Record, personal: list[exported.Personal]) -> str:
        counts = {
            "events": self.selection.events,
            "contents": len(self.cited.digests),
            "personal": sum(each.erased_at is None for each in personal),
            "erased": sum(each.erased_at is not None for each in personal),
        }
        files = [each.record() for each in self.zip.listed]
        return json.dumps({**about, "counts": counts, "files": files}, indent=1, ensure_ascii=False)

    def _file(self, path: str, text: str) -> Iterator[bytes]:
        return self.zip.add(path, [text.encode()])


def _service_events(connection: Connection, last: int) -> Iterator[Any]:
    if last:
        yield from events_in(connection, Selection((Part(SERVICE, range(1, last + 1)),)))


def _text(name: str) -> str:
    return resources.files("govern.audit_bundle").joinpath(name).read_text(encoding="utf-8")


def _json(told: Record) -> str:
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _line(told: Record) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"
