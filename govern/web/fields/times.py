"""Days and moments."""

import re
from datetime import date, datetime
from typing import Any, ClassVar

from govern.domain.instant import write_instant
from govern.web import patterns
from govern.web.fields.told import Field

_DAY = re.compile(patterns.DAY)


class Day(Field[date]):
    """A date from 1900 to 2199, `2026-11-24`."""

    expects = "a date from 1900 to 2199 is needed, such as 2026-11-24"
    described: ClassVar[dict[str, Any]] = {
        "type": "string",
        "format": "date",
        "pattern": patterns.DAY,
    }

    def __init__(self, says: str | None = None, **options: Any) -> None:
        super().__init__(self.described, says, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise self.unexpected()
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self.unexpected() from error

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.isoformat()


class GivenDay(Day):
    """A date as the API gives it, whatever its year: an import takes what is on record."""

    described: ClassVar[dict[str, Any]] = {"type": "string", "format": "date"}


class Instant(Field[datetime]):
    """A moment in UTC with microseconds, as the API gives it."""

    def __init__(self, says: str | None = None, **options: Any) -> None:
        schema = {"type": "string", "format": "date-time", "pattern": patterns.INSTANT}
        super().__init__(schema, says, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else write_instant(value)
