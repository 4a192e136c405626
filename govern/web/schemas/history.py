"""What the ledger tells."""

from marshmallow import fields

from govern.web.fields import Instant, Text, Whole
from govern.web.patterns import HASH, LARGEST_INTEGER, TAG_LENGTH
from govern.web.schemas.base import LARGEST_PAGE, Given, Told, listed, next_page


class Event(Told):
    seq = fields.Integer(metadata={"description": "Its number in the chain, from 1, without gaps."})
    at = Instant()
    actor = fields.String()
    actor_name = fields.String(allow_none=True)
    kind = fields.String()
    told = fields.String(metadata={"description": "What happened, as a sentence."})
    data = fields.Dict(keys=fields.String(), metadata={"description": "What happened."})
    leaf = fields.String(
        metadata={"description": "SHA-256 that the next event holds on to.", "pattern": HASH}
    )


class EventPage(Told):
    items = listed(Event)
    next = next_page()


class EventQuery(Given):
    limit = Whole("How many to give at most.", least=1, most=LARGEST_PAGE, in_query=True)
    cursor = Whole(
        "The number of the last event seen: the `next` of the page before.",
        most=LARGEST_INTEGER,
        in_query=True,
    )


class ProjectEventQuery(EventQuery):
    kind = Text(TAG_LENGTH, "Only events of this kind, such as `gate.decided`.")


class Facts(Told):
    facts = fields.Dict(
        keys=fields.String(), metadata={"description": "Everything that the decision saw."}
    )
    digest = fields.String()
