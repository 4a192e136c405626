"""A folder of Parquet that holds the observation tables of a portfolio, one row per project.

`manifest.json` says what belongs to it; `bucket=NNN/part-NNN.parquet` holds the projects whose id falls
into the bucket: the first eight bytes of its SHA-256, read big-endian, modulo the number of buckets. Rows
are as `govern.observation.nested` has them. A folder that is not whole is not read.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

import polars as pl

from govern.domain.refusal import InvalidInput
from govern.observation.nested import SCHEMA, flat
from govern.observation.tables import ObservationTables

FORMAT: Final = "govern/frame/v1"
MANIFEST: Final = "manifest.json"

_HOW: Final = "a folder that govern export parquet wrote, with all that it wrote"


@dataclass(frozen=True, slots=True)
class Part:
    """One file: its path below the folder, its rows, its size and SHA-256 (lowercase hex)."""

    path: str
    projects: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`log_size`: the first so many events of the log are in it, and where `exact` no others. `made_at`
    is ISO 8601. `rulebook_digest` is of the rulebook that was in force."""

    made_at: str
    engine: str
    log_size: int
    exact: bool
    rulebook_digest: str | None
    buckets: int
    projects: int
    parts: tuple[Part, ...]

    def text(self) -> str:
        told = {"format": FORMAT, **asdict(self), "columns": columns_told()}
        return json.dumps(told, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class FrameFolder:
    """A folder that was found whole."""

    path: Path
    manifest: Manifest

    @property
    def projects(self) -> int:
        return self.manifest.projects

    @property
    def below(self) -> list[str]:
        """Its files, by their paths below the folder."""
        return [part.path for part in self.manifest.parts]

    @property
    def largest(self) -> int:
        """The projects of its largest file: what was judged at once where it was made."""
        return max((part.projects for part in self.manifest.parts), default=1)

    def read(self, at_once: int) -> Iterator[ObservationTables]:
        """The tables of at most so many projects at once."""
        for file in self.below:
            for rows in pl.read_parquet(
                self.path / file, hive_partitioning=False, glob=False
            ).iter_slices(at_once):
                yield flat(rows)


def bucket_of(project_id: str, buckets: int) -> int:
    return int.from_bytes(hashlib.sha256(project_id.encode()).digest()[:8], "big") % buckets


def columns_told() -> dict[str, str]:
    """Each column with its type, as a manifest tells them."""
    return {column: str(of) for column, of in SCHEMA.items()}


def part_of(folder: Path, file: Path, projects: int) -> Part:
    """What the manifest says of a file that was written."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return Part(file.relative_to(folder).as_posix(), projects, file.stat().st_size, digest)


def open_frame(path: Path) -> FrameFolder:
    """The folder, once every file of it has been compared with the manifest.

    Raises InvalidInput with what is wrong with each file, and what would be right.
    """
    manifest = _manifest(path)
    problems = {
        part.path: [problem]
        for part in manifest.parts
        if (problem := _problem(path / part.path, part)) is not None
    }
    named = {part.path for part in manifest.parts}
    for file in sorted(path.rglob("*.parquet")):
        below = file.relative_to(path).as_posix()
        if below not in named:
            problems[below] = ["it is not in the manifest; take it away, or export anew"]
    if problems:
        raise InvalidInput(
            f"{path} is not whole: {len(problems)} of its files cannot be taken.", errors=problems
        )
    return FrameFolder(path, manifest)


def _manifest(path: Path) -> Manifest:
    try:
        told: Any = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _refused(path, f"there is none; right would be {_HOW}") from None
    except (OSError, ValueError) as error:
        raise _refused(path, f"it cannot be read ({type(error).__name__}); {_HOW}") from error
    known = cast("dict[str, Any]", told) if isinstance(told, dict) else {}
    if known.get("format") != FORMAT:
        raise _refused(path, f"it is not of the format {FORMAT}; right would be {_HOW}")
    _compare(path, known.get("columns"))
    try:
        parts = tuple(Part(**part) for part in known.pop("parts"))
        rest = {name: each for name, each in known.items() if name not in ("format", "columns")}
        manifest = Manifest(parts=parts, **rest)
    except (KeyError, TypeError) as error:
        raise _refused(path, f"it does not say all that it should ({error}); {_HOW}") from error
    if (counted := sum(part.projects for part in parts)) != manifest.projects:
        message = f"it names {manifest.projects} projects, and files with {counted}; export anew"
        raise _refused(path, message)
    return manifest


def _compare(path: Path, columns: Any) -> None:
    own = columns_told()
    if columns == own:
        return
    found = cast("dict[str, Any]", columns) if isinstance(columns, dict) else {}
    for column in (*own, *found):
        if found.get(column) != own.get(column):
            has, right = found.get(column, "not there"), own.get(column, "no such column")
            message = f"column '{column}' is {has}; this version reads {right}: export anew"
            raise _refused(path, message)


def _refused(path: Path, problem: str) -> InvalidInput:
    return InvalidInput(f"{path} is no frame that can be read.", errors={MANIFEST: [problem]})


def _problem(file: Path, part: Part) -> str | None:
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        return "it is missing"
    if size != part.bytes:
        return f"it has {size} bytes; the manifest says {part.bytes}"
    if part_of(file.parent, file, part.projects).sha256 != part.sha256:
        return "it holds something else than when it was written"
    # By its content: a name such as `frame[1]` would be read as a pattern.
    with file.open("rb") as content:
        found = pl.read_parquet_schema(content)
    if dict(found) != dict(SCHEMA):
        odd = next(name for name in (*SCHEMA, *found) if found.get(name) != SCHEMA.get(name))
        return f"column '{odd}' is {found.get(odd)}; right would be {SCHEMA.get(odd)}"
    return None
