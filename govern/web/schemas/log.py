"""What the log tells, and what is asked of it."""

from marshmallow import fields

from govern.web.fields import Identifier, Text, Whole
from govern.web.patterns import LARGEST_INTEGER, TEXT_LENGTH
from govern.web.schemas.base import Given, Told, texts


class SigningKey(Told):
    origin = fields.String(metadata={"description": "The name of the log."})
    key = fields.String(metadata={"description": "The public key: `<origin>+<id>+<base64>`."})
    retired = texts("Keys that signed before it.")


class ConsistencyQuery(Given):
    from_ = Whole(
        "The size of the log that was seen.",
        most=LARGEST_INTEGER,
        in_query=True,
        required=True,
        data_key="from",
    )
    to = Whole("The size of a later checkpoint; the last unless given.", least=1, in_query=True)


class ProofQuery(Given):
    project = Identifier("The project whose event it is.")
    size = Whole("The size of the checkpoint; the last unless given.", least=1, in_query=True)


class CosignatureQuery(Given):
    size = Whole(
        "The size of the checkpoint that was cosigned.", least=1, in_query=True, required=True
    )
    witness = Text(TEXT_LENGTH, "The public key of the witness.", required=True)


class Cosigned(Told):
    size = fields.Integer()
    witnesses = texts("The keys of those who have cosigned this checkpoint.")
