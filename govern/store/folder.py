"""Content kept on disk under its own hash, one file each: written once, never over another."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from govern.store.blobs import Corrupt, digest_of


@dataclass(frozen=True, slots=True)
class Folder:
    """`root/ab/cdef…`: the first two hexadecimal digits of the SHA-256, and the rest of them."""

    root: Path

    def path_of(self, digest: str) -> Path:
        """Where the content of a digest stands. The path is made of the digest and nothing else.

        Raises ValueError for what is no digest.
        """
        scheme, _, digits = digest.partition(":")
        if scheme != "sha256" or len(digits) != 64 or set(digits) - set("0123456789abcdef"):
            raise ValueError(f"{digest!r} is no digest")
        return self.root / digits[:2] / digits[2:]

    def put(self, content: bytes) -> str:
        """Keeps `content` unless it is there; its digest either way.

        It is whole under its name or not there at all, also after a crash. Raises Corrupt where
        something else stands under that name, OSError where the disk refuses.
        """
        digest = digest_of(content)
        path = self.path_of(digest)
        if path.exists():
            if _digest_of_file(path) != digest:
                raise Corrupt(digest)
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o440)
            # Another process that puts the same content puts the same bytes.
            Path(name).rename(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _settle(path.parent)
        _settle(self.root)
        return digest

    def get(self, digest: str) -> bytes | None:
        """The content of a digest; None where it is gone. Raises Corrupt where it was changed."""
        try:
            content = self.path_of(digest).read_bytes()
        except FileNotFoundError:
            return None
        if digest_of(content) != digest:
            raise Corrupt(digest)
        return content

    def holds(self, digest: str) -> bool | None:
        """Whether the content is as it was put there; None where it is gone. Reads in pieces."""
        path = self.path_of(digest)
        try:
            return _digest_of_file(path) == digest
        except FileNotFoundError:
            return None


def _digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def _settle(folder: Path) -> None:
    """Makes a new name in a folder outlast a crash, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
