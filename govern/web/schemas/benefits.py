"""Objectives, outcomes, and the benefits map between deliverables and objectives."""

from marshmallow import fields

from govern.domain.benefits.checks import Check
from govern.domain.benefits.map import Kind
from govern.web.fields import Figure, Identifier, Instant, Shares, Text, Word
from govern.web.patterns import NAME_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import Given, PageQuery, Told, listed, next_page, sort_by, texts


class Objective(Told):
    id = fields.String()
    name = fields.String()
    description = fields.String(allow_none=True)
    owner = fields.String(allow_none=True)
    version = fields.Integer()
    recorded_at = Instant()


class ObjectivePage(Told):
    items = listed(Objective)
    next = next_page()


class ObjectiveChange(Given):
    name = Text(NAME_LENGTH)
    description = Text(TEXT_LENGTH, lines=True, allow_none=True)
    owner = Text(NAME_LENGTH, "Who answers for it.", allow_none=True)


class NewObjective(ObjectiveChange):
    id = Identifier("The organisation's own id, unique in the installation.", required=True)
    name = Text(NAME_LENGTH, required=True)


class ObjectiveQuery(PageQuery):
    sort = sort_by("id", "name", default="id")


class Outcome(Told):
    id = fields.String()
    project = fields.String()
    name = fields.String()
    description = fields.String(allow_none=True)
    owner = fields.String(allow_none=True)
    serves = Shares("KPI id → share of it that it brings; null where not agreed.", given=True)
    leads_to = Shares("Outcome id → share of it that it brings; null where not agreed.", given=True)
    version = fields.Integer()
    recorded_at = Instant()


class OutcomePage(Told):
    items = listed(Outcome)
    next = next_page()


class OutcomeChange(Given):
    name = Text(NAME_LENGTH)
    description = Text(
        TEXT_LENGTH, "What is different then, for whom.", lines=True, allow_none=True
    )
    owner = Text(NAME_LENGTH, "Who answers for it.", allow_none=True)
    serves = Shares("KPI id → share of it that it brings (0.25 = a quarter); null: not agreed.")
    leads_to = Shares(
        "Outcome id → share of it that it brings (0.25 = a quarter); null: not agreed."
    )


class NewOutcome(OutcomeChange):
    id = Identifier("The organisation's own id, unique in the installation.", required=True)
    project = Identifier(required=True)
    name = Text(NAME_LENGTH, required=True)


class OutcomeQuery(PageQuery):
    project = Identifier("Only outcomes of this project.")
    sort = sort_by("id", "name", "project", default="id")


class MapEnd(Told):
    kind = Word(Kind)
    id = fields.String()


class MapNode(MapEnd):
    name = fields.String()
    owner = fields.String(allow_none=True)
    dropped = fields.Boolean(
        metadata={"description": "Only of a deliverable: nobody will make it."}
    )


class MapLink(Told):
    source = fields.Nested(MapEnd)
    target = fields.Nested(MapEnd)
    share = Figure(
        "Of the target that the source brings; from a KPI to an objective: of the KPI that counts "
        "towards it. Null where it is not agreed.",
        allow_none=True,
    )


class MapWay(Told):
    """A way from a deliverable (null where none leads here) to a KPI and one of its objectives."""

    deliverable = fields.String(allow_none=True)
    outcomes = texts("The outcomes on the way.")
    kpi = fields.String(
        allow_none=True, metadata={"description": "Null where the way leads to none."}
    )
    contribution = Figure("The shares along the way, multiplied.", allow_none=True)
    objective = fields.String(allow_none=True)
    supports = Figure("Share of the KPI that counts towards the objective.", allow_none=True)


class MapContribution(Told):
    deliverable = fields.String()
    kpi = fields.String()
    share = Figure("Over all ways together; null where one of them is not agreed.", allow_none=True)


class MapObjective(Told):
    objective = fields.String()
    share = Figure(
        "Of the project's value, by the weights of its KPIs, that counts towards the objective.",
        allow_none=True,
    )


class MapProblem(Told):
    project = fields.String()
    code = Word(Check)
    kind = Word(Kind)
    id = fields.String()
    problem = fields.String()
    right = fields.String(metadata={"description": "What would be right."})
    others = listed(MapEnd, "What else has part in it.")


class BenefitsMap(Told):
    project = fields.String()
    name = fields.String()
    nodes = listed(MapNode, "In the order of the columns, and of their ids.")
    links = listed(MapLink)
    ways = listed(MapWay, "At most 1,000.")
    all_ways = fields.Boolean(metadata={"description": "Whether these are all ways there are."})
    contributions = listed(MapContribution)
    objectives = listed(MapObjective)
    problems = listed(MapProblem)
