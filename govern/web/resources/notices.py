"""Notices: what time has brought about, for those whom it concerns."""

from typing import Any

from govern.services import notices as use
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.notices import NoticePage, NoticeQuery
from govern.web.site import actor, runtime

notices = Resource("notices", "What you were told as time passed.")


@notices.read("/notices", NoticePage, query=NoticeQuery, headers=["Link"])
def list_notices(query: dict[str, Any]) -> Any:
    """List what you were told, the newest first: by name, or in a role that you hold on the project.

    Reminders, escalations, lapsed conditional goes, holds that ended, value checks, readings that are
    due or overdue.
    """
    page = page_request(query)
    return page_answer(use.list_notices(runtime(), actor(), page, **query))
