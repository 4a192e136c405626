"""Which duties are separated."""

from marshmallow import fields

from govern.domain.separation import KeptIn, Pair
from govern.web.fields import Instant, Word
from govern.web.schemas.base import Told, listed


class SeparatedPair(Told):
    pair = Word(Pair, "Who did the one, and what they do not do as well.")
    says = fields.String(metadata={"description": "What the pair asks for where it is separated."})
    kept_in = Word(KeptIn, "Where it can be switched: nowhere, in a gate, for the installation.")
    separated = fields.Boolean(
        allow_none=True, metadata={"description": "Null where each gate says it."}
    )
    switched_by = fields.String(allow_none=True)
    switched_at = Instant(allow_none=True)
    reason = fields.String(allow_none=True)


class Separation(Told):
    pairs = listed(SeparatedPair)
