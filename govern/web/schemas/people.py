"""What is erased of people."""

from marshmallow import fields

from govern.web.fields import Text
from govern.web.fields.several import Several
from govern.web.patterns import NAME_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import Given, Told

_MOST_SPELLINGS = 20


class NewErasure(Given):
    person = Text(NAME_LENGTH, "Whom: e-mail address or id.", required=True)
    reason = Text(TEXT_LENGTH, "Why; it stands in the history.", lines=True, required=True)
    also = Several(
        Text(NAME_LENGTH),
        "Further spellings of the name, of three letters or more.",
        most=_MOST_SPELLINGS,
        load_default=(),
    )


class Erasure(Told):
    person = fields.String(metadata={"description": "The id, which stays."})
    erased = fields.Integer(metadata={"description": "Texts that are gone whole."})
    redacted = fields.Integer(metadata={"description": "Texts that are left without the name."})
    remains = fields.List(
        fields.String(),
        metadata={
            "description": "Events and kept texts in which the name still stands in a place that is "
            "no person's, such as the name of a project or the text of a rule."
        },
    )
    cleared = fields.Boolean(
        metadata={
            "description": "The database file holds nothing of it any more; false on PostgreSQL."
        }
    )
