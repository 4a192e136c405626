"""The kinds of sources there are: of each, what its file says."""

from typing import Final

from govern.documents.shape import Record, Variants
from govern.intake.source_format import FILE_SOURCE
from govern.intake.source_sql import SQL_SOURCE

KINDS: Final[tuple[tuple[str, Record], ...]] = (("file", FILE_SOURCE), ("sql", SQL_SOURCE))


def source_shape() -> Variants:
    """The shape of every source file, whatever its kind."""
    return Variants("kind", "file", KINDS)
