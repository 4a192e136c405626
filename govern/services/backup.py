"""A backup: the database and the files of evidence in one archive, each with its SHA-256.

The archive is a .tar.gz: first `manifest.json` (format, engine, database, revision, when, digests), then
`database` (an SQLite file or a custom dump of pg_dump), then `evidence/` and the digest of each file.
The log's key is not in it: whoever holds both could write another history.
"""

import hashlib
import io
import json
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine

from govern import ENGINE_VERSION
from govern.domain.refusal import BadConfiguration
from govern.store.copies import copy_in, copy_out
from govern.store.engine import is_sqlite
from govern.store.folder import Folder
from govern.store.migrate import current

FORMAT = "govern/backup/v1"
_EVIDENCE = re.compile(r"evidence/([0-9a-f]{64})")
_LARGEST_MANIFEST = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Backup:
    """`revision` is that of the database's tables; `evidence` counts files."""

    database: str
    revision: str | None
    made_at: str
    engine: str
    evidence: int


def back_up(engine: Engine, evidence: Folder | None, file: Path, *, now: datetime) -> Backup:
    """Writes the archive, readable by its owner only; whole under its name or not there at all.

    Others go on writing meanwhile: the database is as of one moment, and evidence that it names was
    kept before. Raises BadConfiguration where the file is there already, or a part cannot be read.
    """
    if file.exists():
        raise BadConfiguration(f"{file} is there already; name a file that is not.")
    if not file.parent.is_dir():
        raise BadConfiguration(f"{file.parent} is no folder.")
    with tempfile.TemporaryDirectory(prefix=".govern-backup-", dir=file.parent) as within:
        copy, archive = Path(within) / "database", Path(within) / "archive"
        copy_out(engine, copy)
        kept = sorted(_kept(evidence))
        made = Backup(
            "sqlite" if is_sqlite(engine) else "postgresql",
            current(engine),
            now.isoformat(),
            ENGINE_VERSION,
            len(kept),
        )
        digests = {"database": _digest(copy), **{f"evidence/{name}": name for name, _ in kept}}
        manifest = {"format": FORMAT, **asdict(made), "files": digests}
        archive.touch(mode=0o600)
        with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
            _add(tar, "manifest.json", json.dumps(manifest, indent=1).encode())
            tar.add(copy, "database", filter=_plain)
            for name, path in kept:
                tar.add(path, f"evidence/{name}", filter=_plain)
        archive.rename(file)
    return made


def restore(engine: Engine, evidence: Folder | None, file: Path) -> Backup:
    """Brings an archive into an empty database and the folder of evidence.

    Nothing is written before every digest was held against its part. Raises BadConfiguration for what
    is no such archive, is damaged, is of the other kind of database, or holds evidence for which there
    is no folder.
    """
    with tempfile.TemporaryDirectory(prefix="govern-restore-") as within:
        try:
            with tarfile.open(file, "r:gz") as tar:
                made = _unpacked(tar, Path(within))
        except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
            raise BadConfiguration(f"{file} is no whole backup of govern: {error}.") from error
        here = "sqlite" if is_sqlite(engine) else "postgresql"
        if made.database != here:
            raise BadConfiguration(
                f"{file} is of a {made.database} database, and this is {here}: name one of its kind."
            )
        if made.evidence and evidence is None:
            raise BadConfiguration(
                f"{file} holds {made.evidence} files of evidence; GOVERN_EVIDENCE_DIR has to name the "
                "folder that they go to.",
                setting="GOVERN_EVIDENCE_DIR",
            )
        copy_in(engine, Path(within) / "database")
        if evidence is not None:
            for path in sorted((Path(within) / "evidence").iterdir()):
                evidence.put(path.read_bytes())
    return made


def _unpacked(tar: tarfile.TarFile, within: Path) -> Backup:
    first = tar.next()
    if first is None or first.name != "manifest.json" or first.size > _LARGEST_MANIFEST:
        raise ValueError("it does not begin with a manifest")
    manifest: dict[str, Any] = json.loads(_file(tar, first).read())
    if manifest.get("format") != FORMAT:
        raise ValueError(f"its format is {manifest.get('format')!r}, not {FORMAT}")
    wanted: dict[str, str] = dict(manifest["files"])
    (within / "evidence").mkdir()
    while (part := tar.next()) is not None:
        if part.name != "database" and not _EVIDENCE.fullmatch(part.name):
            raise ValueError(f"it has a part {part.name!r}")
        with (within / part.name).open("wb") as written:
            shutil.copyfileobj(_file(tar, part), written)
        if wanted.pop(part.name, None) != _digest(within / part.name):
            raise ValueError(f"its part {part.name} is damaged")
    if wanted:
        raise ValueError(f"its part {min(wanted)} is missing")
    names = ("database", "revision", "made_at", "engine", "evidence")
    return Backup(*(manifest[name] for name in names))


def _file(tar: tarfile.TarFile, part: tarfile.TarInfo) -> IO[bytes]:
    found = tar.extractfile(part) if part.isfile() else None
    if found is None:
        raise ValueError(f"its part {part.name!r} is no file")
    return found


def _kept(evidence: Folder | None) -> Iterator[tuple[str, Path]]:
    """The files of the folder: digest and path. What a crash left behind is none."""
    if evidence is None or not evidence.root.is_dir():
        return
    for path in evidence.root.glob("??/*"):
        name = path.parent.name + path.name
        if _EVIDENCE.fullmatch(f"evidence/{name}"):
            yield name, path


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    part = tarfile.TarInfo(name)
    part.size, part.mode = len(content), 0o600
    tar.addfile(part, io.BytesIO(content))


def _plain(part: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without who owned it on the machine that it comes from."""
    part.uid = part.gid = 0
    part.uname = part.gname = ""
    part.mode = 0o600
    return part
