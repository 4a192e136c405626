"""Delegations: who votes for whom, from when until when."""

from marshmallow import fields

from govern.web.fields import Day, GivenDay, Identifier, Instant, Text
from govern.web.patterns import NAME_LENGTH, TAG_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import Given, PageQuery, Told, listed, next_page, sort_by


class Delegation(Told):
    id = fields.Integer()
    from_person_id = fields.String(metadata={"description": "Whose votes they are."})
    from_name = fields.String(allow_none=True)
    to_person_id = fields.String(metadata={"description": "Who casts them."})
    to_name = fields.String(allow_none=True)
    portfolio = fields.String(allow_none=True)
    project = fields.String(allow_none=True)
    gate = fields.String(allow_none=True)
    starts_on = GivenDay()
    ends_on = GivenDay("The last day, included.")
    reason = fields.String()
    recorded_by = fields.String()
    recorded_at = Instant()
    revoked_by = fields.String(allow_none=True)
    revoked_at = Instant(allow_none=True)
    version = fields.Integer()


class DelegationPage(Told):
    items = listed(Delegation)
    next = next_page()


class DelegationQuery(PageQuery):
    sort = sort_by("id", "starts_on", "ends_on", default="-id")


class NewDelegation(Given):
    to = Text(NAME_LENGTH, "Who may vote for you: e-mail address or id.", required=True)
    of = Text(NAME_LENGTH, "Whose votes they are, where an administrator arranges it.")
    starts_on = Day(required=True)
    ends_on = Day("The last day, included: today or later.", required=True)
    reason = Text(TEXT_LENGTH, lines=True, required=True)
    portfolio = Identifier("Only for projects of this portfolio.")
    project = Identifier("Only for this project.")
    gate = Text(TAG_LENGTH, "Only for this gate.")


class Revocation(Given):
    reason = Text(TEXT_LENGTH, "Why; it stands in the history.", lines=True, required=True)
