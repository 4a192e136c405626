"""Tokens, roles and sessions, as they are granted, listed and taken away."""

from marshmallow import fields

from govern.domain.role import Role
from govern.domain.token_scope import TokenScope
from govern.web.fields import Day, GivenDay, Identifier, Instant, Text, Whole, Word
from govern.web.patterns import NAME_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import Given, Told, listed


class Token(Told):
    id = fields.Integer()
    person = fields.String(metadata={"description": "Whom it stands for."})
    person_name = fields.String()
    label = fields.String(metadata={"description": "What it is for."})
    scopes = fields.List(
        Word(TokenScope),
        allow_none=True,
        metadata={"description": "What it may be used for; null: for all that its person may."},
    )
    issued_by = fields.String(
        allow_none=True, metadata={"description": "Null where an earlier version issued it."}
    )
    issued_by_name = fields.String(allow_none=True)
    issued_at = Instant()
    expires_at = Instant()
    last_used_on = GivenDay("Null where it was not used yet.", allow_none=True)


class Tokens(Told):
    items = listed(Token)


class PersonQuery(Given):
    person = Text(NAME_LENGTH, "Only those of this person: e-mail address or id.")


class EndedToken(Told):
    id = fields.Integer()
    person = fields.String()
    label = fields.String()
    revoked_at = Instant()


class Ending(Given):
    reason = Text(TEXT_LENGTH, "Why; it stands in the history.", lines=True)


class HeldGrant(Told):
    id = fields.Integer()
    person = fields.String()
    person_name = fields.String(allow_none=True)
    role = Word(Role)
    portfolio = fields.String(allow_none=True)
    project = fields.String(
        allow_none=True, metadata={"description": "Both null: on the whole installation."}
    )
    granted_by = fields.String()
    granted_by_name = fields.String(allow_none=True)
    granted_at = Instant()
    until = Instant("When it ends by itself.", allow_none=True)
    brought_by = fields.String(
        allow_none=True,
        metadata={"description": "The group of the organisation's sign-in that brings it."},
    )
    revoked_at = Instant(allow_none=True)


class Grants(Told):
    items = listed(HeldGrant)


class NewGrant(Given):
    person = Text(NAME_LENGTH, "Whom: e-mail address or id.", required=True)
    role = Word(Role, required=True)
    portfolio = Identifier("On this portfolio only.")
    project = Identifier("On this project only.")
    until = Day("The last day on which it holds.")


class NewPerson(Given):
    email = Text(NAME_LENGTH, "The e-mail address.", required=True)
    name = Text(NAME_LENGTH, required=True)


class OwnRole(Told):
    role = Word(Role)
    portfolio = fields.String(allow_none=True)
    project = fields.String(allow_none=True)


class Person(Told):
    id = fields.String()
    email = fields.String()
    name = fields.String()
    roles = listed(OwnRole, "Those in force.")


class People(Told):
    items = listed(Person)


class OpenSession(Told):
    id = fields.Integer()
    person = fields.String()
    person_name = fields.String()
    how = Word(("link", "oidc"), "By a link, or by the organisation's own sign-in.")
    started_at = Instant()
    seen_at = Instant("When it was used last, give or take five minutes.")
    expires_at = Instant()


class Sessions(Told):
    items = listed(OpenSession)


class SignOut(Given):
    person = Text(NAME_LENGTH, "Whom: e-mail address or id.", required=True)


class SignedOut(Told):
    ended = fields.Integer(metadata={"description": "Sessions that were open."})


class OwnToken(Given):
    """What somebody fills in who makes themselves a token."""

    label = Text(NAME_LENGTH, "What it is for.", required=True)
    days = Whole("How many days it is good for.", least=1, most=366, required=True)
    scopes = fields.List(Word(TokenScope), required=True)
