"""Reads of the past: what names a moment, or a size of the log."""

from datetime import datetime
from typing import Any

from govern.web.fields import Whole
from govern.web.fields.told import Field
from govern.web.schemas.base import Given

LARGEST_SIZE = 2**31 - 1


class Moment(Field[datetime]):
    """A moment with its time zone, `2026-11-24T10:00:00Z`."""

    expects = "a moment with its time zone is needed, such as 2026-11-24T10:00:00Z"

    def __init__(self, says: str, **options: Any) -> None:
        super().__init__({"type": "string", "format": "date-time"}, says, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None or not 1900 <= moment.year < 2200:
                raise self.unexpected()
        except (ValueError, TypeError) as error:
            raise self.unexpected() from error
        return moment


class AsOf(Given):
    """What every read of the state takes: one of the two, or neither for now."""

    as_of = Moment(
        "Answer with what was known at this moment: by the last checkpoint sealed by then."
    )
    as_of_size = Whole(
        "Answer with what was known when the log had so many events.",
        least=1,
        most=LARGEST_SIZE,
        in_query=True,
    )
