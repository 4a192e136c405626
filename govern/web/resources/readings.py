"""Readings: one or many at a time, never overwritten."""

from typing import Any

from govern.domain.refusal import InvalidInput
from govern.domain.token_scope import TokenScope
from govern.services import readings as use
from govern.services.validations import validate_readings as validate
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.bulk import Mode, NewReadings, NewValidations, RowResults
from govern.web.schemas.kpis import (
    NewReadingOfKpi,
    ReadingPage,
    ReadingQuery,
    ReadingResult,
    ValidationResults,
)
from govern.web.site import actor, now, runtime

readings = Resource("readings", "What was achieved, period by period.", writes=TokenScope.READINGS)


@readings.read(
    "/kpis/<id:kpi>/readings", ReadingPage, query=ReadingQuery, headers=["Link"], past=True
)
def list_readings(kpi: str, query: dict[str, Any]) -> Any:
    """List the readings of a KPI that are in force; with `history` the corrected ones too."""
    page = page_request(query)
    return page_answer(use.list_readings(runtime(), actor(), kpi, page, **query))


@readings.write(
    "POST",
    "/kpis/<id:kpi>/readings",
    ReadingResult,
    body=NewReadingOfKpi,
    status=201,
)
def record_reading(kpi: str, body: dict[str, Any]) -> Any:
    """Report one actual; a second one for the same period corrects the first.

    Takes the role data_owner, benefit_owner, finance or project_manager on the project.
    """
    try:
        [result] = use.record_readings(runtime(), actor(), [{**body, "kpi": kpi}], now=now())
    except InvalidInput as refusal:
        raise _of_one(refusal) from refusal
    return result


@readings.write("POST", "/readings", RowResults, body=NewReadings)
def record_readings(body: dict[str, Any]) -> Any:
    """Report many actuals, of any KPIs: all are recorded or none, or each that can be.

    Each answers `recorded`, `corrected` (there was another reading of the period) or `unchanged`
    (the same one). With the `mode` `each` a row that cannot be taken answers `refused` with its
    `errors`, and the others are recorded in one transaction. Takes the same roles as one reading, on
    every project named.
    """
    record = use.record_each if body.get("mode") == Mode.EACH else use.record_readings
    return {"results": record(runtime(), actor(), body["readings"], now=now())}


@readings.write(
    "POST",
    "/readings/validations",
    ValidationResults,
    body=NewValidations,
)
def validate_readings(body: dict[str, Any]) -> Any:
    """Validate readings by their ids, of any KPIs: all are validated or none.

    Each answers `validated` or `unchanged` (it was). Takes the role finance on every project
    concerned, and nobody validates what they reported or corrected; that attempt is recorded. A
    reading that was corrected is refused, with the id of the one in force.
    """
    return validate(runtime(), actor(), body["readings"], now=now())


def _of_one(refusal: InvalidInput) -> InvalidInput:
    """The fields as this caller named them: there was no list."""
    errors = {
        path.removeprefix("readings.0."): told for path, told in refusal.facts["errors"].items()
    }
    return InvalidInput("The reading was not recorded.", errors=errors)
