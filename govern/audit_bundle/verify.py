#!/usr/bin/env python3
"""Verifies an export of govern ("bundle") without govern: one file, Python 3.9 or newer, and the package
`cryptography`. Nothing is fetched and nothing is written.

    python verify.py BUNDLE [--policy FILE] [--receipt FILE ...] [--earlier FILE ...]

BUNDLE is the .zip or the folder it was unpacked to. FILE of --policy holds the keys that you trust, got
from the log's operator by another way than the bundle. --receipt: a receipt that somebody was given for a
decision; the event must be in the bundle as it was acknowledged. --earlier: a checkpoint of the same log
that you kept; this bundle must be a continuation of it.

It reads the formats itself: RFC 6962 (Merkle tree, hashes, proofs), RFC 8785 (canonical JSON), and of C2SP
signed-note, tlog-checkpoint, tlog-cosignature (Ed25519), tlog-proof, tlog-policy and tlog-witness.

Exit codes; where several apply, the first in this order:

    0   everything holds, under the keys of your policy
    2   called wrongly
    10  cannot be read: no bundle, or one of a format that is not known here
    15  keys: not the policy's and no signed rotation leads to them, or too few witnesses signed
    14  checkpoint: signature, size or root is wrong, or two contradict each other
    12  event: changed, missing, added or out of order
    13  proof: an event's proof of inclusion is missing or wrong
    16  content that an event cites was changed or is missing
    17  personal value: does not fit its reference, or is missing without having been erased
    18  completeness: the events are not all that the query asked for
    19  receipt: not genuine, or what it acknowledges is not in the bundle
    11  file: another one than the manifest lists
    3   everything holds, but only under keys that came with the bundle: give --policy
"""

from __future__ import annotations

import argparse
import base64
import binascii
import csv
import hashlib
import hmac
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HOLDS, OWN_KEYS = 0, 3
UNREADABLE, FILES, EVENT, PROOF, CHECKPOINT, KEYS, CONTENT, PERSONAL, COMPLETE, RECEIPT = range(
    10, 20
)
GRAVEST_FIRST = (
    *(UNREADABLE, KEYS, CHECKPOINT, EVENT, PROOF, CONTENT, PERSONAL, COMPLETE, RECEIPT, FILES),
)

FORMAT = "govern/audit-bundle/v1"
SERVICE = "@service"
GENESIS = "0" * 64
ERASURE = "person.erased"
FIELDS = {"v", "project", "seq", "prev", "at", "actor", "kind", "data"}
LARGEST = 2**53 - 1
SHOWN = 20
CITED = ("facts_digest", "rulebook_digest", "workflow_digest", "seen_digest", "digest")
NOT_CITED = {("sweep.recorded", "facts_digest")}
"""A sweep's digest is taken over those of its projects, which stand in their own events."""

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
HASH = re.compile(r"[0-9a-f]{64}")
PERSONAL_REF = re.compile(r"personal:[0-9a-f]{64}")
NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


# --- what can be wrong -------------------------------------------------------------------------


class Wrong(Exception):  # noqa: N818 - what was found, not a failure of this program
    """Something does not hold; the text says what."""


class Unreadable(Exception):  # noqa: N818
    """There is no bundle here that this program knows."""


@dataclass(frozen=True)
class Fault:
    """`code` is its exit code. `line` of events.jsonl and `event` where it is about an event."""

    code: int
    what: str
    line: int = 0
    event: str = ""


@dataclass
class Findings:
    faults: list[Fault] = field(default_factory=lambda: cast("list[Fault]", []))
    told: list[tuple[str, str]] = field(default_factory=lambda: cast("list[tuple[str, str]]", []))
    own_keys: bool = False

    def add(self, code: int, what: str, line: int = 0, event: str = "") -> None:
        self.faults.append(Fault(code, what, line, event))

    def tell(self, about: str, what: str) -> None:
        self.told.append((about, what))

    def exit_code(self) -> int:
        found = {fault.code for fault in self.faults}
        for code in GRAVEST_FIRST:
            if code in found:
                return code
        return OWN_KEYS if self.own_keys else HOLDS


# --- the files ---------------------------------------------------------------------------------


class Files:
    """The files of a bundle by their names, from a .zip or from a folder."""

    def __init__(self, path: Path) -> None:
        self._folder = path if path.is_dir() else None
        self._zip: zipfile.ZipFile | None = None
        if self._folder is not None:
            below = [each for each in path.rglob("*") if each.is_file()]
            self.names = sorted(each.relative_to(path).as_posix() for each in below)
        else:
            try:
                self._zip = zipfile.ZipFile(path)
            except (OSError, zipfile.BadZipFile) as error:
                raise Unreadable(f"{path} is neither a folder nor a whole .zip ({error})") from None
            self.names = sorted(self._zip.namelist())
        if len(set(self.names)) != len(self.names):
            raise Unreadable("two files of the bundle have the same name")
        self._known = set(self.names)

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def open(self, name: str) -> BinaryIO:
        if name not in self._known:
            raise Wrong(f"{name} is missing")
        if self._zip is not None:
            return cast(BinaryIO, self._zip.open(name))
        assert self._folder is not None  # noqa: S101
        return (self._folder / name).open("rb")

    def read(self, name: str) -> bytes:
        try:
            with self.open(name) as file:
                return file.read()
        except (OSError, zipfile.BadZipFile, ValueError) as error:
            raise Wrong(f"{name} cannot be read ({error})") from None

    def text(self, name: str) -> str:
        try:
            return self.read(name).decode("utf-8")
        except UnicodeDecodeError:
            raise Wrong(f"{name} is no text in UTF-8") from None

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file without their ends; the last one has an end too, or is not whole."""
        try:
            with self.open(name) as file:
                for line in file:
                    if not line.endswith(b"\n"):
                        raise Wrong(f"{name} breaks off in its last line")
                    yield line[:-1]
        except (OSError, zipfile.BadZipFile, ValueError) as error:
            raise Wrong(f"{name} cannot be read ({error})") from None

    def below(self, folder: str, ending: str) -> list[str]:
        return [each for each in self.names if each.startswith(folder) and each.endswith(ending)]

    def sha256(self, name: str) -> tuple[int, str]:
        taken, size = hashlib.sha256(), 0
        try:
            with self.open(name) as file:
                for part in iter(lambda: file.read(2**20), b""):
                    taken.update(part)
                    size += len(part)
        except (OSError, zipfile.BadZipFile, ValueError) as error:
            raise Wrong(f"{name} cannot be read ({error})") from None
        return size, taken.hexdigest()


# --- canonical JSON (RFC 8785), without floats --------------------------------------------------


def read_json(body: bytes) -> Any:
    """The value of JSON; names twice in one object and floats are refused. Raises Wrong."""
    try:
        return json.loads(
            body.decode("utf-8"),
            parse_float=_no_float,
            parse_constant=_no_float,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError) as error:
        raise Wrong(f"is no JSON ({error})") from None


def read_canonical(body: bytes) -> Any:
    value = read_json(body)
    if canonical(value) != body:
        raise Wrong("is not written in the canonical way of RFC 8785")
    return value


def canonical(value: Any) -> bytes:
    try:
        text = json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8")
    except (UnicodeEncodeError, RecursionError) as error:
        raise Wrong(f"has no canonical form ({error})") from None


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        found = cast("dict[str, Any]", value)
        # RFC 8785, 3.2.3: by UTF-16 code units.
        return {name: _sorted(found[name]) for name in sorted(found, key=_utf16)}
    if isinstance(value, list):
        return [_sorted(each) for each in cast("list[Any]", value)]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST:
        raise Wrong("holds a number beyond ±(2^53 − 1)")
    return value


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"the number {text} is no integer")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return made


def fields_of(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Wrong(f"{what} is no object")
    return cast("dict[str, Any]", value)


def list_of(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise Wrong(f"{what} is no list")
    return cast("list[Any]", value)


# --- the Merkle tree (RFC 6962; checked as in RFC 9162, 2.1.3.2 and 2.1.4.2) ---------------------


def leaf_hash(body: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + body).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def check_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Raises Wrong unless `leaf` stands at `index` in the tree of `size` leaves with that root."""
    if not 0 <= index < size:
        raise Wrong(f"its index {index} is not in a log of {size} events")
    at, last, current = index, size - 1, leaf
    for each in proof:
        if last == 0:
            raise Wrong("its proof is too long")
        if at & 1 or at == last:
            current = node(each, current)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            current = node(current, each)
        at, last = at >> 1, last >> 1
    if last:
        raise Wrong("its proof is too short")
    if current != root:
        raise Wrong("its proof does not lead to the root of the checkpoint")


def check_consistency(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Raises Wrong unless the tree of `old_size` leaves is the beginning of the one of `size`."""
    if old_size > size:
        raise Wrong(f"a log of {old_size} events cannot be continued by one of {size}")
    if old_size in {0, size}:
        if proof or (old_size == size and old_root != root):
            raise Wrong(f"two roots are given for {size} events")
        return
    first, second = _both_roots(old_size, old_root, size, proof)
    if first != old_root or second != root:
        raise Wrong(f"the log of {size} events is no continuation of that of {old_size}")


def _both_roots(
    old_size: int, old_root: bytes, size: int, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    path = list(proof)
    if at and not path:
        raise Wrong("the proof of consistency is too short")
    first = second = path.pop(0) if at else old_root
    for each in path:
        if last == 0:
            raise Wrong("the proof of consistency is too long")
        if at & 1 or at == last:
            first, second = node(each, first), node(each, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node(second, each)
        at, last = at >> 1, last >> 1
    if last:
        raise Wrong("the proof of consistency is too short")
    return first, second


def base64_of(text: str, length: int | None, what: str) -> bytes:
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Wrong(f"{what} is no base64") from None
    if base64.b64encode(raw).decode("ascii") != text:
        raise Wrong(f"{what} is not written as base64 is")
    if length is not None and len(raw) != length:
        raise Wrong(f"{what} has {len(raw)} bytes, not {length}")
    return raw


def number_of(text: str, what: str) -> int:
    if NUMBER.fullmatch(text) is None:
        raise Wrong(f"{what} is no number, but {text[:40]!r}")
    return int(text)


# --- signed notes (C2SP signed-note, tlog-cosignature) -------------------------------------------

ED25519, COSIGNATURE = 0x01, 0x04


@dataclass(frozen=True)
class Key:
    """A key that verifies: what is called vkey, `<name>+<8 hex digits>+<base64>`."""

    name: str
    id: bytes
    kind: int
    public: bytes

    def made(self, text: str, signature: bytes) -> bool:
        """Whether this key made the signature of the text."""
        message = text.encode("utf-8")
        if self.kind == COSIGNATURE:
            if len(signature) != 72:
                return False
            time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = b"cosignature/v1\ntime %d\n" % time + message
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def read_key(vkey: str) -> Key:
    name, plus, rest = vkey.strip().partition("+")
    given, second, encoded = rest.partition("+")
    if not name or not plus or not second or re.fullmatch("[0-9a-f]{8}", given) is None:
        raise Wrong(f"{vkey[:60]!r} is no key: one is written <name>+<8 hex digits>+<base64>")
    raw = base64_of(encoded, 33, f"the key of {name}")
    kind, public = raw[0], raw[1:]
    if kind not in {ED25519, COSIGNATURE}:
        raise Wrong(f"the key of {name} is of a kind that is not known here ({kind})")
    made = hashlib.sha256(name.encode("utf-8") + b"\n" + raw).digest()[:4]
    if made.hex() != given:
        raise Wrong(f"the key of {name} has the id {made.hex()}, not {given}")
    return Key(name, made, kind, public)


@dataclass(frozen=True)
class Note:
    """`text` with its signatures: name, key id, signature."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def signed_by(self, key: Key) -> bool:
        """Whether the key has signed. Raises Wrong for a signature that says so and is not."""
        ours = [s for name, id_, s in self.signatures if (name, id_) == (key.name, key.id)]
        if any(not key.made(self.text, each) for each in ours):
            raise Wrong(f"the signature of {key.name} is wrong")
        return bool(ours)


def read_note(written: str) -> Note:
    text, blank, signed = written.rpartition("\n\n")
    if not blank or not signed.endswith("\n") or re.search("[\x00-\x09\x0b-\x1f]", written):
        raise Wrong("is no signed note")
    found: list[tuple[str, bytes, bytes]] = []
    for line in signed[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if dash != "—" or not name or "+" in name:
            raise Wrong("has a line after its text that is no signature")
        raw = base64_of(encoded, None, f"the signature of {name}")
        if len(raw) < 5:
            raise Wrong(f"the signature of {name} is too short")
        found.append((name, raw[:4], raw[4:]))
    return Note(text + "\n", tuple(found))


# --- what is trusted: a policy (C2SP tlog-policy), rotations -------------------------------------


@dataclass
class Policy:
    """Keys of the log, witnesses by name, and who of them must have signed."""

    logs: list[Key] = field(default_factory=lambda: cast("list[Key]", []))
    witnesses: dict[str, Key] = field(default_factory=lambda: cast("dict[str, Key]", {}))
    groups: dict[str, tuple[int, list[str]]] = field(
        default_factory=lambda: cast("dict[str, tuple[int, list[str]]]", {})
    )
    quorum: str = ""

    def met(self, name: str, signed: set[str]) -> bool:
        if name == "none":
            return True
        if name in self.witnesses:
            return name in signed
        needed, members = self.groups[name]
        return sum(self.met(each, signed) for each in members) >= needed

    def takes(self, line: str) -> None:
        """Reads a line. Raises Wrong."""
        words = line.split()
        if not words or words[0].startswith("#"):
            return
        what, *rest = words
        if what == "log" and len(rest) in {1, 2}:
            self.logs.append(_key_of(rest[0], ED25519))
        elif what == "witness" and len(rest) in {2, 3}:
            self._new(rest[0])
            self.witnesses[rest[0]] = _key_of(rest[1], COSIGNATURE)
        elif what == "group" and len(rest) >= 3:
            self._new(rest[0])
            members = rest[2:]
            self._known(members)
            shares = {"all": len(members), "any": 1}
            needed = shares.get(rest[1]) or number_of(rest[1], "the group's threshold")
            if not 1 <= needed <= len(members):
                raise Wrong(f"{needed} of {len(members)} is no threshold")
            self.groups[rest[0]] = (needed, members)
        elif what == "quorum" and len(rest) == 1:
            if self.quorum:
                raise Wrong("there is one quorum line before this one")
            if rest[0] != "none":
                self._known(rest)
            self.quorum = rest[0]
        else:
            raise Wrong(
                f"it is none of log, witness, group, quorum with what belongs to it: {line!r}"
            )

    def _new(self, name: str) -> None:
        if name == "none" or name in self.witnesses or name in self.groups:
            raise Wrong(f"the name {name} is taken")

    def _known(self, names: list[str]) -> None:
        for each in names:
            if each not in self.witnesses and each not in self.groups:
                raise Wrong(f"{each} is not defined in a line before")


def _key_of(vkey: str, kind: int) -> Key:
    key = read_key(vkey)
    if key.kind != kind:
        raise Wrong(f"the key of {key.name} is of another kind than this line needs")
    return key


def read_policy(text: str) -> Policy:
    policy = Policy()
    for number, line in enumerate(text.splitlines(), 1):
        try:
            policy.takes(line)
        except Wrong as error:
            raise Wrong(f"line {number} of the policy: {error}") from None
    if not policy.logs:
        raise Wrong("the policy names no log")
    if not policy.quorum:
        raise Wrong("the policy has no quorum line; 'quorum none' asks for no witness")
    return policy


# --- checkpoints (C2SP tlog-checkpoint) -----------------------------------------------------------


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes
    note: Note


def read_checkpoint(written: str) -> Checkpoint:
    note = read_note(written)
    lines = note.text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise Wrong("is no checkpoint: origin, size and root are missing")
    return Checkpoint(
        lines[0], number_of(lines[1], "its size"), base64_of(lines[2], 32, "its root"), note
    )


@dataclass
class LogKey:
    """A key of the log that is trusted, for checkpoints of the sizes from `first` to `last`."""

    key: Key
    first: int = 0
    last: int | None = None

    def covers(self, size: int) -> bool:
        return self.first <= size and (self.last is None or size <= self.last)


@dataclass
class Trust:
    """The policy's keys, and those that follow from them by rotations signed by both."""

    policy: Policy
    logs: list[LogKey]

    def signed(self, checkpoint: Checkpoint) -> bool:
        return any(
            each.key.name == checkpoint.origin
            and each.covers(checkpoint.size)
            and checkpoint.note.signed_by(each.key)
            for each in self.logs
        )

    def signed_receipt(self, note: Note) -> bool:
        return any(note.signed_by(each.key) for each in self.logs)

    def witnesses(self, checkpoint: Checkpoint) -> set[str]:
        named = self.policy.witnesses.items()
        return {name for name, key in named if checkpoint.note.signed_by(key)}

    def follow(self, rotation: Note) -> bool:
        """Takes up the new key of a rotation, if its old one is trusted and both signed. Raises Wrong.

        Five lines: `<origin>/rotation`, the size of the log from which the new key signs, the old key,
        the new one, when.
        """
        lines = rotation.text[:-1].split("\n")
        if len(lines) != 5:
            raise Wrong("is no rotation of a key")
        size, old, new = number_of(lines[1], "its size"), read_key(lines[2]), read_key(lines[3])
        if lines[0] != f"{old.name}/rotation" or old.name != new.name or old == new:
            raise Wrong("is no rotation from one key of a log to another")
        if not rotation.signed_by(old) or not rotation.signed_by(new):
            raise Wrong("is not signed by the old and by the new key")
        current = next((each for each in self.logs if each.key == old), None)
        if current is None:
            return False
        if current.last is not None or size < current.first:
            raise Wrong(f"replaces a key that was no longer the log's at {size} events")
        current.last = size
        self.logs.append(LogKey(new, size))
        return True


def trust_of(files: Files, policy: Policy | None, found: Findings) -> Trust:
    """The policy's keys, or those of the bundle; and what the rotations in the bundle add."""
    if policy is None:
        found.own_keys = True
        policy = read_policy(files.text("keys/policy.txt"))
    trust = Trust(policy, [LogKey(each) for each in policy.logs])
    for name in files.below("keys/rotations/", ".note"):
        try:
            trust.follow(read_note(files.text(name)))
        except Wrong as error:
            found.add(KEYS, f"{name}: {error}")
    return trust


def check_checkpoints(files: Files, size: int, trust: Trust, found: Findings) -> Checkpoint:
    """The checkpoint of the bundle, after every one in it was held against it."""
    name = f"checkpoints/{size}.checkpoint"
    try:
        last = read_checkpoint(files.text(name))
    except Wrong as error:
        found.add(CHECKPOINT, f"{name}: {error}")
        raise
    _check_signed(name, last, trust, found)
    if last.size != size:
        found.add(CHECKPOINT, f"{name} is of {last.size} events, and the manifest says {size}")
    signed = _cosigned(name, last, trust, found)
    if not trust.policy.met(trust.policy.quorum, signed):
        asked = f"the policy's quorum {trust.policy.quorum}"
        found.add(KEYS, f"{name}: {asked} is not met: signed by {', '.join(signed) or 'none'}")
    found.tell("Log", f"{last.origin}, {last.size} events, root {last.root.hex()}")
    if trust.policy.witnesses:
        of = len(trust.policy.witnesses)
        found.tell("Witnesses", f"{len(signed)} of {of}: {', '.join(sorted(signed)) or 'none'}")
    earlier = [each for each in files.below("checkpoints/", ".checkpoint") if each != name]
    for each in earlier:
        _check_earlier(files, each, last, trust, found)
    if earlier:
        found.tell("Checkpoints", f"{len(earlier)} earlier ones, all continued by the last")
    return last


def _check_signed(name: str, checkpoint: Checkpoint, trust: Trust, found: Findings) -> None:
    try:
        if not trust.signed(checkpoint):
            found.add(KEYS, f"{name} is not signed by a key that you trust")
    except Wrong as error:
        found.add(CHECKPOINT, f"{name}: {error}")


def _cosigned(name: str, checkpoint: Checkpoint, trust: Trust, found: Findings) -> set[str]:
    try:
        return trust.witnesses(checkpoint)
    except Wrong as error:
        found.add(CHECKPOINT, f"{name}: {error}")
        return set()


def _same(carried: str, checkpoint: Checkpoint) -> bool:
    """Whether a checkpoint that another file carries is this one, with signatures that are its own."""
    note = read_note(carried)
    return note.text == checkpoint.note.text and set(note.signatures) <= set(
        checkpoint.note.signatures
    )


def _check_earlier(
    files: Files, name: str, last: Checkpoint, trust: Trust, found: Findings
) -> None:
    try:
        checkpoint = read_checkpoint(files.text(name))
        _check_signed(name, checkpoint, trust, found)
        if name != f"checkpoints/{checkpoint.size}.checkpoint":
            raise Wrong(f"is of {checkpoint.size} events")
        _check_continued(files, checkpoint, last)
    except Wrong as error:
        found.add(CHECKPOINT, f"{name}: {error}")


def _check_continued(files: Files, earlier: Checkpoint, last: Checkpoint) -> None:
    """By the proof in the bundle: C2SP tlog-witness's `old`, hashes, an empty line, the newer."""
    if earlier.origin != last.origin:
        raise Wrong(f"it is of the log {earlier.origin}, this is {last.origin}")
    proof: list[bytes] = []
    if 0 < earlier.size < last.size:
        head, blank, newer = files.text(f"checkpoints/{earlier.size}.consistency").partition("\n\n")
        first, *hashes = head.split("\n")
        if not blank or first != f"old {earlier.size}":
            raise Wrong("its proof of consistency is of another checkpoint")
        if not _same(newer, last):
            raise Wrong("its proof of consistency leads to another checkpoint")
        proof = [base64_of(each, 32, "a hash of its proof of consistency") for each in hashes]
    check_consistency(earlier.size, earlier.root, last.size, last.root, proof)


# --- events: bodies, chains, proofs ---------------------------------------------------------------


@dataclass
class Chain:
    """A chain as the manifest lists it, and how far it was read. `whole`: from its first event on."""

    name: str
    first: int
    last: int
    events: int
    whole: bool
    seen: int = 0
    seq: int = 0
    leaf: str = GENESIS

    def label(self, seq: Any) -> str:
        return f"event {seq} of {self.name}"


@dataclass
class Event:
    line: int
    chain: str
    seq: int
    leaf: bytes
    index: int
    kind: str
    at: str
    data: dict[str, Any]
    body: bytes

    @property
    def label(self) -> str:
        return f"event {self.seq} of {self.chain}"


@dataclass
class Seen:
    """What the events said that the other files are held against."""

    cited: dict[str, tuple[int, str]] = field(
        default_factory=lambda: cast("dict[str, tuple[int, str]]", {})
    )
    refs: dict[str, tuple[int, str]] = field(
        default_factory=lambda: cast("dict[str, tuple[int, str]]", {})
    )
    indices: set[int] = field(default_factory=lambda: cast("set[int]", set()))
    leaves: dict[tuple[str, int], str] = field(
        default_factory=lambda: cast("dict[tuple[str, int], str]", {})
    )
    service: dict[int, Event] = field(default_factory=lambda: cast("dict[int, Event]", {}))
    events: int = 0


def check_events(
    files: Files, chains: list[Chain], last: Checkpoint, seen: Seen, found: Findings
) -> None:
    """Every line of events.jsonl: the body is canonical, follows the one before, is in the log."""
    places = iter(chains)
    chain: Chain | None = None
    number = 0
    for number, body in enumerate(files.lines("events.jsonl"), 1):
        while chain is None or chain.seen >= chain.events:
            following = next(places, None)
            if following is None:
                break
            chain = following
        if chain is None or chain.seen >= chain.events:
            found.add(EVENT, "there are more events than the manifest lists", number, "one more")
            break
        expected = chain.seq + 1 if chain.whole or chain.seen else chain.first
        chain.seen += 1
        try:
            event = _read_event(body, number, chain, expected)
        except Wrong as error:
            found.add(EVENT, str(error), number, chain.label(expected))
            chain.seq, chain.leaf = expected, leaf_hash(body).hex()
            continue
        _check_chain(event, chain, found)
        chain.seq, chain.leaf = event.seq, event.leaf.hex()
        try:
            event.index = _check_proof(files, event, last)
        except Wrong as error:
            found.add(PROOF, str(error), number, event.label)
        _remember(seen, event, found)
    for each in chains:
        if each.seen < each.events:
            missing = each.seq + 1 if each.seen else each.first
            found.add(EVENT, "is missing, as the manifest counts", number + 1, each.label(missing))
        elif each.seq != each.last:
            what = f"is the last of its chain here; the manifest says event {each.last}"
            found.add(EVENT, what, number, each.label(each.seq))
    seen.events = number
    names = "chain" if len(chains) == 1 else "chains"
    found.tell("Events", f"{number} in {len(chains)} {names}, each held against its proof")


def _read_event(body: bytes, line: int, chain: Chain, expected: int) -> Event:
    value = fields_of(read_canonical(body), "its body")
    if set(value) != FIELDS or value["v"] is True or value["v"] != 1:
        raise Wrong("its body has not the fields of an event")
    seq, data = value["seq"], fields_of(value["data"], "its data")
    texts = [value[name] for name in ("project", "prev", "at", "actor", "kind")]
    if not all(isinstance(each, str) for each in texts) or not isinstance(seq, int):
        raise Wrong("its body has not the fields of an event")
    if value["project"] != chain.name:
        raise Wrong(f"is missing: the next line is event {seq} of {value['project']}")
    if chain.whole and seq != expected:
        raise Wrong(f"is missing: the next line is event {seq}")
    if seq < expected:
        raise Wrong(f"out of order: the next line is event {seq}")
    return Event(
        line,
        chain.name,
        seq,
        leaf_hash(body),
        -1,
        value["kind"],
        value["at"],
        {**data, "@prev": value["prev"]},
        body,
    )


def _check_chain(event: Event, chain: Chain, found: Findings) -> None:
    prev = event.data.pop("@prev")
    follows = event.seq == chain.seq + 1 and (chain.seen > 1 or chain.whole)
    if follows and prev != chain.leaf:
        what = f"follows {prev[:12]}…, and the event before it is {chain.leaf[:12]}…"
        found.add(EVENT, what, event.line, event.label)


def _check_proof(files: Files, event: Event, last: Checkpoint) -> int:
    """The index of the event in the log, by its .tlog-proof (C2SP tlog-proof). Raises Wrong."""
    name = f"proofs/{event.leaf.hex()}.tlog-proof"
    if name not in files:
        raise Wrong(
            f"has the leaf {event.leaf.hex()[:12]}…, of which there is no proof: it was changed, or its "
            "proof was taken out"
        )
    head, blank, checkpoint = files.text(name).partition("\n\n")
    lines = head.split("\n")
    if not blank or lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Wrong("its proof is no .tlog-proof")
    if lines and lines[0].startswith("extra "):
        lines.pop(0)
    if not lines or not lines[0].startswith("index "):
        raise Wrong("its proof names no index")
    index = number_of(lines.pop(0)[len("index ") :], "the index of its proof")
    if not _same(checkpoint, last):
        raise Wrong("its proof is under another checkpoint than the bundle's")
    path = [base64_of(each, 32, "a hash of its proof") for each in lines]
    check_inclusion(index, last.size, event.leaf, path, last.root)
    return index


def _remember(seen: Seen, event: Event, found: Findings) -> None:
    place = (event.line, event.label)
    if event.index >= 0:
        if event.index in seen.indices:
            found.add(PROOF, "stands where another event of the log stands", *place)
        seen.indices.add(event.index)
        seen.leaves[event.chain, event.seq] = event.leaf.hex()
    for digest in citations(event.kind, event.data):
        seen.cited.setdefault(digest, place)
    # An event that tells of erased texts names those of all projects; they are looked for where they are.
    erasure = event.kind == ERASURE
    text = str(event.data.get("reason")) if erasure else event.body.decode("utf-8")
    for ref in PERSONAL_REF.findall(text):
        seen.refs.setdefault(ref, place)
    if event.chain == SERVICE:
        seen.service[event.seq] = event


def citations(kind: str, data: dict[str, Any]) -> Iterator[str]:
    """The digests of what an event rests on: facts, rules, workflow, what was seen, evidence."""
    for name in CITED:
        digest = data.get(name)
        if (kind, name) not in NOT_CITED and isinstance(digest, str) and DIGEST.fullmatch(digest):
            yield digest
    brought = data.get("evidence")
    for each in cast("list[Any]", brought) if isinstance(brought, list) else ():
        digest = cast("dict[str, Any]", each).get("digest") if isinstance(each, dict) else None
        if isinstance(digest, str) and DIGEST.fullmatch(digest):
            yield digest


# --- what events cite, and what stands outside of them ---------------------------------------------


def check_contents(files: Files, seen: Seen, found: Findings) -> None:
    """Everything that is cited is there and has the hash that it is cited by."""
    kept = {name[len("blobs/") :].partition(".")[0]: name for name in files.below("blobs/", "")}
    for digest, place in seen.cited.items():
        name = kept.pop(digest[len("sha256:") :], None)
        if name is None:
            found.add(CONTENT, f"cites {digest}, which is missing", *place)
            continue
        _, made = files.sha256(name)
        if f"sha256:{made}" != digest:
            found.add(CONTENT, f"cites {digest}; {name} has another hash: it was changed", *place)
        elif name.endswith(".json"):
            for ref in PERSONAL_REF.findall(files.text(name)):
                seen.refs.setdefault(ref, place)
    for name in kept.values():
        found.add(CONTENT, f"{name} is cited by no event of the bundle")
    if seen.cited:
        found.tell("Contents", f"{len(seen.cited)} cited by events, each held against its hash")


def check_personal(files: Files, seen: Seen, found: Findings) -> None:
    """Every reference to a personal value has a value that fits it, or says that it was erased."""
    gone = _erased(files, seen, found)
    values = 0
    known: set[str] = set()
    for line in files.lines("personal.jsonl"):
        try:
            one = fields_of(read_json(line), "a line of personal.jsonl")
            ref, value, salt = one.get("ref"), one.get("value"), one.get("salt")
            if not isinstance(ref, str) or not isinstance(value, str) or not isinstance(salt, str):
                raise Wrong("a line of personal.jsonl has not ref, value and salt")
            if re.fullmatch("(?:[0-9a-f]{2})+", salt) is None:
                raise Wrong(f"the salt given for {ref[:21]}… is not written in lowercase hex")
            made = hmac.new(bytes.fromhex(salt), value.encode("utf-8"), hashlib.sha256).hexdigest()
        except (Wrong, ValueError) as error:
            found.add(PERSONAL, str(error))
            continue
        known.add(ref)
        values += 1
        if ref != f"personal:{made}":
            place = seen.refs.get(ref, (0, ""))
            found.add(PERSONAL, f"the value given for {ref[:21]}… does not fit it", *place)
        elif ref not in seen.refs:
            found.add(PERSONAL, f"a value is given for {ref[:21]}…, which nothing refers to")
    for ref, place in seen.refs.items():
        if ref in known and ref in gone:
            found.add(PERSONAL, f"{ref[:21]}… is said to be erased, and has a value", *place)
        elif ref not in known and ref not in gone:
            found.add(PERSONAL, f"refers to {ref[:21]}…, which is neither given nor erased", *place)
    if seen.refs:
        found.tell("Personal", f"{values} values that fit their references, {len(gone)} erased")


def _erased(files: Files, seen: Seen, found: Findings) -> set[str]:
    """The references that were erased; each is said so by an event that is in the log."""
    gone: set[str] = set()
    for line in files.lines("erased.jsonl"):
        try:
            one = fields_of(read_json(line), "a line of erased.jsonl")
        except Wrong as error:
            found.add(PERSONAL, str(error))
            continue
        ref, left = str(one.get("ref")), one.get("left", "")
        gone.add(ref)
        if not _says_erased(seen.service.get(cast(int, one.get("event"))), ref, left):
            what = f"{ref[:21]}… is said to be erased, and no event here says so"
            found.add(PERSONAL, what, *seen.refs.get(ref, (0, "")))
        if isinstance(left, str) and left:
            # A text from which a name was taken out: what is left of it stands under its own reference.
            seen.refs.setdefault(left, seen.refs.get(ref, (0, "")))
    return gone


def _says_erased(event: Event | None, ref: str, left: Any) -> bool:
    """Whether the event erased this reference, and left of its text what is said to be left."""
    if event is None or event.kind != ERASURE or event.index < 0:
        return False
    whole, partly = event.data.get("erased"), event.data.get("redacted")
    if left is None:
        return isinstance(whole, list) and ref in whole
    return isinstance(partly, dict) and cast("dict[str, Any]", partly).get(ref) == left


# --- completeness ----------------------------------------------------------------------------------

HEADS = "heads.sealed"
"""The kind of the event that holds the root over the heads of all chains on a day."""


def check_complete(
    files: Files, query: dict[str, Any], chains: list[Chain], seen: Seen, found: Findings
) -> None:
    """Whether the events are all that the query asked for, as far as that can be shown."""
    kind = query.get("kind")
    if kind == "period":
        first, following = query.get("first_index"), query.get("next_index")
        if not isinstance(first, int) or not isinstance(following, int):
            raise Unreadable("the manifest does not say which part of the log was asked for")
        missing = next((i for i in range(first, following) if i not in seen.indices), None)
        if missing is not None:
            found.add(COMPLETE, f"entry {missing} of the log is missing")
        elif len(seen.indices) > following - first:
            found.add(COMPLETE, "there are more events than the part of the log that was asked for")
        else:
            found.tell(
                "Complete", f"every entry of the log from {first} to {following - 1} is here"
            )
        return
    project = query.get("project")
    if kind == "gate":
        found.tell("Complete", "not shown: a gate's events are a selection; ask for the project")
        return
    own = next((each for each in chains if each.name == project), None)
    if kind != "project" or own is None or not own.whole:
        found.add(COMPLETE, f"the bundle does not hold the chain of {project} from its first event")
        return
    shown = 0
    for name in files.below("heads/", ".json"):
        try:
            shown = max(shown, _check_heads(files, name, own, seen))
        except Wrong as error:
            found.add(COMPLETE, f"{name}: {error}")
    if shown:
        later = f"; {own.last - shown} more since" if own.last > shown else ""
        found.tell("Complete", f"up to event {shown}, by the sealed heads of all projects{later}")
    else:
        found.tell("Complete", "without gaps; no sealed heads show that nothing follows")


def _check_heads(files: Files, name: str, own: Chain, seen: Seen) -> int:
    """The number of the last event of the project by the sealed heads of a day. Raises Wrong."""
    told = fields_of(read_json(files.read(name)), "it")
    event = seen.service.get(cast(int, told.get("event")))
    if event is None or event.kind != HEADS or event.index < 0:
        raise Wrong("the event that holds its root is not in the bundle, or does not hold")
    size, root = event.data.get("count"), event.data.get("root")
    if not isinstance(size, int) or not isinstance(root, str) or HASH.fullmatch(root) is None:
        raise Wrong(f"{event.label} holds no root over the heads")
    index, seq, leaf = told.get("index"), told.get("seq"), told.get("leaf")
    if not isinstance(index, int) or not isinstance(seq, int) or not isinstance(leaf, str):
        raise Wrong("it names no head")
    entry = leaf_hash(canonical([own.name, seq, leaf]))
    path = [bytes.fromhex(str(each)) for each in list_of(told.get("proof"), "its proof")]
    check_inclusion(index, size, entry, path, bytes.fromhex(root))
    here = seen.leaves.get((own.name, seq))
    if here is None:
        raise Wrong(f"{own.label(seq)} was the last on that day, and is missing here")
    if here != leaf:
        raise Wrong(f"{own.label(seq)} was another one on that day")
    return seq


# --- what the auditor brings -------------------------------------------------------------------------


def check_receipt(path: Path, origin: str, trust: Trust, seen: Seen, found: Findings) -> None:
    """The receipt is genuine, and what it acknowledges is in the bundle as it was acknowledged."""
    try:
        note = read_note(path.read_text(encoding="utf-8"))
        lines = note.text[:-1].split("\n")
        if len(lines) != 4 or lines[0] != f"{origin}/receipt":
            raise Wrong(f"is no receipt of {origin}")
        if not trust.signed_receipt(note):
            raise Wrong("is not signed by a key that you trust")
        project, seq = unquote(lines[1]), number_of(lines[2], "the number of its event")
        leaf = base64_of(lines[3], 32, "its leaf").hex()
        here = seen.leaves.get((project, seq))
        if here is None:
            raise Wrong(f"acknowledges event {seq} of {project}, which is not in the bundle")
        if here != leaf:
            raise Wrong(f"acknowledges event {seq} of {project} with another content")
        found.tell(
            "Receipt", f"{path.name}: event {seq} of {project} is in the log as acknowledged"
        )
    except (Wrong, OSError, UnicodeDecodeError) as error:
        found.add(RECEIPT, f"{path}: {error}")


def check_kept(path: Path, files: Files, last: Checkpoint, trust: Trust, found: Findings) -> None:
    """A checkpoint that the auditor kept from earlier: this log goes on from it."""
    try:
        kept = read_checkpoint(path.read_text(encoding="utf-8"))
        if not trust.signed(kept):
            raise Wrong("is not signed by a key that you trust")
        if kept.size > last.size:
            raise Wrong(f"is of {kept.size} events: later than this bundle")
        name = f"checkpoints/{kept.size}.consistency"
        if 0 < kept.size < last.size and name not in files:
            raise Wrong(
                f"the bundle has no proof of consistency from {kept.size} events; ask for one with "
                f"--continues {kept.size}"
            )
        _check_continued(files, kept, last)
        found.tell("Earlier", f"{path.name}: this log continues it")
    except (Wrong, OSError, UnicodeDecodeError) as error:
        found.add(CHECKPOINT, f"{path}: {error}")


# --- the whole -----------------------------------------------------------------------------------------


def check_files(files: Files, manifest: dict[str, Any], found: Findings) -> None:
    """Every file is the one that the manifest lists, and there is no other."""
    listed: set[str] = {"manifest.json"}
    for each in list_of(manifest.get("files"), "the manifest's list of files"):
        one = fields_of(each, "a file in the manifest")
        name = str(one.get("path"))
        listed.add(name)
        try:
            size, sha256 = files.sha256(name)
        except Wrong as error:
            found.add(FILES, str(error))
            continue
        if (size, sha256) != (one.get("bytes"), one.get("sha256")):
            found.add(FILES, f"{name} is another file than the manifest lists")
    for name in files.names:
        if name not in listed and not name.startswith("__pycache__/"):
            found.add(FILES, f"{name} is not in the manifest")
    found.tell("Files", f"{len(listed)}, each held against the manifest")


def check_table(files: Files, seen: Seen, found: Findings) -> None:
    """events.csv, which people read, says of every event what the event says."""
    rows = csv.reader(io.StringIO(files.text("events.csv"), newline=""))
    head = next(rows, cast("list[str]", []))
    try:
        at = [head.index(name) for name in ("project", "seq", "leaf")]
    except ValueError:
        raise Wrong("events.csv has not the columns project, seq and leaf") from None
    told: dict[tuple[str, int], str] = {}
    for row in rows:
        if len(row) != len(head):
            raise Wrong("events.csv has a row with too many or too few cells")
        project, seq, leaf = (row[each] for each in at)
        # A quote stands before what a spreadsheet would take for a formula.
        told[project[1:] if project.startswith("'") else project, int(seq)] = leaf
    if told != seen.leaves:
        raise Wrong("events.csv does not list the events of events.jsonl")


def read_manifest(files: Files) -> tuple[dict[str, Any], list[Chain], int]:
    try:
        manifest = fields_of(read_json(files.read("manifest.json")), "the manifest")
        if manifest.get("format") != FORMAT:
            raise Wrong(f"has the format {manifest.get('format')!r}; known here is {FORMAT}")
        size = fields_of(manifest.get("log"), "the manifest's log").get("size")
        if not isinstance(size, int) or isinstance(size, bool):
            raise Wrong("does not say how large the log was")
        fields_of(manifest.get("query"), "the manifest's query")
        chains = [_chain(each) for each in list_of(manifest.get("chains"), "its list of chains")]
    except Wrong as error:
        raise Unreadable(f"manifest.json: {error}") from None
    return manifest, chains, size


def _chain(value: Any) -> Chain:
    one = fields_of(value, "a chain")
    name, whole = one.get("chain"), one.get("whole")
    numbers = [one.get(each) for each in ("first", "last", "events")]
    if not isinstance(name, str) or not isinstance(whole, bool):
        raise Wrong("a chain has no name, or does not say whether it is whole")
    if not all(isinstance(each, int) and each > 0 for each in numbers):
        raise Wrong(f"the chain {name} has not first, last and events")
    first, last, events = (cast(int, each) for each in numbers)
    if whole and (first != 1 or last != events):
        raise Wrong(f"the chain {name} is called whole, and is not")
    return Chain(name, first, last, events, whole)


def verify(
    bundle: Path, policy: Policy | None, receipts: Sequence[Path], earlier: Sequence[Path]
) -> Findings:
    """Everything, in the order of what rests on what. Raises Unreadable."""
    found = Findings()
    files = Files(bundle)
    manifest, chains, size = read_manifest(files)
    query = cast("dict[str, Any]", manifest["query"])
    asked = ", ".join(f"{name} {value}" for name, value in query.items() if name != "kind")
    found.tell("Bundle", f"{query.get('kind')}: {asked}; made {manifest.get('made_at')}")
    check_files(files, manifest, found)
    try:
        trust = trust_of(files, policy, found)
    except Wrong as error:
        found.add(KEYS, str(error))
        return found
    try:
        last = check_checkpoints(files, size, trust, found)
    except Wrong:
        return found
    seen = Seen()
    for code, check in (
        (EVENT, lambda: check_events(files, chains, last, seen, found)),
        (CONTENT, lambda: check_contents(files, seen, found)),
        (PERSONAL, lambda: check_personal(files, seen, found)),
        (COMPLETE, lambda: check_complete(files, query, chains, seen, found)),
        (FILES, lambda: check_table(files, seen, found)),
    ):
        try:
            check()
        except (Wrong, ValueError) as error:
            found.add(code, str(error))
    for path in receipts:
        check_receipt(path, last.origin, trust, seen, found)
    for path in earlier:
        check_kept(path, files, last, trust, found)
    return found


def show(found: Findings) -> None:
    """What was found, for people. Written as UTF-8 whatever the terminal is set to."""
    lines = [f"{about:<12} {what}" for about, what in found.told]
    faults = sorted(found.faults, key=lambda fault: (fault.line or sys.maxsize, fault.code))
    if faults:
        lines.append(f"\nDOES NOT HOLD: {len(faults)} {'fault' if len(faults) == 1 else 'faults'}")
        if faults[0].event:
            lines.append(f"First bad event: {faults[0].event}")
        lines += [
            f"  [{fault.code}] {fault.event + ': ' if fault.event else ''}{fault.what}"
            for fault in faults[:SHOWN]
        ]
        if len(faults) > SHOWN:
            lines.append(f"  and {len(faults) - SHOWN} more")
    elif found.own_keys:
        lines.append(
            "\nHOLDS, under the keys that came with the bundle: anybody could have made those."
        )
        lines.append("Give the keys that you trust with --policy.")
    else:
        lines.append("\nHOLDS, under the keys of your policy.")
    sys.stdout.buffer.write("\n".join([*lines, ""]).encode("utf-8"))
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Verify an export of govern without govern.", prog="verify.py"
    )
    parser.add_argument("bundle", type=Path, help="the .zip, or the folder it was unpacked to")
    parser.add_argument("--policy", type=Path, help="the keys that you trust")
    parser.add_argument(
        "--receipt", type=Path, action="append", default=[], help="a receipt to find"
    )
    parser.add_argument(
        "--earlier", type=Path, action="append", default=[], help="a checkpoint that you kept"
    )
    given = parser.parse_args(arguments)
    policy = None
    if given.policy is not None:
        try:
            policy = read_policy(given.policy.read_text(encoding="utf-8"))
        except (Wrong, OSError, UnicodeDecodeError) as error:
            parser.error(str(error))
    try:
        found = verify(given.bundle, policy, given.receipt, given.earlier)
    except Unreadable as error:
        sys.stderr.write(f"verify.py: {error}\n")
        return UNREADABLE
    show(found)
    return found.exit_code()


if __name__ == "__main__":
    sys.exit(main())
