"""All pages of a list, one after the other."""

from collections.abc import Callable

from govern.domain.record import Record
from govern.store.paging import LARGEST_PAGE, Page, PageRequest


def everything(page_at: Callable[[PageRequest], Page]) -> list[Record]:
    found: list[Record] = []
    cursor: str | None = None
    while True:
        page = page_at(PageRequest(limit=LARGEST_PAGE, cursor=cursor))
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found
