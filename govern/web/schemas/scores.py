"""Scorecards of a submission, and the scores that people give."""

from marshmallow import fields

from govern.domain.criterion import Outcome
from govern.domain.role import Role
from govern.web.fields import Figure, GivenDay, Instant, Number, Text, Word
from govern.web.patterns import TAG_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import Given, Told, listed, listed_words, texts

HIGHEST = 10


class Anchor(Told):
    at = fields.Integer()
    means = fields.String(metadata={"description": "What this score says."})


class Score(Told):
    """The newest score of one person."""

    id = fields.Integer()
    person_id = fields.String()
    person = fields.String(allow_none=True)
    role = Word(Role)
    score = Figure("0 to 10.")
    note = fields.String(allow_none=True)
    recorded_at = Instant()


class ScoreCard(Told):
    """A criterion that people score."""

    criterion = fields.String()
    title = fields.String()
    outcome = Word(Outcome, "Unknown until enough people have scored it.", allow_none=True)
    least = Figure("The mean that is enough.")
    scorers = fields.Integer(metadata={"description": "How many people have to score it."})
    by = listed_words(Role, "The roles that score it.")
    anchors = listed(Anchor, "What a score means, lowest first.")
    scores = listed(Score)
    mean = Figure("With two decimals, half up; null without a score.", allow_none=True)
    missing = fields.Integer(metadata={"description": "How many more people have to score it."})
    who = texts("Who can, and has not.")


class WaitingScore(Told):
    submission = fields.Integer()
    project = fields.String()
    project_name = fields.String()
    gate = fields.String()
    title = fields.String()
    iteration = fields.Integer()
    criterion = fields.String()
    criterion_title = fields.String()
    decide_by = GivenDay(allow_none=True)
    overdue = fields.Boolean()
    as_ = fields.List(
        Word(Role), data_key="as", attribute="as", metadata={"description": "In which role."}
    )


class NewScore(Given):
    criterion = Text(TAG_LENGTH, required=True)
    score = Number("0 to 10, with at most two decimals.", least=0, most=HIGHEST, required=True)
    note = Text(TEXT_LENGTH, "Why; it stands with the score.", lines=True, allow_none=True)
    role = Word(Role, "The role to score in, for who holds several.")
