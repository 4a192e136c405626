"""The engine whose pieces are worked on by Spark's executors (`DataFrame.mapInArrow`)."""

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from warnings import catch_warnings, simplefilter

from sqlalchemy import Connection

from govern.domain.progress import Progress
from govern.domain.refusal import BadConfiguration, InvalidInput, Refusal
from govern.observation.nested import SCHEMA
from govern.services.engines import OfProjects, OfTables, in_pieces
from govern.services.frame_folder import FrameFolder
from govern.spark.task import RESULT, DatabaseTask, RowsTask
from govern.store.snapshot import Snapshot, snapshot_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

T = TypeVar("T")

PIECES_PER_CORE = 2
"""What is asked for at once, so that results in memory do not grow with the portfolio."""

_GLOB = frozenset("*?[]{}\\,")


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """`is_here`: the executors see the files of this machine."""

    session: "SparkSession"
    is_here: bool

    def over_database(
        self,
        work: OfProjects[T],
        connection: Connection,
        project_ids: Sequence[str],
        at_once: int,
        progress: Progress,
    ) -> Iterator[T]:
        snapshot = snapshot_of(connection)
        if snapshot.is_file and not self.is_here:
            raise BadConfiguration(
                "SQLite is a file of this machine, which executors elsewhere cannot read. Use PostgreSQL, "
                "or have them read a folder that govern export parquet wrote to where they see it."
            )
        return self._over_snapshot(work, snapshot, project_ids, at_once, progress)

    def _over_snapshot(
        self,
        work: OfProjects[T],
        snapshot: Snapshot,
        project_ids: Sequence[str],
        at_once: int,
        progress: Progress,
    ) -> Iterator[T]:
        progress(0, len(project_ids))
        wave = at_once * PIECES_PER_CORE * self.session.sparkContext.defaultParallelism
        for done, ids in in_pieces(project_ids, wave):
            pieces = [piece for _, piece in in_pieces(ids, at_once)]
            # One number, one partition, one task.
            numbers = self.session.range(0, len(pieces), 1, len(pieces))
            task = DatabaseTask(work, snapshot, pieces)
            for _, result in sorted(_results(numbers, task), key=_number):
                yield result
            progress(done, len(project_ids))

    def over_folder(
        self, work: OfTables[T], folder: FrameFolder, at_once: int, progress: Progress
    ) -> Iterator[T]:
        progress(0, folder.projects)
        if not folder.below:
            return
        place = folder.path.resolve()
        if _GLOB & set(str(place)):
            raise InvalidInput(
                f"Spark reads the name {place} as a pattern.",
                errors={"folder": [f"one without {' '.join(sorted(_GLOB))} in its path"]},
            )
        self.session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(at_once))
        rows = self.session.read.parquet(*(f"file://{place / file}" for file in folder.below))
        cores = self.session.sparkContext.defaultParallelism
        # A row is a whole project; in order, so that a batch is the same whoever makes it again.
        divided = (
            rows.select(*SCHEMA)
            .repartition(max(cores, -(-folder.projects // at_once)), "project")
            .sortWithinPartitions("project")
        )
        found = 0
        for number, result in _results(divided, RowsTask(work)):
            found += number
            yield result
            progress(found, folder.projects)
        if found != folder.projects:
            raise InvalidInput(
                f"{folder.path} changed while it was read.",
                errors={"folder": [f"{folder.projects} projects; {found} were read"]},
            )


def _results(rows: "DataFrame", task: DatabaseTask | RowsTask) -> Iterator[tuple[int, Any]]:
    """The number and the result of each piece. Raises the Refusal that one of them came to."""
    with catch_warnings():
        # Spark warns of the pandas that it finds; nothing here is pandas.
        simplefilter("ignore", FutureWarning)
        table = rows.mapInArrow(task, RESULT).toArrow()
    for number, pickled in zip(table["number"], table["result"], strict=True):
        # From our own executors, over the channel that Spark itself pickles on.
        result = pickle.loads(pickled.as_py())  # noqa: S301
        if isinstance(result, Refusal):
            raise result
        yield number.as_py(), result


def _number(result: tuple[int, Any]) -> int:
    return result[0]
