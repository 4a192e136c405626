"""Files of figures, and what becomes of each of their cells."""

from marshmallow import fields

from govern.intake.foreign.outcome import Became
from govern.intake.source_format import FIGURES
from govern.services.evidence_files import LONGEST_NAME
from govern.web.fields import Figure, Flag, GivenDay, Identifier, Text, Word
from govern.web.patterns import TEXT_LENGTH
from govern.web.schemas.base import Given, Told, listed

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = (CSV, XLSX)


class ReadingFileQuery(Given):
    filename = Text(
        LONGEST_NAME, "What the file is called; the origin of its readings.", required=True
    )
    source = Identifier("The source file that says how figures are written.")
    dry_run = Flag("Tell what would happen, and write nothing.", in_query=True)
    keep_good = Flag("Take what is sure though other cells are not.", in_query=True)
    reason = Text(TEXT_LENGTH, "Why figures are corrected that say no reason.")
    accept = Text(TEXT_LENGTH, "Cells that are right though far from others: C14,C15.")


class CellResult(Told):
    place = fields.String(metadata={"description": "sales.xlsx:Sheet1!C14"})
    raw = fields.String(metadata={"description": "What stands there."})
    became = Word(Became)
    status = Word(
        ("new", "corrected", "unchanged"),
        "What it does to what is stored; null where it is not taken.",
        allow_none=True,
    )
    kpi = fields.String(allow_none=True)
    period = GivenDay("The day the period ends.", allow_none=True)
    figure = Word(FIGURES, allow_none=True)
    value = Figure(allow_none=True)
    how = fields.String(metadata={"description": "How it was read, or why it is not taken."})
    right = fields.String(allow_none=True, metadata={"description": "What would be right."})


class ChoiceResult(Told):
    line = fields.String(metadata={"description": "The line of the source file that says so."})
    means = fields.String()


class QuestionResult(Told):
    section = fields.String(
        metadata={
            "description": "The key that the line goes below; empty: the line is a key itself."
        }
    )
    text = fields.String()
    choices = listed(ChoiceResult)
    places = fields.List(fields.String(), metadata={"description": "The first few cells."})
    cells = fields.Integer(metadata={"description": "How many cells wait for the answer."})


class FileResult(Told):
    """What a file became. The same members stand in the problem that refuses one."""

    file = fields.String()
    sheet = fields.String(allow_none=True)
    source = fields.String(allow_none=True)
    written = fields.Boolean()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    stated = fields.List(
        fields.String(), metadata={"description": "What was found out about the file."}
    )
    problems = listed(CellResult, "What is wrong with the file as a whole.")
    questions = listed(QuestionResult, "What is asked; cells that wait for it are not taken.")
    cells = listed(CellResult, "One for each figure, in the order of the file.")
    mapping = fields.String(
        metadata={"description": "The source file that this file makes, with what is asked."}
    )
