"""Where every chain stood at the end of a day, under one hash: so one project's export can be whole.

A Merkle tree (RFC 6962) with one leaf per chain, sorted by project in the order of its UTF-8 bytes.
The entry of a leaf is the canonical JSON `[project, seq, leaf of event seq in hex]`. The root is
recorded in the ledger; a proof from it to one head tells the number of the chain's last event that
day without telling anything of the other projects.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from govern.ledger import merkle
from govern.ledger.canonical import canonical
from govern.ledger.event import leaf_hash


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a chain: its number, and its leaf as 64 lowercase hexadecimal digits."""

    project: str
    seq: int
    leaf: str

    @property
    def hash(self) -> bytes:
        """The leaf hash of this head in the tree of a day's heads."""
        return bytes.fromhex(leaf_hash(canonical([self.project, self.seq, self.leaf])))


@dataclass(frozen=True, slots=True)
class HeadProof:
    """`head` is the `index`-th of the `size` heads of a day."""

    head: Head
    index: int
    size: int
    hashes: tuple[bytes, ...]


def sort_heads(heads: Iterable[Head]) -> tuple[Head, ...]:
    """In the order of the tree; `ValueError` where a project has two heads."""
    ordered = tuple(sorted(heads, key=lambda head: head.project.encode("utf-8", "surrogateescape")))
    for one, other in pairwise(ordered):
        if one.project == other.project:
            raise ValueError(f"the chain of {one.project} has two heads")
    return ordered


def heads_root(heads: Iterable[Head]) -> bytes:
    """The root over these heads, in whichever order they come."""
    return merkle.root(head.hash for head in sort_heads(heads))


def prove_head(heads: Iterable[Head], project: str) -> HeadProof:
    """The proof for one project's head; `KeyError` where there is no head of this project."""
    ordered = sort_heads(heads)
    index = _index(ordered, project)
    hashes = merkle.hashes_over(head.hash for head in ordered)
    proof = merkle.inclusion(index, len(ordered), hashes)
    return HeadProof(ordered[index], index, len(ordered), proof)


def check_head(proof: HeadProof, root: bytes) -> None:
    """That the head is among those under this root; raises `merkle.ProofFault`."""
    merkle.check_inclusion(
        index=proof.index,
        size=proof.size,
        leaf=proof.head.hash,
        proof=proof.hashes,
        root=root,
    )


def _index(ordered: Sequence[Head], project: str) -> int:
    for index, head in enumerate(ordered):
        if head.project == project:
            return index
    raise KeyError(project)
