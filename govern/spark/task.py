"""What runs in an executor: a piece of the portfolio read, worked on, and the result handed back.

Results come back pickled in a column of bytes: so they are what the work gave, bit for bit. A refusal is
a result, too: it is raised where the work was asked for.
"""

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from govern import ENGINE_VERSION
from govern.domain.refusal import BadConfiguration, Refusal
from govern.observation.nested import flat
from govern.services.engines import OfProjects, OfTables
from govern.store.snapshot import Snapshot, reading_at

RESULT: Final = "number bigint, result binary"
"""Columns of what comes back, as Spark writes a schema. `number` is that of the piece, or how many
projects were in it."""


@dataclass(frozen=True, slots=True)
class DatabaseTask:
    """Pieces by their number, of a database in a state."""

    work: OfProjects[Any]
    snapshot: Snapshot
    pieces: Sequence[list[str]]
    engine: str = ENGINE_VERSION

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            numbers: list[int] = batch.column(0).to_pylist()
            for number in numbers:
                yield _handed_back(number, self.result(number))

    def result(self, number: int) -> Any:
        """What the work gives of a piece, or the refusal that it came to."""
        try:
            require_same(self.engine)
            with reading_at(self.snapshot) as connection:
                return self.work(connection, self.pieces[number])
        except Refusal as refused:
            return refused


@dataclass(frozen=True, slots=True)
class RowsTask:
    """Batches of rows of a frame, each a piece of whole projects."""

    work: OfTables[Any]
    engine: str = ENGINE_VERSION

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            rows = pl.DataFrame(batch)
            yield _handed_back(rows.height, self.result(rows))

    def result(self, rows: pl.DataFrame) -> Any:
        """What the work gives of these rows, or the refusal that it came to."""
        try:
            require_same(self.engine)
            return self.work(flat(rows))
        except Refusal as refused:
            return refused


def require_same(engine: str) -> None:
    """Another version may judge otherwise. Raises BadConfiguration."""
    if engine != ENGINE_VERSION:
        raise BadConfiguration(
            f"An executor runs govern {ENGINE_VERSION}, and the work was asked for by {engine}: install "
            "the same on all machines."
        )


def _handed_back(number: int, result: Any) -> Any:
    import pyarrow  # noqa: PLC0415 - part of the extra, and there in every executor

    columns = {
        "number": pyarrow.array([number], pyarrow.int64()),
        "result": pyarrow.array([pickle.dumps(result)], pyarrow.binary()),
    }
    return pyarrow.RecordBatch.from_pydict(columns)
