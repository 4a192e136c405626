"""A Merkle tree over leaf hashes: its root, and proofs that need nothing but hashes to be checked.

The tree of RFC 6962, section 2.1. A leaf hash is SHA-256(0x00 ‖ entry) – what `event.leaf_hash`
makes –, an inner node SHA-256(0x01 ‖ left ‖ right), the root of no leaf at all SHA-256 of nothing.
Hashes are 32 raw bytes here. Proofs are made as in RFC 6962, sections 2.1.1 and 2.1.2, and checked
as in RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

Hashes = Callable[[int, int], bytes]
"""(level, index) → the root of the complete subtree over 2^level leaves, the index-th of its kind.

`hashes(0, n)` is leaf n; `hashes(3, 2)` the root over the leaves 16 … 23. Asked only for subtrees
that are complete within the size of the tree a proof is about.
"""

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

_sha256 = hashlib.sha256


class ProofFault(ValueError):  # noqa: N818 - an answer about the proof
    """A proof does not show what it is said to show."""


def node(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right): the hash of an inner node (RFC 6962, section 2.1)."""
    return _sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that only grows, held as the roots of its complete subtrees: one per bit of `size`.

    Memory is logarithmic. `completed`, where given, hears of each subtree of two leaves and more as
    it becomes complete: level, index, root; of the levels that are multiples of `every` only.
    """

    __slots__ = ("_completed", "_every", "_peaks", "_size")

    def __init__(
        self, completed: Callable[[int, int, bytes], None] | None = None, every: int = 1
    ) -> None:
        self._size = 0
        self._peaks: list[bytes] = []
        self._completed = completed
        self._every = every

    @classmethod
    def resume(
        cls,
        size: int,
        hashes: Hashes,
        completed: Callable[[int, int, bytes], None] | None = None,
        every: int = 1,
    ) -> "Frontier":
        """The frontier of a tree of `size` leaves whose subtrees are stored; reads only its peaks."""
        frontier = cls(completed, every)
        frontier._size = size
        frontier._peaks = [hashes(level, index) for level, index in _subtrees(0, size)]
        return frontier

    @property
    def size(self) -> int:
        return self._size

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The roots of the complete subtrees, the largest and leftmost first."""
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> None:
        """Add the next leaf hash."""
        self._add(0, leaf)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add the next leaf hashes, a level at a time where they make up a whole subtree."""
        start = 0
        while left := len(leaves) - start:
            level = left.bit_length() - 1
            if self._size:
                level = min(level, (self._size & -self._size).bit_length() - 1)
            nodes = leaves[start : start + (1 << level)]
            for tall in range(1, level + 1):
                pairs = zip(nodes[::2], nodes[1::2], strict=True)
                nodes = [_sha256(b"\x01" + one + other).digest() for one, other in pairs]
                if tall < level and self._completed is not None and tall % self._every == 0:
                    for index, digest in enumerate(nodes, self._size >> tall):
                        self._completed(tall, index, digest)
            if level:
                self._tell(level, self._size >> level, nodes[0])
            self._add(level, nodes[0])
            start += 1 << level

    def _add(self, level: int, node: bytes) -> None:
        """The root of the next 2^level leaves, where so many begin a subtree."""
        peaks, size, grown = self._peaks, self._size >> level, level
        while size & 1:
            node = _sha256(b"\x01" + peaks.pop() + node).digest()
            size >>= 1
            grown += 1
            self._tell(grown, size, node)
        peaks.append(node)
        self._size += 1 << level

    def _tell(self, level: int, index: int, digest: bytes) -> None:
        if self._completed is not None and level % self._every == 0:
            self._completed(level, index, digest)

    def root(self) -> bytes:
        """The root over all leaves so far; `EMPTY_ROOT` while there are none."""
        return _fold(self._peaks) if self._peaks else EMPTY_ROOT


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes: MTH of RFC 6962, section 2.1."""
    frontier = Frontier()
    frontier.extend(list(leaves))
    return frontier.root()


def hashes_over(leaves: Iterable[bytes]) -> Hashes:
    """All complete subtrees of a small tree held in memory, to make proofs from."""
    known: dict[tuple[int, int], bytes] = {}
    frontier = Frontier(lambda level, index, digest: known.update({(level, index): digest}))
    for index, leaf in enumerate(leaves):
        known[0, index] = leaf
        frontier.append(leaf)
    return lambda level, index: known[level, index]


def root_at(size: int, hashes: Hashes) -> bytes:
    """The root of the tree as it was at `size` leaves."""
    return _range_root(0, size, hashes) if size else EMPTY_ROOT


def inclusion(index: int, size: int, hashes: Hashes) -> tuple[bytes, ...]:
    """The proof that leaf `index` is in the tree of `size` leaves: PATH, RFC 6962 section 2.1.1.

    From the leaf's sibling up to the root's child. `ValueError` for an index beyond the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size} leaves")
    proof: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(_range_root(middle, high, hashes))
            high = middle
        else:
            proof.append(_range_root(low, middle, hashes))
            low = middle
    return tuple(reversed(proof))


def consistency(old: int, new: int, hashes: Hashes) -> tuple[bytes, ...]:
    """The proof that the tree of `new` leaves begins with that of `old`: PROOF, RFC 6962 § 2.1.2.

    Empty where `old` is 0 or `new`. `ValueError` where `old` is larger than `new`.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves cannot begin with one of {old}")
    proof: list[bytes] = []
    low, high = 0, new
    while 0 < old < high:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_range_root(middle, high, hashes))
            high = middle
        else:
            proof.append(_range_root(low, middle, hashes))
            low = middle
    if low > 0:
        proof.append(_range_root(low, high, hashes))
    return tuple(reversed(proof))


def check_inclusion(
    *, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """That `leaf` is entry `index` of the tree of this size and root; raises `ProofFault`."""
    _check_hashes(leaf, root, *proof)
    if not 0 <= index < size:
        raise ProofFault(f"there is no entry {index} in a log of {size} entries")
    first, last, digest = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofFault("the proof has more hashes than the tree has levels")
        if first & 1 or first == last:
            digest = node(step, digest)
            while not first & 1 and first:
                first >>= 1
                last >>= 1
        else:
            digest = node(digest, step)
        first >>= 1
        last >>= 1
    if last != 0:
        raise ProofFault("the proof has fewer hashes than the tree has levels")
    if digest != root:
        raise ProofFault(
            f"the proof leads to the root {digest.hex()[:12]}…, the log's is {root.hex()[:12]}…"
        )


def check_consistency(
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """That the new tree begins with the whole of the old one; raises `ProofFault`."""
    _check_hashes(old_root, new_root, *proof)
    if not 0 <= old_size <= new_size:
        raise ProofFault(f"a log of {new_size} entries cannot begin with one of {old_size}")
    if old_size == 0 and old_root != EMPTY_ROOT:
        raise ProofFault("the old root is not that of an empty log")
    if new_size == old_size and new_root != old_root:
        raise ProofFault(f"two logs of {new_size} entries have different roots")
    if old_size in {0, new_size}:
        if proof:
            raise ProofFault("the proof has hashes where none is needed")
        return
    _check_growth(old_size, old_root, new_size, new_root, proof)


def _check_growth(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    # An old tree that is one complete subtree is a node of the new one: its root opens the proof.
    steps = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not steps:
        raise ProofFault("the proof is empty")
    first, last = old_size - 1, new_size - 1
    while first & 1:
        first >>= 1
        last >>= 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofFault("the proof has more hashes than the tree has levels")
        if first & 1 or first == last:
            old, new = node(step, old), node(step, new)
            while not first & 1 and first:
                first >>= 1
                last >>= 1
        else:
            new = node(new, step)
        first >>= 1
        last >>= 1
    if last != 0:
        raise ProofFault("the proof has fewer hashes than the tree has levels")
    if old != old_root:
        raise ProofFault(f"the log of {new_size} entries does not begin with that of {old_size}")
    if new != new_root:
        raise ProofFault(f"the proof does not lead to the root of the log of {new_size} entries")


def _check_hashes(*hashes: bytes) -> None:
    if any(len(digest) != HASH_SIZE for digest in hashes):
        raise ProofFault("a hash has 32 bytes")


def _split(width: int) -> int:
    """The largest power of two smaller than `width`, which is at least 2."""
    return 1 << ((width - 1).bit_length() - 1)


def _subtrees(low: int, high: int) -> list[tuple[int, int]]:
    """The complete subtrees, as (level, index), that make up the leaves low … high − 1."""
    parts: list[tuple[int, int]] = []
    while low < high:
        level = (high - low).bit_length() - 1
        parts.append((level, low >> level))
        low += 1 << level
    return parts


def _range_root(low: int, high: int, hashes: Hashes) -> bytes:
    return _fold([hashes(level, index) for level, index in _subtrees(low, high)])


def _fold(peaks: Sequence[bytes]) -> bytes:
    digest = peaks[-1]
    for peak in reversed(peaks[:-1]):
        digest = node(peak, digest)
    return digest
