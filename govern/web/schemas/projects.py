"""Projects, and the moves they can make."""

from typing import Any

from marshmallow import fields

from govern.web.fields import (
    Day,
    Figure,
    GivenDay,
    Identifier,
    Instant,
    Number,
    Text,
    Word,
)
from govern.web.fields.several import Several
from govern.web.patterns import DIGEST, MOST_TAGS, NAME_LENGTH, TAG_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import (
    Given,
    PageQuery,
    Told,
    listed,
    next_page,
    receipt_field,
    sort_by,
    texts,
)
from govern.web.schemas.kpis import KpiRag
from govern.web.schemas.waivers import Waiver


class Move(Told):
    gate = fields.String(
        allow_none=True, metadata={"description": "Null for what needs no submission."}
    )
    decision = fields.String()
    to = fields.String(metadata={"description": "The stage that it leads to."})


class Project(Told):
    id = fields.String()
    portfolio = fields.String()
    name = fields.String()
    owner = fields.String(allow_none=True)
    department = fields.String(allow_none=True)
    start = GivenDay(allow_none=True)
    end = GivenDay(allow_none=True)
    budget = Figure(allow_none=True)
    spent = Figure(allow_none=True)
    status_text = fields.String(
        allow_none=True,
        metadata={"description": "What the organisation's own list says of it; not the stage."},
    )
    objective = fields.String(allow_none=True)
    tags = texts()
    workflow = fields.String()
    workflow_version = fields.Integer()
    workflow_digest = fields.String(metadata={"pattern": DIGEST})
    stage = fields.String()
    held_from = fields.String(
        allow_none=True, metadata={"description": "The stage to resume or reopen in."}
    )
    resume_on = GivenDay("When the hold ends by itself.", allow_none=True)
    resume_when = fields.String(
        allow_none=True, metadata={"description": "The condition on which the hold ends."}
    )
    baseline_frozen_at = Instant(
        "When a gate agreed the plan; from then on it changes only through a scope change.",
        allow_none=True,
    )
    version = fields.Integer()
    recorded_at = Instant()


class ProjectWithMoves(Project):
    legal = listed(Move, "What is possible from its stage.")
    rag: fields.List[Any] = fields.List(
        fields.Nested(KpiRag),
        allow_none=True,
        metadata={
            "description": "How each of its KPIs stands, in order of their ids. "
            "Null where no rulebook is in force that has the table."
        },
    )
    waivers = listed(Waiver, "Every waiver it was given, those that have ended too.")


class MovedProject(ProjectWithMoves):
    receipt = receipt_field()


class ProjectPage(Told):
    items = listed(Project)
    next = next_page()


class _Fields(Given):
    owner = Text(NAME_LENGTH, allow_none=True)
    department = Text(NAME_LENGTH, allow_none=True)
    start = Day(allow_none=True)
    end = Day("On or after the start.", allow_none=True)
    budget = Number(least=0, allow_none=True)
    spent = Number(least=0, allow_none=True)
    status_text = Text(TEXT_LENGTH, allow_none=True)
    objective = Text(TEXT_LENGTH, "The strategic objective it serves.", allow_none=True)
    tags = Several(Text(TAG_LENGTH), most=MOST_TAGS)


class NewProject(_Fields):
    id = Identifier("The organisation's own id, unique in the installation.", required=True)
    portfolio = Identifier(required=True)
    name = Text(NAME_LENGTH, required=True)
    workflow = Identifier("`value-realization` unless named.")


class ProjectChange(_Fields):
    name = Text(NAME_LENGTH)


class ProjectQuery(PageQuery):
    stage = Text(TAG_LENGTH, "Only projects in this stage.")
    department = Text(NAME_LENGTH, "Only projects of this department.")
    portfolio = Identifier("Only projects of this portfolio.")
    sort = sort_by("id", "name", "stage", "start", "end", "budget", "department", default="id")


class NewMove(Given):
    decision = Word(("hold", "resume", "kill", "reopen"), "What to do.", required=True)
    reason = Text(TEXT_LENGTH, "Why; it stands in the history.", lines=True, required=True)
    resume_on = Day("When a hold ends: later than today.")
    resume_when = Text(TEXT_LENGTH, "A condition on the project that ends a hold.")
