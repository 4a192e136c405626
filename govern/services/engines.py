"""Where a portfolio is judged: in this process, piece after piece, or elsewhere by the same functions.

An engine cuts a portfolio into pieces of whole projects and gives what a function makes of each. The
function is what decides; it, its arguments and what it gives can be pickled, so that another process
can be asked. Rules never look across projects, so that the cut does not show.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from govern.domain.progress import Progress
from govern.observation.tables import ObservationTables
from govern.services.frame_folder import FrameFolder

T = TypeVar("T")

OfProjects = Callable[[Connection, list[str]], T]
"""Reads projects, by their ids, in a transaction, and makes something of them."""
OfTables = Callable[[ObservationTables], T]


class Engine(Protocol):
    """`at_once`: so many projects are in a piece, at most."""

    def over_database(
        self,
        work: OfProjects[T],
        connection: Connection,
        project_ids: Sequence[str],
        at_once: int,
        progress: Progress,
    ) -> Iterator[T]:
        """What the work makes of each piece, in the order of the ids: of the state that the
        connection's transaction sees when this is called."""
        ...

    def over_folder(
        self, work: OfTables[T], folder: FrameFolder, at_once: int, progress: Progress
    ) -> Iterator[T]:
        """What the work makes of each piece of a folder's frame, in any order."""
        ...


class Embedded:
    """This process."""

    def over_database(
        self,
        work: OfProjects[T],
        connection: Connection,
        project_ids: Sequence[str],
        at_once: int,
        progress: Progress,
    ) -> Iterator[T]:
        progress(0, len(project_ids))
        for done, piece in in_pieces(project_ids, at_once):
            yield work(connection, piece)
            progress(done, len(project_ids))

    def over_folder(
        self, work: OfTables[T], folder: FrameFolder, at_once: int, progress: Progress
    ) -> Iterator[T]:
        progress(0, folder.projects)
        done = 0
        for tables in folder.read(at_once):
            yield work(tables)
            done += tables.projects.height
            progress(done, folder.projects)


EMBEDDED = Embedded()


def in_pieces(project_ids: Sequence[str], at_once: int) -> Iterator[tuple[int, list[str]]]:
    """The ids in their order, so many at once, each piece with how many there are up to its end."""
    for start in range(0, len(project_ids), at_once):
        end = min(len(project_ids), start + at_once)
        yield end, list(project_ids[start:end])
