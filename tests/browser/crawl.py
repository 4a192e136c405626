"""Goes where the links of pages lead, without going everywhere: a few pages of each kind."""

from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page, Response
from werkzeug.exceptions import HTTPException

from tests.browser.serving import Server

ELSEWHERE = ("/api/", "/docs", "/metrics", "/problems/")
"""What is not for people to read page by page."""

_LINKS = """() => [...document.querySelectorAll("a[href]")]
  .filter(each => !each.hasAttribute("download") && each.origin === location.origin)
  .filter(each => !new URLSearchParams(each.search).has("csv"))
  .map(each => each.pathname + each.search)"""


def kind_of(server: Server, path: str) -> str | None:
    """Which view answers a path, whatever project or rule it is about; `None` where none does."""
    try:
        endpoint, _ = server.app.url_map.bind("").match(urlsplit(path).path, method="GET")
    except HTTPException:
        return None
    return str(endpoint)


def crawl(
    page: Page, server: Server, start: str = "/", *, of_each: int = 1, most: int = 60
) -> Iterator[tuple[str, Response]]:
    """Every page that can be reached from `start`, open in `page`: its path and how it was answered.

    Of each kind `of_each`, each with its own query; `most` in all.
    """
    waiting, known, seen = deque([start]), {start}, Counter[str]()
    while waiting and seen.total() < most:
        path = waiting.popleft()
        kind = kind_of(server, path)
        if kind is not None and seen[kind] >= of_each:
            continue
        seen[kind or path] += 1
        answer = _opened(page, path)
        if answer is None:
            continue
        yield path, answer
        if urlsplit(page.url).path != urlsplit(path).path:
            seen[kind_of(server, page.url) or page.url] += 1
        for link in page.evaluate(_LINKS):
            if link not in known and not link.startswith(ELSEWHERE):
                known.add(link)
                waiting.append(link)


def _opened(page: Page, path: str) -> Response | None:
    """How a page was answered; `None` for a file, which the browser keeps instead of showing it."""
    try:
        answer = page.goto(path)
    except Error as error:
        if "Download is starting" in error.message:
            return None
        raise
    assert answer is not None, path
    return answer
