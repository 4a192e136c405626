"""Reviews of what came of projects."""

from typing import Any

from marshmallow import fields

from govern.domain.review import SCORES, FollowUp, Rating, ReviewState
from govern.domain.role import Role
from govern.web.fields import Day, Figure, GivenDay, Identifier, Instant, Text, Whole, Word
from govern.web.fields.several import Several
from govern.web.patterns import NAME_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import (
    Given,
    PageQuery,
    Told,
    listed,
    listed_words,
    next_page,
    receipt_field,
    sort_by,
    texts,
)

MOST_FOLLOW_UPS = 500


class ReviewItem(Told):
    """A review as a list has it."""

    id = fields.Integer()
    project = fields.String()
    number = fields.Integer(metadata={"description": "Counted from 1 within the project."})
    state = Word(ReviewState)
    rolled_out_on = GivenDay("The day of the rollout; null where it is not known.", allow_none=True)
    due_on = GivenDay(allow_none=True)
    rating = Word(Rating, allow_none=True)
    summary = fields.String(allow_none=True)
    went_well = fields.String(allow_none=True)
    went_badly = fields.String(allow_none=True)
    dossier_digest = fields.String(
        allow_none=True,
        metadata={"description": "Of what was frozen with the signature; null before."},
    )
    signed_by = fields.String(allow_none=True)
    signed_at = Instant(allow_none=True)
    recorded_by = fields.String(metadata={"description": "Who opened it."})
    version = fields.Integer()
    recorded_at = Instant()


class ReviewPage(Told):
    items = listed(ReviewItem)
    next = next_page()


class ReviewQuery(PageQuery):
    state = Word(ReviewState, "Only those in this state.")
    sort = sort_by("id", "project", "due_on", "signed_at", default="-id")


class Suggestion(Told):
    """What the realisation rates say: advice."""

    rating = Word(Rating)
    rate = Figure("The weighted mean of the rates; null where it is unknown.", allow_none=True)
    why = fields.String(allow_none=True)


class SurveyAnswer(Told):
    person_name = fields.String(allow_none=True)
    score = fields.Integer(allow_none=True)
    said = fields.String(allow_none=True)
    recorded_at = Instant()


class SurveyQuestion(Told):
    question = fields.String()
    ask = fields.String(allow_none=True)
    of = listed_words(Role, "The roles that are asked.")
    n = fields.Integer(metadata={"description": "How many gave a score."})
    median = Figure(allow_none=True)
    distribution: fields.List[Any] = fields.List(
        fields.Integer(), metadata={"description": "How many gave 1, 2, 3, 4 and 5."}
    )
    answers = listed(SurveyAnswer, "The newest of each person.")


class FollowUpTold(Told):
    follow_up = Word(FollowUp, allow_none=True)
    owner = fields.String(allow_none=True)
    until = GivenDay(allow_none=True)
    note = fields.String(allow_none=True)


class ReviewedKpi(FollowUpTold):
    kpi = fields.String()
    name = fields.String()
    promised = Figure("What it was to gain, in its unit.", allow_none=True)
    realised = Figure("What it has gained.", allow_none=True)
    rate = Figure("Realised / promised.", allow_none=True)
    why = fields.String(allow_none=True, metadata={"description": "Why the rate is unknown."})
    reached = fields.Boolean(
        allow_none=True, metadata={"description": "Whether it is where it was promised to be."}
    )
    before = fields.Nested(
        FollowUpTold,
        allow_none=True,
        metadata={"description": "What the review before said of it."},
    )
    missing = texts("What its follow-up lacks.")


class Review(ReviewItem):
    opened_by_name = fields.String(allow_none=True)
    signed_by_name = fields.String(allow_none=True)
    overdue = fields.Boolean()
    suggested = fields.Nested(Suggestion)
    survey = listed(SurveyQuestion)
    kpis = listed(ReviewedKpi, "Every KPI of the project, and what becomes of it.")
    reason = fields.String(
        allow_none=True, metadata={"description": "Why the rating is another than suggested."}
    )
    meaning = fields.String(
        allow_none=True, metadata={"description": "What the signature says; null before it."}
    )
    signers = texts("Who can sign it now.")
    missing = texts("What it lacks before it can be signed.")


class DecidedReview(Review):
    receipt = receipt_field()


class NewReview(Given):
    """Nothing has to be said."""


class NewFollowUp(Given):
    kpi = Identifier(required=True)
    follow_up = Word(FollowUp, allow_none=True)
    owner = Text(NAME_LENGTH, "Who answers for it from now on.", allow_none=True)
    until = Day("Until when its figures are owed.", allow_none=True)
    note = Text(TEXT_LENGTH, "Why, or what was agreed.", lines=True, allow_none=True)


class ReviewChange(Given):
    rating = Word(Rating, allow_none=True)
    summary = Text(TEXT_LENGTH, "What came of the project.", lines=True, allow_none=True)
    went_well = Text(TEXT_LENGTH, lines=True, allow_none=True)
    went_badly = Text(TEXT_LENGTH, lines=True, allow_none=True)
    kpis = Several(
        fields.Nested(NewFollowUp),
        "What becomes of these KPIs; others stay as they are.",
        most=MOST_FOLLOW_UPS,
    )


class NewAnswer(Given):
    question = Identifier("One of the survey.", required=True)
    score = Whole("From 1 to 5.", least=SCORES[0], most=SCORES[-1], allow_none=True)
    said = Text(TEXT_LENGTH, lines=True, allow_none=True)


class NewSignature(Given):
    reason = Text(
        TEXT_LENGTH,
        "Why the rating is another than the figures suggest.",
        lines=True,
        allow_none=True,
    )
    currency = Text(3, "The currency of the money in the dossier that is frozen.")


class DossierQuery(Given):
    currency = Text(3, "The currency that money is told in; that of each KPI unless named.")
