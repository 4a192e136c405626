"""Waivers: the criteria that a project need not meet, until when, and who says so."""

from marshmallow import fields

from govern.domain.decision import Decision
from govern.domain.role import Role
from govern.services.waiver_list import WaiverState
from govern.web.fields import Day, GivenDay, Identifier, Instant, Text, Word
from govern.web.patterns import TAG_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import (
    Given,
    PageQuery,
    Told,
    listed,
    next_page,
    receipt_field,
    sort_by,
)


class PassedWith(Told):
    """A submission that passed the gate with the waiver."""

    submission = fields.Integer()
    iteration = fields.Integer()
    decision = Word(Decision)
    decided_at = Instant()


class Waiver(Told):
    id = fields.Integer()
    project = fields.String()
    gate = fields.String()
    criterion = fields.String()
    reason = fields.String()
    expires_on = GivenDay("The last day, included.")
    state = Word(WaiverState)
    recorded_by = fields.String()
    by = fields.String(allow_none=True, metadata={"description": "Who waived it."})
    role = Word(Role, "In which role.")
    recorded_at = Instant()
    revoked_by = fields.String(allow_none=True)
    revoked_by_name = fields.String(allow_none=True)
    revoked_at = Instant(allow_none=True)
    passed = listed(PassedWith, "What has passed the gate with it.")
    version = fields.Integer()


class DecidedWaiver(Waiver):
    receipt = receipt_field()


class WaiverPage(Told):
    items = listed(Waiver)
    next = next_page()


class WaiverQuery(PageQuery):
    project = Identifier("Only waivers of this project.")
    sort = sort_by("id", "project", "gate", "expires_on", default="-id")


class NewWaiver(Given):
    gate = Text(TAG_LENGTH, required=True)
    criterion = Text(TAG_LENGTH, "Its id; evidence is `evidence-` and its name.", required=True)
    reason = Text(TEXT_LENGTH, "Why; it is listed from now on.", lines=True, required=True)
    expires_on = Day("The last day, included: today or later.", required=True)


class WaiverRevocation(Given):
    reason = Text(TEXT_LENGTH, "Why; it stands in the history.", lines=True, required=True)
