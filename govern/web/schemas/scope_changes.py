"""Scope changes: what is asked, what it does, who decides."""

from typing import Any

from marshmallow import fields

from govern.domain.project import DeliverableState
from govern.domain.recommendation import ALTERNATIVES, Action
from govern.domain.role import Role
from govern.services.effects import MOST_EFFECTS
from govern.services.scope_changes import MOST_CHANGES
from govern.services.scope_kinds import KINDS
from govern.services.scope_votes import ANSWERS
from govern.store.scope_changes import STATES
from govern.web.fields import (
    Day,
    Figure,
    GivenDay,
    Identifier,
    Instant,
    Number,
    Shares,
    Text,
    Word,
)
from govern.web.fields.several import Several
from govern.web.patterns import NAME_LENGTH, TEXT_LENGTH
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
from govern.web.schemas.bulk import MOST_PLANNED
from govern.web.schemas.effects import Effect
from govern.web.schemas.gates import Deputy
from govern.web.schemas.kpis import KpiChange, NewPlannedValue, PlannedValue
from govern.web.schemas.plans import (
    AgreedField,
    ChangedField,
    DeliverableDifference,
    Drawing,
    PlanDifference,
)
from govern.web.schemas.recommendations import NamedEffect


class AgreedFields(KpiChange):
    """What is set: fields of a KPI, of a deliverable, or of the project. Which objectives a KPI supports
    is no part of the plan."""

    class Meta:
        exclude = ("supports",)

    id = Identifier("Of a new KPI or deliverable.")
    state = Word(
        [each for each in DeliverableState if each is not DeliverableState.DROPPED],
        "Of a deliverable.",
    )
    due = Day("Of a deliverable.", allow_none=True)
    cost = Number("Of a deliverable.", least=0, allow_none=True)
    serves = Shares("Of a deliverable: KPI id → share it brings; null: not agreed.")
    produces = Shares("Of a deliverable: outcome id → share it brings; null: not agreed.")
    start = Day("Of the project.", allow_none=True)
    end = Day("Of the project.", allow_none=True)
    budget = Number("Of the project.", least=0, allow_none=True)


class NewChange(Given):
    """One change.

    `kpi`, `add_kpi`, `deliverable`, `add_deliverable` and `project` take `fields`; `plan` takes `planned`
    or `trajectory`, `hold` may take `until`; `drop_deliverable` and `terminate` take no more.
    """

    kind = Word(KINDS, required=True)
    kpi = Identifier("The KPI to change.")
    deliverable = Identifier("The deliverable to change or to drop.")
    fields_ = fields.Nested(AgreedFields, data_key="fields", attribute="fields")
    planned = Several(
        fields.Nested(NewPlannedValue),
        "Values to set; other periods stay as they are.",
        least=1,
        most=MOST_PLANNED,
    )
    trajectory = fields.Nested(Drawing)
    until = Day("When a hold ends: later than today.")


class ScopePreviewed(Given):
    changes = Several(
        fields.Nested(NewChange),
        "Applied one after the other.",
        least=1,
        most=MOST_CHANGES,
        required=True,
    )
    effective_on = Day(
        "From which day they hold: what is planned for periods that end before it stays.",
        allow_none=True,
    )


_NAMED = "Which KPI it is to help, by how much and by when; it is measured then."


class NewScopeChange(ScopePreviewed):
    title = Text(NAME_LENGTH, required=True)
    reason = Text(TEXT_LENGTH, "Why the plan has to change.", lines=True, required=True)
    effects = Several(fields.Nested(NamedEffect), _NAMED, most=MOST_EFFECTS)


class ScopeAmendment(Given):
    """What is given is written, and all changes are tried anew."""

    title = Text(NAME_LENGTH)
    reason = Text(TEXT_LENGTH, "Why the plan has to change.", lines=True)
    changes = Several(
        fields.Nested(NewChange), "In place of all that were there.", least=1, most=MOST_CHANGES
    )
    effective_on = Day("From which day they hold.", allow_none=True)
    effects = Several(fields.Nested(NamedEffect), _NAMED, most=MOST_EFFECTS)


class RaisedScopeChange(ScopeAmendment):
    """What is left out comes from the recommendation."""

    alternative = Word(
        ALTERNATIVES, "Whose changes these are: what was accepted unless another is named."
    )


class LostValue(Told):
    """What of a KPI is lost with a deliverable."""

    change = fields.String(
        metadata={
            "description": "The kind of change that it is lost by: `drop_deliverable`, `terminate`, `hold` "
            "(the worst: that what is not begun is never begun), or `deliverable`, which brings less."
        }
    )
    deliverable = fields.String()
    kpi = fields.String()
    name = fields.String()
    unit = fields.String(allow_none=True)
    share = Figure(
        "The share of the KPI that the deliverable brings, or brings no more; null where it is not agreed.",
        allow_none=True,
    )
    promised = Figure("That share of the promise; null where unknown.", allow_none=True)
    forecast = Figure(
        "That share of the forecast gain, of a cumulative KPI of what is still to come; null where unknown.",
        allow_none=True,
    )
    why = fields.String(allow_none=True, metadata={"description": "Why a figure is unknown."})


class _Effects(Told):
    effects = listed(
        PlanDifference, "What becomes of each KPI: first as it was, second as it will be."
    )
    deliverables = listed(DeliverableDifference, "What becomes of each deliverable.")
    terms = listed(ChangedField, "What becomes of the project: its dates, budget and stage.")
    lost = listed(
        LostValue, "The value that is lost with what is dropped, ended or held, or brings less."
    )


class ScopeEffects(_Effects):
    project = fields.String()


class ScopeChangeItem(Told):
    """A scope change as a list has it."""

    id = fields.Integer()
    project = fields.String()
    title = fields.String()
    reason = fields.String()
    state = Word(STATES)
    proposed_by = fields.String()
    effective_on = GivenDay(allow_none=True)
    decided_at = Instant(allow_none=True)
    baseline_number = fields.Integer(
        allow_none=True, metadata={"description": "The version of the baseline that it made."}
    )
    recommendation = fields.Integer(
        allow_none=True, metadata={"description": "The recommendation that it was raised from."}
    )
    action = Word(Action, "What that recommended.", allow_none=True)
    revision = fields.Integer(
        metadata={"description": "Raised by each amendment: votes count for theirs alone."}
    )
    amended_by = texts("Who has amended it, the last one last.")
    version = fields.Integer()
    recorded_at = Instant()


class ScopeChangePage(Told):
    items = listed(ScopeChangeItem)
    next = next_page()


class ScopeChangeQuery(PageQuery):
    state = Word(STATES, "Only those in this state.")
    sort = sort_by("id", "project", "recorded_at", default="-id")


class ResolvedChange(Told):
    """A change as it will be applied: trajectories and templates are values by now."""

    kind = Word(KINDS)
    kpi = fields.String(allow_none=True)
    deliverable = fields.String(allow_none=True)
    fields_: fields.List[Any] = fields.List(
        fields.Nested(AgreedField), data_key="fields", attribute="fields", allow_none=True
    )
    planned: fields.List[Any] = fields.List(fields.Nested(PlannedValue), allow_none=True)
    until = GivenDay("When a hold ends.", allow_none=True)


class ScopeVote(Told):
    id = fields.Integer()
    person = fields.String(allow_none=True)
    for_person = fields.String(
        allow_none=True, metadata={"description": "Whose vote it is, where a deputy has cast it."}
    )
    role = Word(Role)
    decision = Word(ANSWERS)
    reason = fields.String()
    revision = fields.Integer(metadata={"description": "Of which revision it was said."})
    counts = fields.Boolean(metadata={"description": "Whether that is the revision that waits."})
    recorded_at = Instant()


class ScopeMissing(Told):
    role = Word(Role)
    votes = fields.Integer()
    who = texts("Who can give them.")
    deputies = listed(Deputy, "Who may vote for one of them today.")


class ScopeChange(ScopeChangeItem, _Effects):
    proposed_by_name = fields.String(allow_none=True)
    amended_by_names = texts()
    changes = listed(ResolvedChange)
    expected = listed(Effect, "What it is expected to bring, and what came.")
    votes = listed(ScopeVote)
    missing = listed(ScopeMissing, "What is still needed for a go.")
    changed = texts(
        "What is not as it was when it was proposed: with one of these it is not applied any more."
    )


class DecidedScopeChange(ScopeChange):
    receipt = receipt_field()


class NewScopeVote(Given):
    decision = Word(ANSWERS, "go: as proposed. recycle, kill: not so.", required=True)
    reason = Text(TEXT_LENGTH, lines=True, required=True)
    role = Word(Role, "In which role, for who holds several; the one that is missing unless said.")
    on_behalf_of = Text(NAME_LENGTH, "Who delegated the vote to you: e-mail address or id.")


class ScopeWithdrawal(Given):
    reason = Text(TEXT_LENGTH, "Why; it stands in the history.", lines=True, required=True)


class WaitingScopeChange(Told):
    scope_change = fields.Integer()
    project = fields.String()
    project_name = fields.String()
    title = fields.String()
    effective_on = GivenDay(allow_none=True)
    proposed_at = Instant()
    as_ = fields.List(
        Word(Role), data_key="as", attribute="as", metadata={"description": "In which role."}
    )
    for_ = fields.String(
        data_key="for",
        attribute="for",
        allow_none=True,
        metadata={"description": "Whose vote it would be; null for one's own."},
    )
