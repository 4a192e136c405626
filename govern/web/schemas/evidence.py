"""Evidence: what a submission stands on, and the files that were handed in."""

from marshmallow import fields

from govern.documents.media import TYPES
from govern.services.brought import MOST as MOST_EVIDENCE
from govern.services.evidence_files import LONGEST_NAME
from govern.store.evidence import DATABASE, DISK
from govern.web.fields import Instant, Link, Text, Whole, Word
from govern.web.fields.several import Several
from govern.web.patterns import DIGEST, LARGEST_INTEGER, TAG_LENGTH
from govern.web.schemas.base import Given, PageQuery, Told, listed, next_page, sort_by


class Evidence(Told):
    """A link, or a file with its content's digest; the other is null."""

    name = fields.String()
    link = fields.String(allow_none=True, dump_default=None)
    file = fields.Integer(
        allow_none=True,
        dump_default=None,
        metadata={"description": "Read it at `/evidence-files/{file}/content`."},
    )
    digest = fields.String(allow_none=True, dump_default=None)
    filename = fields.String(allow_none=True, dump_default=None)
    media_type = fields.String(allow_none=True, dump_default=None)
    size = fields.Integer(allow_none=True, dump_default=None)
    by = fields.String(
        allow_none=True,
        dump_default=None,
        metadata={"description": "The id of the person who brought it."},
    )


class NewEvidence(Given):
    name = Text(TAG_LENGTH, "As the gate calls it.", required=True)
    link = Link("Where the document is: this, or `file`.")
    file = Whole("The number of a file of the project: this, or `link`.", most=LARGEST_INTEGER)


class BroughtEvidence(Given):
    evidence = Several(
        fields.Nested(NewEvidence),
        "What is added, or takes the place of what has the same name.",
        least=1,
        most=MOST_EVIDENCE,
        required=True,
    )


class EvidenceFile(Told):
    id = fields.Integer()
    project = fields.String()
    digest = fields.String(metadata={"pattern": DIGEST, "description": "SHA-256 of the content."})
    filename = fields.String()
    media_type = Word(TYPES)
    size = fields.Integer(metadata={"description": "Bytes."})
    kept_in = Word((DATABASE, DISK))
    recorded_by = fields.String()
    recorded_at = Instant()


class EvidenceFilePage(Told):
    items = listed(EvidenceFile)
    next = next_page()


class EvidenceFileQuery(PageQuery):
    sort = sort_by("id", "filename", "size", "recorded_at", default="-id")


class NewFileQuery(Given):
    filename = Text(LONGEST_NAME, "What the file is called, without folders.", required=True)
