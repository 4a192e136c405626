"""What a page must not do while a test looks at it: complain, break, or ask another host."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

_WITHIN = ("data", "blob", "about")
"""Addresses that nothing is asked for."""


class Watch:
    """Over all pages of one test. `address` is the server's, which alone may be asked."""

    def __init__(self, address: str) -> None:
        self._hosts = {urlsplit(address).netloc}
        self._expected: set[int] = set()
        self.complaints: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._said)
        context.on("weberror", self._broke)
        context.on("request", self._asked)

    def expect(self, *statuses: int) -> None:
        """From here on answers with these statuses are meant; the browser calls each an error."""
        self._expected |= set(statuses)

    def let_ask(self, address: str) -> None:
        """From here on this server may be asked too: somebody signs in there."""
        self._hosts.add(urlsplit(address).netloc)

    def assert_quiet(self) -> None:
        assert not self.complaints, "\n".join(self.complaints)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        refused = re.search(r"the server responded with a status of (\d{3})", message.text)
        if refused is None or int(refused[1]) not in self._expected:
            self.complaints.append(f"console: {message.text} ({message.location['url']})")

    def _broke(self, error: WebError) -> None:
        page = error.page
        self.complaints.append(f"script: {error.error} ({page.url if page else 'a page'})")

    def _asked(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in _WITHIN and asked.netloc not in self._hosts:
            self.complaints.append(f"asked another host: {request.url}")
