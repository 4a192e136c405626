"""Lessons, how they are found, and what reviews say of forecasts."""

from marshmallow import fields

from govern.services.lessons import KINDS, MOST_FOUND
from govern.store.lessons import STATES
from govern.web.fields import Flag, Identifier, Instant, Text, Whole, Word
from govern.web.fields.several import Several
from govern.web.patterns import (
    LARGEST_INTEGER,
    MOST_TAGS,
    NAME_LENGTH,
    TAG_LENGTH,
    TEXT_LENGTH,
)
from govern.web.schemas.base import Given, Told, listed, texts

MOST_PIECES = 50


class LessonPiece(Told):
    kind = Word(KINDS)
    ref = fields.String(metadata={"description": "A web address, or a number of the project's."})


class Lesson(Told):
    id = fields.Integer()
    project = fields.String()
    project_name = fields.String()
    portfolio = fields.String()
    review = fields.Integer(
        allow_none=True, metadata={"description": "The review that it was learned in."}
    )
    state = Word(STATES, "What was withdrawn stays readable.")
    title = fields.String()
    happened = fields.String()
    because = fields.String()
    next_time = fields.String()
    categories = texts("The categories of value that it is about.")
    tags = texts()
    evidence = listed(LessonPiece)
    recorded_by = fields.String()
    recorded_by_name = fields.String(allow_none=True)
    version = fields.Integer()
    recorded_at = Instant()


class LessonMark(Told):
    start = fields.Integer()
    length = fields.Integer()


class FoundLesson(Lesson):
    excerpt = fields.String(metadata={"description": "Plain text, as it was written."})
    excerpt_of = fields.String(metadata={"description": "The field that it is from."})
    marks = listed(LessonMark, "Where in the excerpt the words stand, counted in characters.")


class FoundLessons(Told):
    items = listed(FoundLesson, "The best first.")
    found = fields.Integer(metadata={"description": "How many there are in all."})


class ShownLesson(Lesson):
    rank = fields.Integer()
    alike = fields.String(metadata={"description": "Why it is shown here."})


class AlikeLessons(Told):
    items = listed(ShownLesson, "The most alike first, then the newest; at most 10.")


class LessonQuery(Given):
    q = Text(TEXT_LENGTH, "Words, or how they begin: each of them must stand in it.")
    category = Text(NAME_LENGTH, "Only lessons about this category of value.")
    tag = Text(TAG_LENGTH, "Only lessons with this tag.")
    project = Identifier("Only lessons of this project.")
    portfolio = Identifier("Only lessons of projects of this portfolio.")
    withdrawn = Flag("Also those that were withdrawn.", in_query=True)
    limit = Whole("How many to give at most.", least=1, most=MOST_FOUND, in_query=True)


class NewLessonPiece(Given):
    kind = Word(KINDS, "What it is.", required=True)
    ref = Text(
        TEXT_LENGTH,
        "Of a link the web address; else the number of a submission (gate), a scope change, a "
        "recommendation, a reading or an evidence file of the project.",
        required=True,
    )


class LessonChange(Given):
    title = Text(NAME_LENGTH)
    happened = Text(TEXT_LENGTH, "What happened.", lines=True)
    because = Text(TEXT_LENGTH, "Why.", lines=True)
    next_time = Text(TEXT_LENGTH, "What to do next time.", lines=True)
    categories = Several(
        Text(NAME_LENGTH), "The categories of value that it is about.", most=MOST_TAGS
    )
    tags = Several(Text(TAG_LENGTH), "Names no person: a tag is not erased.", most=MOST_TAGS)
    evidence = Several(fields.Nested(NewLessonPiece), most=MOST_PIECES)


class NewLesson(LessonChange):
    title = Text(NAME_LENGTH, required=True)
    happened = Text(TEXT_LENGTH, "What happened.", lines=True, required=True)
    because = Text(TEXT_LENGTH, "Why.", lines=True, required=True)
    next_time = Text(TEXT_LENGTH, "What to do next time.", lines=True, required=True)
    review = Whole(
        "The number of the review that it was learned in.",
        least=1,
        most=LARGEST_INTEGER,
        allow_none=True,
    )


class LessonWithdrawal(Given):
    reason = Text(TEXT_LENGTH, "Why; it stands in the history.", lines=True, required=True)
