"""Notices: what a person was told as time passed."""

from marshmallow import fields

from govern.domain.role import Role
from govern.services.notices import KINDS
from govern.web.fields import Identifier, Instant, Word
from govern.web.schemas.base import PageQuery, Told, listed, next_page, sort_by, texts


class Notice(Told):
    id = fields.Integer()
    kind = Word(KINDS)
    project = fields.String(allow_none=True)
    submission = fields.Integer(allow_none=True)
    role = Word(Role, "Whoever holds this role on the project is told.", allow_none=True)
    people = texts("The ids of the people who are told by name.")
    text = fields.String()
    recorded_at = Instant()


class NoticePage(Told):
    items = listed(Notice)
    next = next_page()


class NoticeQuery(PageQuery):
    project = Identifier("Only notices about this project.")
    kind = Word(KINDS, "Only notices of this kind.")
    sort = sort_by("id", "project", "kind", "recorded_at", default="-id")
