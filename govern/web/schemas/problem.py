"""The shape of everything that goes wrong (RFC 9457)."""

from marshmallow import INCLUDE, Schema, fields


class Problem(Schema):
    """Beside these members stand the facts of the refusal, such as `needed` roles or `legal` moves."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(
        required=True,
        metadata={"description": "Where this kind of problem is explained; ends in the code."},
    )
    title = fields.String(required=True, metadata={"description": "The kind of problem, in words."})
    status = fields.Integer(required=True, metadata={"description": "The HTTP status."})
    detail = fields.String(
        required=True, metadata={"description": "What is wrong here, and what would be right."}
    )
    code = fields.String(
        required=True, metadata={"description": "The kind of problem, for programs; never changes."}
    )
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "Path of a field → what is wrong with it."},
    )
    request_id = fields.String(
        metadata={"description": "The request, as the log and the header X-Request-Id name it."}
    )
    instance = fields.String(
        metadata={"description": "The incident in the log, for a fault of ours."}
    )
