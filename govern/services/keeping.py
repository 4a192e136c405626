"""Where the content of evidence is kept, and how much of it is taken at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from govern.domain.record import Record
from govern.domain.refusal import EvidenceDamaged
from govern.store import blobs
from govern.store.blobs import Corrupt
from govern.store.evidence import DATABASE, DISK
from govern.store.folder import Folder

LARGEST_MB = 25
MB = 2**20


@dataclass(frozen=True, slots=True)
class Keeping:
    """New content goes into `folder` where there is one, else into the database. `largest` is bytes."""

    folder: Folder | None = None
    largest: int = LARGEST_MB * MB

    def put(
        self, connection: Connection, content: bytes, media_type: str, now: datetime
    ) -> tuple[str, str]:
        """Keeps content; its digest and where it is kept. Raises EvidenceDamaged."""
        if self.folder is None:
            return blobs.put(connection, content, media_type, now), DATABASE
        try:
            return self.folder.put(content), DISK
        except Corrupt as error:
            path = self.folder.path_of(error.digest)
            raise EvidenceDamaged(
                f"{path} holds something else than its name says; it is not written over.",
                digest=error.digest,
            ) from error

    def get(self, connection: Connection, file: Record) -> bytes:
        """The content of a file, held against its digest. Raises EvidenceDamaged."""
        digest = file["digest"]
        try:
            content = self._read(connection, digest, file["kept_in"])
        except Corrupt as error:
            raise EvidenceDamaged(
                f"The content of '{file['filename']}' was changed after it was handed in.",
                digest=digest,
                kept_in=file["kept_in"],
            ) from error
        if content is None:
            raise EvidenceDamaged(
                f"The content of '{file['filename']}' is gone.",
                digest=digest,
                kept_in=file["kept_in"],
            )
        return content

    def wrong_with(self, digest: str) -> str | None:
        """What is wrong with a content that was put on disk; None where it is as it was."""
        if self.folder is None:
            return f"{digest}, which is kept on disk, and GOVERN_EVIDENCE_DIR does not say where"
        path = self.folder.path_of(digest)
        try:
            held = self.folder.holds(digest)
        except OSError as error:
            return f"{path}, which cannot be read: {error.strerror}"
        if held is None:
            return f"{path}, which is gone"
        return None if held else f"{path}, which was changed"

    def _read(self, connection: Connection, digest: str, kept_in: str) -> bytes | None:
        if kept_in == DATABASE:
            found = blobs.get(connection, digest)
            return None if found is None else found.content
        return None if self.folder is None else self.folder.get(digest)
