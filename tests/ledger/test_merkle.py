"""The Merkle tree: known roots, proofs of every size, growth; a claim that is not so is refused."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.ledger import merkle
from govern.ledger.merkle import EMPTY_ROOT, Frontier, ProofFault, node

# The eight entries of the test vectors of Certificate Transparency, and the roots over the first n.
ENTRIES = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    bytes(range(0x60, 0x70)),
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def _leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


LEAVES = [_leaf(entry) for entry in ENTRIES]
SOME = [_leaf(bytes([number])) for number in range(70)]
SIZES = st.integers(min_value=0, max_value=len(SOME))


def _slow(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962 writes it down."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else hashlib.sha256().digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node(_slow(leaves[:split]), _slow(leaves[split:]))


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]


@given(SIZES)
def test_a_root_is_the_same_however_it_is_made(size: int) -> None:
    hashes = merkle.hashes_over(SOME)
    told: dict[tuple[int, int], bytes] = {}
    frontier = Frontier(lambda level, index, digest: told.update({(level, index): digest}))
    for leaf in SOME[:size]:
        frontier.append(leaf)
    expected = _slow(SOME[:size])
    assert frontier.root() == merkle.root_at(size, hashes) == expected
    assert frontier.size == size
    assert len(frontier.peaks) == size.bit_count()
    assert all(hashes(*place) == digest for place, digest in told.items())
    assert len(told) == size - size.bit_count()


@given(st.lists(st.integers(0, 70), max_size=5), st.integers(1, 4))
def test_leaves_added_together_make_the_tree_of_leaves_added_one_by_one(
    pieces: list[int], every: int
) -> None:
    told: dict[tuple[int, int], bytes] = {}
    expected: dict[tuple[int, int], bytes] = {}
    together = Frontier(lambda level, index, digest: told.update({(level, index): digest}), every)
    single = Frontier(lambda level, index, digest: expected.update({(level, index): digest}))
    for piece in pieces:
        leaves = SOME[:piece]
        together.extend(leaves)
        for leaf in leaves:
            single.append(leaf)
    assert (together.size, together.peaks) == (single.size, single.peaks)
    assert told == {at: digest for at, digest in expected.items() if at[0] % every == 0}


@given(SIZES, SIZES)
def test_a_tree_goes_on_from_what_was_stored(one: int, other: int) -> None:
    old, new = sorted((one, other))
    frontier = Frontier.resume(old, merkle.hashes_over(SOME[:old]))
    for leaf in SOME[old:new]:
        frontier.append(leaf)
    assert frontier.root() == _slow(SOME[:new])


def test_every_entry_and_every_growth_of_a_small_log_can_be_proven() -> None:
    hashes = merkle.hashes_over(SOME)
    roots = [_slow(SOME[:size]) for size in range(len(SOME) + 1)]
    for size, root in enumerate(roots):
        for index in range(size):
            proof = merkle.inclusion(index, size, hashes)
            merkle.check_inclusion(index=index, size=size, leaf=SOME[index], proof=proof, root=root)
        for old in range(size + 1):
            merkle.check_consistency(
                old_size=old,
                old_root=roots[old],
                new_size=size,
                new_root=root,
                proof=merkle.consistency(old, size, hashes),
            )


def test_an_empty_log_is_the_beginning_of_every_log_and_of_no_other_root() -> None:
    facts = {"old_size": 0, "new_size": 3, "new_root": merkle.root(LEAVES[:3])}
    merkle.check_consistency(**facts, old_root=EMPTY_ROOT, proof=())
    with pytest.raises(ProofFault, match="not that of an empty log"):
        merkle.check_consistency(**facts, old_root=LEAVES[0], proof=())
    with pytest.raises(ProofFault, match="where none is needed"):
        merkle.check_consistency(**facts, old_root=EMPTY_ROOT, proof=(LEAVES[0],))


def test_what_cannot_be_so_is_refused_in_words() -> None:
    two = merkle.root(LEAVES[:2])
    with pytest.raises(ProofFault, match="no entry 2 in a log of 2"):
        merkle.check_inclusion(index=2, size=2, leaf=LEAVES[0], proof=(LEAVES[1],), root=two)
    with pytest.raises(ProofFault, match="leads to the root"):
        merkle.check_inclusion(index=1, size=2, leaf=LEAVES[0], proof=(LEAVES[1],), root=two)
    with pytest.raises(ProofFault, match="32 bytes"):
        merkle.check_inclusion(index=0, size=1, leaf=b"short", proof=(), root=LEAVES[0])
    same = {"old_size": 2, "new_size": 2, "old_root": two, "proof": ()}
    with pytest.raises(ProofFault, match="different roots"):
        merkle.check_consistency(**same, new_root=LEAVES[0])
    with pytest.raises(ProofFault, match="cannot begin with one of 3"):
        merkle.check_consistency(**same | {"old_size": 3}, new_root=two)
    with pytest.raises(ValueError, match="no leaf 1"):
        merkle.inclusion(1, 1, merkle.hashes_over(LEAVES))
    with pytest.raises(ValueError, match="cannot begin"):
        merkle.consistency(2, 1, merkle.hashes_over(LEAVES))
