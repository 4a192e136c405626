"""Frames of rows, one after another: the last in memory, those before it in a file without a name.

However many rows there are, memory holds one frame. The file has no name in any folder, so that a
process that is killed leaves nothing behind.
"""

import tempfile
import weakref
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

import polars as pl

ROWS = 50_000
"""Rows of a frame, at most."""


class Batches:
    """Frames of one schema, in the order in which they were added. Can be gone through many times."""

    def __init__(self) -> None:
        self._file: BinaryIO | None = None
        self._lengths: list[int] = []
        self._last: pl.DataFrame | None = None
        self.rows = 0

    def add(self, frame: pl.DataFrame) -> None:
        if not frame.height:
            return
        if self._last is not None:
            self._put_away(self._last)
        self._last = frame
        self.rows += frame.height

    def __iter__(self) -> Iterator[pl.DataFrame]:
        if self._file is not None:
            start = 0
            for length in self._lengths:
                self._file.seek(start)
                yield pl.read_ipc_stream(BytesIO(self._file.read(length)))
                start += length
        if self._last is not None:
            yield self._last

    def clear(self) -> None:
        """Takes everything out again."""
        if self._file is not None:
            self._file.close()
        self._file, self._lengths, self._last, self.rows = None, [], None, 0

    def _put_away(self, frame: pl.DataFrame) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the frames do
            weakref.finalize(self, self._file.close)
        written = BytesIO()
        frame.write_ipc_stream(written)
        self._file.seek(sum(self._lengths))
        self._lengths.append(self._file.write(written.getbuffer()))
