"""Many values at once."""

from marshmallow import fields

from govern.web.fields import Whole
from govern.web.fields.several import Several
from govern.web.schemas.base import Given
from govern.web.schemas.kpis import NewPlannedValue, NewReading

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


class NewReadings(Given):
    readings = Several(
        fields.Nested(NewReading),
        "Recorded all or none.",
        least=1,
        most=MOST_READINGS,
        required=True,
    )
