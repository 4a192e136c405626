"""Stored roots of subtrees, damaged in every way that other stored bytes are: the first event is named
whose subtree has not the root that is stored, although every checkpoint still holds.

A subtree has 256 entries, so this ledger is larger than that of the other mutations.
"""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from govern.ledger.verify_log import LOG, StoredTile, in_order
from tests.ledger.test_mutations import EACH, KINDS, Place, damage, ledger_of

LEDGER = ledger_of({"LIRR": 300, "MNR": 180, "@service": 130}, (100, 256, 300, 512, 600))
SUBTREE = 256
Tiles = list[StoredTile]


def _hash(kind: str, rng: random.Random, tiles: Tiles) -> Tiles:
    one, two = rng.sample(range(len(tiles)), 2)
    value = damage(kind, rng, tiles[one].hash.encode(), tiles[two].hash.encode())
    changed = list(tiles)
    changed[one] = tiles[one]._replace(hash=value.decode("utf-8", "surrogateescape"))
    if kind == "reorder":
        changed[two] = tiles[two]._replace(hash=tiles[one].hash)
    return changed


def _place(rng: random.Random, tiles: Tiles) -> Tiles:
    at, bit = rng.randrange(len(tiles)), 1 << rng.randrange(8)
    tile, changed = tiles[at], list(tiles)
    changed[at] = (
        tile._replace(level=tile.level ^ (bit & 7 or 1))
        if rng.random() < 0.5
        else tile._replace(tile=tile.tile ^ bit)
    )
    return changed


def _rows(kind: str, rng: random.Random, tiles: Tiles) -> Tiles:
    at = rng.randrange(len(tiles))
    if kind == "flip":
        return _place(rng, tiles)
    if kind == "delete":
        return [*tiles[:at], *tiles[at + 1 :]]
    if kind == "truncate":
        return tiles[:at]
    if kind == "insert":
        # Of a subtree that is not complete, or of one that has its root already.
        made = StoredTile(rng.randint(1, 3), rng.randrange(9), tiles[at].hash)
        return [*tiles, made]
    one, two = tiles[at], tiles[at - 1]
    changed = list(tiles)
    changed[at], changed[at - 1] = one._replace(tile=two.tile), two._replace(tile=one.tile)
    return changed


def _named(tiles: Tiles) -> Place:
    """The event that completes the first subtree whose root is not what is stored next."""
    found = list(in_order(tiles))
    for number, true in enumerate(LEDGER.tiles):
        if number >= len(found) or found[number] != true:
            entry = LEDGER.entries[(number + 1) * SUBTREE - 1]
            return entry.project, entry.seq or 0
    return LOG, len(LEDGER.entries) + 1


def test_the_ledger_has_subtrees_and_no_fault() -> None:
    assert [(tile.level, tile.tile) for tile in LEDGER.tiles] == [(1, 0), (1, 1)]
    assert LEDGER.faults() == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("of", [_hash, _rows])
def test_every_mutation_of_a_subtree_is_found_and_the_first_bad_event_named(
    of: Callable[[str, random.Random, Tiles], Tiles], kind: str
) -> None:
    rng = random.Random(f"tile {kind}")  # noqa: S311 - the same mutations on every run
    for number in range(EACH // 2):
        tiles = of(kind, rng, LEDGER.tiles)
        assert tiles != LEDGER.tiles
        found = replace(LEDGER, tiles=tiles).faults_of_log(LEDGER.entries)
        assert [(fault.project, fault.seq) for fault in found] == [_named(tiles)], (number, found)
