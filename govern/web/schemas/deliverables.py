"""Deliverables, and the KPIs they serve."""

from marshmallow import fields

from govern.domain.project import DeliverableState
from govern.web.fields import Day, Figure, GivenDay, Identifier, Instant, Number, Shares, Text, Word
from govern.web.patterns import NAME_LENGTH
from govern.web.schemas.base import Given, PageQuery, Told, listed, next_page, sort_by


class Deliverable(Told):
    id = fields.String()
    project = fields.String()
    name = fields.String()
    owner = fields.String(allow_none=True)
    state = Word(DeliverableState)
    due = GivenDay(allow_none=True)
    done_on = GivenDay(allow_none=True)
    cost = Figure(allow_none=True)
    serves = Shares("KPI id → share it brings; null where that is not agreed.", given=True)
    produces = Shares("Outcome id → share it brings; null where that is not agreed.", given=True)
    version = fields.Integer()
    recorded_at = Instant()


class DeliverablePage(Told):
    items = listed(Deliverable)
    next = next_page()


class DeliverableChange(Given):
    name = Text(NAME_LENGTH)
    owner = Text(NAME_LENGTH, allow_none=True)
    state = Word(DeliverableState, "planned unless said.")
    due = Day(allow_none=True)
    done_on = Day(allow_none=True)
    cost = Number(least=0, allow_none=True)
    serves = Shares("KPI id → share it brings (0.25 = a quarter); null where that is not agreed.")
    produces = Shares("Outcome id → share it brings (0.25 = a quarter); null: not agreed.")


class NewDeliverable(DeliverableChange):
    id = Identifier("The organisation's own id, unique in the installation.", required=True)
    project = Identifier(required=True)
    name = Text(NAME_LENGTH, required=True)


class DeliverableQuery(PageQuery):
    project = Identifier("Only deliverables of this project.")
    state = Word(DeliverableState, "Only deliverables in this state.")
    sort = sort_by("id", "name", "due", "state", "project", default="id")
