"""The observation tables of the whole portfolio as a folder of Parquet, divided by project."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import polars as pl
from sqlalchemy import Connection

from govern import ENGINE_VERSION
from govern.domain.actor import Actor
from govern.domain.progress import Progress, nobody_watches
from govern.domain.refusal import InvalidInput
from govern.domain.role import Permission
from govern.observation.nested import nested
from govern.services.access import require_everywhere
from govern.services.engines import in_pieces
from govern.services.frame_folder import MANIFEST, Manifest, Part, bucket_of, part_of
from govern.services.judging import projects_at_once
from govern.services.observing import load_tables
from govern.services.runtime import Runtime
from govern.store import checkpoints, projects, rulebooks
from govern.store.observations import count_values

MOST_BUCKETS = 1_000


def export_frame(
    runtime: Runtime,
    actor: Actor,
    folder: Path,
    *,
    buckets: int | None = None,
    log_size: int | None = None,
    at_once: int | None = None,
    progress: Progress = nobody_watches,
    now: datetime,
) -> Manifest:
    """Writes the tables as everything that judges reads them, of one snapshot, into an empty folder; the
    manifest comes last. See `govern.services.frame_folder`.

    `log_size` is that of the past that the runtime reads, if it does. Without `buckets`, as many as make
    one a piece of the size that is judged at once. Raises NotAllowed, InvalidInput.
    """
    if buckets is not None and not 1 <= buckets <= MOST_BUCKETS:
        raise InvalidInput(
            f"There cannot be {buckets} buckets.", errors={"buckets": [f"from 1 to {MOST_BUCKETS}"]}
        )
    with runtime.store.reading() as connection:
        require_everywhere(actor, Permission.READ)
        ids = [project_id for project_id, _ in projects.portfolios(connection)]
        size = at_once or projects_at_once(len(ids), count_values(connection))
        many = buckets or min(MOST_BUCKETS, max(1, -(-len(ids) // size)))
        parts: list[Part] = []
        progress(0, len(ids))
        for part in _written(connection, folder, ids, many, size):
            parts.append(part)
            progress(sum(each.projects for each in parts), len(ids))
        sealed = checkpoints.last(connection) if log_size is None else None
        in_force = rulebooks.in_force(connection)
        manifest = Manifest(
            made_at=now.isoformat(),
            engine=ENGINE_VERSION,
            log_size=(sealed["size"] if sealed else 0) if log_size is None else log_size,
            exact=log_size is not None,
            rulebook_digest=in_force["digest"] if in_force else None,
            buckets=many,
            projects=len(ids),
            parts=tuple(parts),
        )
    (folder / MANIFEST).write_text(manifest.text(), encoding="utf-8")
    return manifest


def _written(
    connection: Connection, folder: Path, ids: list[str], buckets: int, at_once: int
) -> Iterator[Part]:
    own: dict[int, list[str]] = {}
    for project_id in ids:
        own.setdefault(bucket_of(project_id, buckets), []).append(project_id)
    for bucket, members in sorted(own.items()):
        place = folder / f"bucket={bucket:03}"
        place.mkdir()
        for number, (_, piece) in enumerate(in_pieces(members, at_once)):
            rows: pl.DataFrame = nested(load_tables(connection, set(piece)))
            file = place / f"part-{number:03}.parquet"
            rows.write_parquet(file)
            yield part_of(folder, file, rows.height)
