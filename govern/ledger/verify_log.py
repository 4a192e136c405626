"""Is the log what was signed? Its entries are read once in their order, and the tree grows with them:
every stored root of a subtree, every checkpoint and every note kept elsewhere is met on the way.

Pure, and constant in memory. That every root follows from the same entries is what consistency
proofs between the checkpoints would show. A fault names the first event that nothing good vouches for:
the first entry after the last checkpoint that holds. Where the entry itself is wrong, it is named.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from govern.domain.instant import write_instant
from govern.ledger.checkpoint import Checkpoint
from govern.ledger.merkle import HASH_SIZE, Frontier
from govern.ledger.note import NoteFault
from govern.ledger.verify import Fault

LOG = "@log"
"""The chain that a fault names where no event is left to be named; its number counts from 1."""
TILE_LEVELS = 8
"""Roots of 2^8, 2^16, … leaves are stored."""
_TILE = 1 << TILE_LEVELS


Entry = tuple[int | None, str, int | None, str]
"""An entry of the log as it lies in the database: index, project, seq, leaf. A tampered row may have
anything in it."""


class StoredEntry(NamedTuple):
    """The same by names."""

    log_index: int | None
    project: str
    seq: int | None
    leaf: str


class StoredTile(NamedTuple):
    """The root of 256^level leaves, as stored."""

    level: int
    tile: int
    hash: str


class StoredCheckpoint(NamedTuple):
    """A checkpoint as it lies in the database; `sealed_at` is the instant as text."""

    size: int
    root: str
    note: str
    sealed_at: str


Opener = Callable[[str], Checkpoint]
"""Reads a signed note and checks who signed it; raises `NoteFault`."""


@dataclass(frozen=True, slots=True)
class LogAudit:
    """How many entries and checkpoints were seen, up to where checkpoints vouch for the entries, and
    what does not hold: at most one fault of the entries, of the subtrees, and of the checkpoints."""

    entries: int
    checkpoints: int
    vouched: int
    faults: tuple[Fault, ...]


def verify_log(
    entries: Iterable[Entry],
    tiles: Iterable[StoredTile],
    checkpoints: Iterable[StoredCheckpoint],
    opener: Opener,
    kept: Iterable[Checkpoint] = (),
) -> LogAudit:
    """Build the tree from its entries and compare.

    `entries` come by index, `checkpoints` by size, `tiles` in the order in which they become
    complete: by (tile + 1) · 256^level, then by level. `kept` are checkpoints known from elsewhere,
    whose signatures have been checked: what the log held then it has to hold now.
    """
    return _Reading(tiles, checkpoints, opener, kept).run(entries)


class _Reading:
    def __init__(
        self,
        tiles: Iterable[StoredTile],
        checkpoints: Iterable[StoredCheckpoint],
        opener: Opener,
        kept: Iterable[Checkpoint],
    ) -> None:
        self._tiles = iter(tiles)
        self._checkpoints = iter(checkpoints)
        self._next = next(self._checkpoints, None)
        self._kept = sorted(kept, key=lambda each: each.size)
        self._open = opener
        self._tree = Frontier(self._completed, TILE_LEVELS)
        self._sealed_at = ""
        self._before = 0
        self._seen = self._vouched = 0
        self._unvouched: tuple[str, int] | None = None
        self._faults: dict[str, Fault] = {}
        self._completed_now: list[tuple[int, int, bytes]] = []

    def run(self, entries: Iterable[Entry]) -> LogAudit:
        left, due = iter(entries), 0
        while some := list(islice(left, self._until_met(due))):
            leaves = _leaves(some, due)
            if leaves and self._unvouched is None:
                self._unvouched = _event_of(some[0])
            self._tree.extend(leaves)
            due += len(leaves)
            if len(leaves) < len(some):
                self._fail("entries", *_wrong_entry(some[len(leaves)], due))
                break
            if self._completed_now:
                self._check_tiles(*_event_of(some[-1]))
            if self._met(due):
                self._check_size(due)
        else:
            self._end(due)
        return LogAudit(due, self._seen, self._vouched, tuple(self._faults.values()))

    def _until_met(self, due: int) -> int:
        """How many entries there are until one completes a stored subtree, or something is signed."""
        sizes = [due - due % _TILE + _TILE]
        if self._next is not None:
            sizes.append(self._next.size)
        if self._kept:
            sizes.append(self._kept[0].size)
        return max(min(sizes) - due, 1)

    def _met(self, due: int) -> bool:
        return (self._next is not None and self._next.size <= due) or (
            bool(self._kept) and self._kept[0].size <= due
        )

    def _completed(self, level: int, index: int, digest: bytes) -> None:
        self._completed_now.append((level // TILE_LEVELS, index, digest))

    def _check_tiles(self, project: str, seq: int) -> None:
        for level, index, digest in self._completed_now:
            stored = next(self._tiles, None)
            if stored != (level, index, digest.hex()):
                what = (
                    f"the stored root of subtree {index} of level {level} is not that of its leaves"
                )
                self._fail("tiles", project, seq, what)
        self._completed_now.clear()

    def _check_size(self, due: int) -> None:
        root = self._tree.root()
        good = self._next is not None and self._next.size == due
        while self._next is not None and self._next.size <= due:
            stored = self._next
            self._seen += 1
            what = self._wrong(stored, due, root)
            if what is not None:
                good = False
                self._fail("checkpoints", *self._first_unvouched(), what)
            self._next = next(self._checkpoints, None)
        while self._kept and self._kept[0].size <= due:
            known = self._kept.pop(0)
            if known.size == due and known.root != root:
                good = False
                what = f"the log's first {due} entries are not those that a checkpoint kept elsewhere signs"
                self._fail("kept", *self._first_unvouched(), what)
        if good and "checkpoints" not in self._faults and "kept" not in self._faults:
            self._vouched, self._unvouched = due, None

    def _wrong(self, stored: StoredCheckpoint, due: int, root: bytes) -> str | None:  # noqa: PLR0911
        where = f"the checkpoint over {stored.size} entries"
        if stored.size != due:
            return f"{where} is out of order"
        try:
            signed = self._open(stored.note)
        except NoteFault as fault:
            return f"{where} is not signed as it should be: {fault}"
        if signed.size != stored.size or signed.root.hex() != stored.root:
            return f"{where} is kept beside another size or root than it signs"
        if signed.root != root:
            return f"{where} signs another root than that of the entries, from this event on"
        moment = "" if signed.sealed_at is None else write_instant(signed.sealed_at)
        if moment != stored.sealed_at:
            return f"{where} says that it was sealed at {moment}, its row {stored.sealed_at}"
        if moment < self._sealed_at:
            return f"{where} was sealed before the one over fewer entries"
        if signed.after is not None and signed.after != self._before:
            return f"the checkpoint over {signed.after} entries, before the one over {due}, is gone"
        self._sealed_at, self._before = moment, due
        return None

    def _end(self, due: int) -> None:
        if next(self._tiles, None) is not None:
            what = "a root is stored of a subtree that is not complete"
            self._fail("tiles", LOG, due + 1, what)
        if self._next is not None:
            what = f"is missing from the log: a checkpoint signs {self._next.size} entries"
            self._fail("checkpoints", LOG, due + 1, what)
            self._seen += 1 + sum(1 for _ in self._checkpoints)
        elif self._kept:
            what = (
                f"is missing from the log: a checkpoint kept elsewhere signs "
                f"{self._kept[-1].size} entries"
            )
            self._fail("kept", LOG, due + 1, what)
        elif self._unvouched is not None:
            self._fail("checkpoints", *self._unvouched, "is in the log, and no checkpoint signs it")

    def _first_unvouched(self) -> tuple[str, int]:
        return self._unvouched or (LOG, self._tree.size)

    def _fail(self, of: str, project: str, seq: int, what: str) -> None:
        if of not in self._faults:
            self._faults[of] = Fault(project, seq, what)


def in_order(tiles: Iterable[StoredTile]) -> Iterator[StoredTile]:
    """Tiles of a small log in the order that `verify_log` wants."""
    yield from sorted(tiles, key=lambda each: ((each.tile + 1) << (8 * each.level), each.level))


def _leaves(some: Sequence[Entry], due: int) -> list[bytes]:
    """The hashes of entries from index `due` on, up to the first that does not hold."""
    texts = [entry[3] for entry in some]
    try:
        joined = "".join(texts)
        raw = bytes.fromhex(joined)
    except (TypeError, ValueError):
        return _one_by_one(some, due)
    if (
        [entry[0] for entry in some] != list(range(due, due + len(some)))
        or {len(text) for text in texts} != {2 * HASH_SIZE}
        or raw.hex() != joined
    ):
        return _one_by_one(some, due)
    return [raw[start : start + HASH_SIZE] for start in range(0, len(raw), HASH_SIZE)]


def _one_by_one(some: Sequence[Entry], due: int) -> list[bytes]:
    found: list[bytes] = []
    for place, entry in enumerate(some, due):
        digest = _digest(entry[3])
        if entry[0] != place or digest is None:
            break
        found.append(digest)
    return found


def _digest(leaf: str) -> bytes | None:
    try:
        digest = bytes.fromhex(leaf)
    except (TypeError, ValueError):
        return None
    return digest if len(digest) == HASH_SIZE and digest.hex() == leaf else None


def _wrong_entry(entry: Entry, due: int) -> tuple[str, int, str]:
    """What does not hold of the entry that should stand at index `due`."""
    log_index, project, seq, _ = entry
    if log_index == due:
        return project, seq or 0, f"entry {due} of the log has no hash"
    what = (
        f"entry {due} of the log is missing: the next one stored is entry {log_index}, "
        f"event {seq} of {project}"
    )
    return LOG, due + 1, what


def _event_of(entry: Entry) -> tuple[str, int]:
    return entry[1], entry[2] or 0
