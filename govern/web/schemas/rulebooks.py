"""Rulebooks as they are proposed and put in force."""

from marshmallow import fields

from govern.store.rulebooks import STATES
from govern.web.fields import Instant, Text, Word
from govern.web.fields.files import Files
from govern.web.patterns import DIGEST, TEXT_LENGTH
from govern.web.schemas.base import (
    Given,
    PageQuery,
    Told,
    listed,
    next_page,
    receipt_field,
    sort_by,
)

_DIRECTORY = "A person, or `directory`: taken from the rules directory when govern started."


class Revision(Told):
    id = fields.Integer()
    digest = fields.String(metadata={"pattern": DIGEST})
    author = fields.String(metadata={"description": _DIRECTORY})
    author_name = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    proposed_at = Instant()
    state = Word(STATES)
    publisher = fields.String(allow_none=True, metadata={"description": "Null: never in force."})
    publisher_name = fields.String(allow_none=True)
    published_at = Instant(allow_none=True)
    published_note = fields.String(allow_none=True)
    version = fields.Integer()


class RevisionWithFiles(Revision):
    sources = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "Path of each rule file → its text."},
    )
    receipt = receipt_field()


class RevisionPage(Told):
    items = listed(Revision)
    next = next_page()


class RevisionQuery(PageQuery):
    state = Word(STATES, "Only revisions in this state.")
    sort = sort_by("id", "proposed_at", default="-id")


class NewRevision(Given):
    sources = Files("The rule files, all of them: path → text.", required=True)
    note = Text(TEXT_LENGTH, "What changed and why.", lines=True, required=True)


class Publication(Given):
    note = Text(TEXT_LENGTH, "Why now.", lines=True, allow_none=True)
