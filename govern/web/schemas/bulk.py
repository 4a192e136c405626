"""Many values at once."""

# pyright: reportUnknownMemberType=false

from datetime import date
from enum import StrEnum
from typing import Any, cast

from marshmallow import ValidationError, fields, validates_schema

from govern.services.recording import Wrong
from govern.web.fields import GivenDay, Whole, Word
from govern.web.fields.several import Several
from govern.web.parser import flat
from govern.web.schemas.base import Given, Told, listed
from govern.web.schemas.kpis import NewPlannedValue, NewReading, ReadingResult

MOST_PLANNED = 3_000
MOST_READINGS = 10_000


class NewPlan(Given):
    planned = Several(
        fields.Nested(NewPlannedValue),
        "Values to set; other periods stay as they are.",
        least=1,
        most=MOST_PLANNED,
        required=True,
    )


class NewValidations(Given):
    readings = Several(
        Whole("The id of a reading.", least=1),
        "Validated all or none.",
        least=1,
        most=MOST_READINGS,
        required=True,
    )


_WHOLE = "body"
"""Stands for a row that is no object."""


class Mode(StrEnum):
    """What a row that cannot be taken means for the others."""

    ALL = "all"
    EACH = "each"


class _Row(fields.Nested):
    """One reading of many; one that cannot be read is `Wrong`, and the others are read all the same."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, partial: Any = None, **kwargs: Any
    ) -> Any:
        try:
            return cast("Any", super()._deserialize(value, attr, data, partial, **kwargs))
        except ValidationError as error:
            given = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
            return Wrong(flat(error.messages), _text(given.get("kpi")), _day(given.get("period")))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


class NewReadings(Given):
    readings = Several(
        _Row(NewReading),
        "Recorded all or none, or each that can be.",
        least=1,
        most=MOST_READINGS,
        required=True,
    )
    mode = Word(
        Mode,
        "all: recorded all or none; each: recorded row by row, with a result for each. all unless said.",
    )

    @validates_schema
    def _all_or_none(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("mode") == Mode.EACH:
            return
        wrong = {
            index: each.errors.get(_WHOLE) or dict(each.errors)
            for index, each in enumerate(data.get("readings", ()))
            if isinstance(each, Wrong)
        }
        if wrong:
            raise ValidationError({"readings": wrong})


class RowResult(ReadingResult):
    kpi = fields.String(allow_none=True)
    period = GivenDay(allow_none=True)
    status = Word(("recorded", "corrected", "unchanged", "refused"))
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        allow_none=True,
        metadata={
            "description": "Field → what is wrong with it, and what would be right; null where the "
            "reading was taken."
        },
    )


class RowResults(Told):
    results = listed(RowResult, "One per reading, in the order given.")
