"""Reports as data."""

from typing import Any

from marshmallow import fields

from govern.services.reports import About
from govern.web.fields import Currency, Day, Identifier, Whole, Word
from govern.web.schemas.base import Given, Told, listed

FORMS = ("json", "html")


def _moment(says: str | None = None) -> fields.String:
    """A report is plain data already: its moments are texts."""
    described = {"description": says} if says else {}
    return fields.String(metadata={"format": "date-time", **described})


class ReportQuery(Given):
    portfolio = Identifier("Of a report about a portfolio; all that you may see unless named.")
    project = Identifier("Of a report about a project.")
    submission = Whole("Of a report about a submission.", least=1, in_query=True)
    review = Whole("Of a report about a review.", least=1, in_query=True)
    currency = Currency("Every sum of money in this currency; each in its own unless named.")
    at = Day("As on this day: figures of periods that ended by it. Today unless named.")
    format = Word(FORMS, "Data, or one page that holds all it needs; `json` unless named.")


class ReportAbout(Told):
    type = Word(About)
    id = fields.Raw(allow_none=True, metadata={"type": ["string", "integer", "null"]})
    name = fields.String()


class ReportSealed(Told):
    size = fields.Integer()
    root = fields.String()
    sealed_at = _moment()


class TracedFigure(Told):
    path = fields.String(metadata={"description": "A JSON pointer into the section's `content`."})
    pointer = fields.String(
        metadata={"description": "A JSON pointer into the answer, where the same stands."}
    )


class ReportSource(Told):
    query = fields.String(metadata={"description": "A read of this API, after `/api/v1`."})
    every_page = fields.Boolean(
        metadata={
            "description": "Whether the pointers go into the `items` of all its pages as one."
        }
    )
    figures = listed(TracedFigure)


class DerivedFigure(Told):
    path = fields.String(metadata={"description": "A JSON pointer into the section's `content`."})
    function = fields.String(
        metadata={
            "description": "`sum`; `negated`: the sum with its sign turned; `difference`: the first "
            "less the others; `count`: how many items."
        }
    )
    of: fields.List[Any] = fields.List(
        fields.String(), metadata={"description": "JSON pointers into the same content."}
    )
    where = fields.Dict(
        keys=fields.String(),
        metadata={"description": "Of a `count`: only items with these fields."},
    )


class ReportSection(Told):
    name = fields.String()
    title = fields.String()
    note = fields.String(allow_none=True)
    content = fields.Dict(
        keys=fields.String(), metadata={"description": "As the kind of report has it."}
    )
    sources = listed(ReportSource, "The reads of the API that its figures are from.")
    derived = listed(DerivedFigure, "What follows from other figures of the section.")


class ReportData(Told):
    kind = fields.String()
    title = fields.String()
    about = fields.Nested(ReportAbout)
    at = fields.String(metadata={"format": "date"})
    currency = fields.String(allow_none=True)
    made_at = _moment("Now, or the moment that it looks back to.")
    as_of_size = fields.Integer(
        allow_none=True,
        metadata={"description": "Of the log at the moment that it looks back to; null for now."},
    )
    sealed = fields.Nested(
        ReportSealed, allow_none=True, metadata={"description": "The last checkpoint of the log."}
    )
    engine = fields.String(metadata={"description": "The version of govern that made it."})
    sections = listed(ReportSection)


class KnownReport(Told):
    name = fields.String()
    title = fields.String()
    about = Word(About)


class KnownReports(Told):
    items = listed(KnownReport)
