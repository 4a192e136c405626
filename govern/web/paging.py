"""Lists, page by page."""

from typing import Any
from urllib.parse import urlencode

from flask import request

from govern.store.paging import Page, PageRequest


def page_request(query: dict[str, Any]) -> PageRequest:
    """Takes the page out of a query; what is left are the filters."""
    return PageRequest(
        limit=query.pop("limit", PageRequest().limit),
        cursor=query.pop("cursor", None),
        sort=query.pop("sort", None),
    )


def page_answer(page: Page) -> tuple[dict[str, Any], dict[str, str]]:
    """The page, and the address of the next one as a Link header (RFC 8288)."""
    headers: dict[str, str] = {}
    if page.next_cursor is not None:
        asked = {**request.args.to_dict(), "cursor": page.next_cursor}
        headers["Link"] = f'<{request.path}?{urlencode(asked)}>; rel="next"'
    return {"items": page.items, "next": page.next_cursor}, headers
