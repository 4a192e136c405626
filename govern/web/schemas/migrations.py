"""Workflow versions as they are listed, and projects that change theirs."""

from marshmallow import fields

from govern.web.fields import Flag, Identifier, Instant, Text, Whole
from govern.web.fields.several import Several
from govern.web.patterns import DIGEST, LARGEST_INTEGER, TAG_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import Given, Told, listed, receipts_field, texts

MOST_PROJECTS = 10_000
MOST_STAGES = 200


class WorkflowVersion(Told):
    id = fields.String()
    version = fields.Integer()
    title = fields.String()
    digest = fields.String(metadata={"pattern": DIGEST})
    newest = fields.Boolean(metadata={"description": "New projects start under it."})
    projects = fields.Integer(metadata={"description": "How many run under it."})
    recorded_at = Instant()


class WorkflowVersions(Told):
    items = listed(WorkflowVersion)


class StageMapped(Told):
    stage = fields.String()
    to = fields.String()


class Step(Told):
    """What happens to one project."""

    project = fields.String()
    name = fields.String()
    workflow = fields.String(metadata={"description": "The workflow that it leaves."})
    version = fields.Integer()
    digest = fields.String(metadata={"pattern": DIGEST})
    stage = fields.String()
    to_stage = fields.String(
        allow_none=True, metadata={"description": "Null where it cannot be placed."}
    )
    held_from = fields.String(allow_none=True)
    to_held_from = fields.String(allow_none=True)
    submission = fields.Integer(
        allow_none=True, metadata={"description": "The open submission, which is withdrawn."}
    )
    lost = texts("What is not carried over.")


class RefusedStep(Told):
    project = fields.String()
    stage = fields.String()
    why = fields.String()


class VersionChanges(Told):
    workflow = fields.String()
    version = fields.Integer()
    digest = fields.String(metadata={"pattern": DIGEST})
    sentences = texts("What the new version says otherwise.")


class Migration(Told):
    workflow = fields.String()
    version = fields.Integer()
    digest = fields.String(metadata={"pattern": DIGEST})
    map = listed(StageMapped)
    withdraw = fields.Boolean()
    projects = listed(Step)
    refused = listed(RefusedStep, "What stands in the way; while there is any, nothing changes.")
    changes = listed(VersionChanges)
    preview = fields.String(
        metadata={"pattern": DIGEST, "description": "Of all this, to send with the migration."}
    )
    receipts = receipts_field()


class MappedStage(Given):
    stage = Text(TAG_LENGTH, "A stage of the workflow that projects leave.", required=True)
    to = Text(TAG_LENGTH, "The stage that they enter.", required=True)


class NewPreview(Given):
    version = Whole("The newest unless named.", least=1, most=LARGEST_INTEGER)
    projects = Several(
        Identifier(),
        "All under way in another version of the workflow unless named.",
        most=MOST_PROJECTS,
        least=1,
    )
    map = Several(
        fields.Nested(MappedStage),
        "Where stages lead whose name the new version does not have.",
        most=MOST_STAGES,
    )
    withdraw = Flag("Whether open submissions are withdrawn; false unless said.")


class NewMigration(NewPreview):
    preview = Text(100, "The digest of the preview that was read.", required=True)
    reason = Text(TEXT_LENGTH, "Why; it stands in the history.", lines=True, required=True)
