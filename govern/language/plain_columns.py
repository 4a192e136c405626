"""Cells and links of frames for the plain reading, which asks for them one by one.

A list gives a cell in a tenth of the time that a column of a frame takes. So columns become lists, a block
of rows at a time, and only the blocks used last are held: a portfolio's columns as lists would take
several times the memory of its frames.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

import polars as pl

from govern.language.frames import Frames, PlainRows, frame_of

_ROWS = 4_096
_BLOCKS = 256
"""How many are held at most."""


def plain_columns(frames: Frames) -> PlainRows:
    """The same cells and links, for as long as the frames are looked at."""

    @lru_cache(_BLOCKS)
    def block(name: str, column: str, number: int) -> list[object]:
        found = frame_of(frames, name).get_column(column)
        return found.slice(number * _ROWS, _ROWS).to_list()

    def cell(name: str, column: str, row: int) -> object:
        number, at = divmod(row, _ROWS)
        return block(name, column, number)[at]

    @lru_cache(_BLOCKS)
    def begins(name: str, number: int) -> list[int]:
        """Where the links of each parent of a block begin, and those of the next block."""
        parents = frame_of(frames, name).get_column("parent")
        first = number * _ROWS
        asked = pl.int_range(first, first + _ROWS + 1, eager=True)
        return parents.search_sorted(asked, side="left").to_list()

    def links(name: str, parent: int) -> Iterator[tuple[int, float | None]]:
        number, at = divmod(parent, _ROWS)
        start, end = begins(name, number)[at : at + 2]
        weighs = "contribution" in frame_of(frames, name).columns
        for link in range(start, end):
            share = cell(name, "contribution", link) if weighs else None
            yield cast(int, cell(name, "row", link)), cast("float | None", share)

    return PlainRows(cell, links)
