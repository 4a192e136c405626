"""A .zip written piece by piece: what is ready can be sent on while the rest is not there yet."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from govern.domain.record import Record

_FIRST_YEAR = 1980


class _Sink(io.RawIOBase):
    """Takes bytes until they are fetched; cannot be sought in, so zipfile writes no way back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # pyright: ignore[reportArgumentType] - zipfile writes bytes
        self._parts.append(part)
        return len(part)

    def fetch(self) -> bytes:
        fetched = b"".join(self._parts)
        self._parts.clear()
        return fetched


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as the manifest lists it."""

    path: str
    size: int
    sha256: str

    def record(self) -> Record:
        return {"path": self.path, "bytes": self.size, "sha256": self.sha256}


class ZipStream:
    """Files in the order they are added. `listed` tells what was written."""

    def __init__(self, at: datetime) -> None:
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED)
        self._at = (max(at.year, _FIRST_YEAR), at.month, at.day, at.hour, at.minute, at.second)
        self.listed: list[Listed] = []

    def add(self, path: str, parts: Iterable[bytes]) -> Iterator[bytes]:
        """Writes a file from its parts; yields what of the .zip is ready."""
        info = zipfile.ZipInfo(path, self._at)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        taken, size = hashlib.sha256(), 0
        with self._zip.open(info, "w") as file:
            for part in parts:
                file.write(part)
                taken.update(part)
                size += len(part)
                yield from self._ready()
        self.listed.append(Listed(path, size, taken.hexdigest()))
        yield from self._ready()

    def close(self) -> Iterator[bytes]:
        """The table of contents, without which the .zip is not whole."""
        self._zip.close()
        yield from self._ready()

    def _ready(self) -> Iterator[bytes]:
        if part := self._sink.fetch():
            yield part
