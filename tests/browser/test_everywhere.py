"""Every page that a user can reach from where they begin, in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response

from tests.browser import usable
from tests.browser.accessible import serious
from tests.browser.crawl import crawl, kind_of
from tests.browser.kinds import OpenPage, SignIn
from tests.browser.opening import WITHOUT_JAVASCRIPT
from tests.browser.people import USERS
from tests.browser.serving import Server
from tests.browser.signing_in import sign_in


@pytest.fixture
def server(standing_server: Server) -> Server:
    """Nothing is changed here."""
    return standing_server


@dataclass
class Known:
    """What pages are made of that were looked at closely; the same for somebody else is not again."""

    parts: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    def has(self, page: Page, kind: str) -> bool:
        made_of = set(page.evaluate(_PARTS))
        known = self.parts.setdefault(kind, set())
        if made_of <= known:
            return True
        known |= made_of
        return False


@pytest.fixture(scope="module")
def known() -> Known:
    return Known()


@pytest.mark.parametrize("user", USERS)
def test_every_page_of_a_user_can_be_used_by_everybody(
    user: str, signed_in_as: SignIn, open_page: OpenPage, server: Server, known: Known
) -> None:
    page = signed_in_as(USERS[user])
    plain: Page | None = None
    wrong: list[str] = []
    visited = 0
    for path, answer in crawl(page, server, urlsplit(page.url).path):
        visited += 1
        wrong += [f"{path}: {each}" for each in _wrong_at_once(page, answer)]
        if answer.status != 200 or known.has(page, kind_of(server, page.url) or path):
            continue
        wrong += [f"{path}: {each}" for each in _wrong_looked_at_closely(page)]
        if page.locator("script").count():
            if plain is None:
                plain = open_page(WITHOUT_JAVASCRIPT)
                sign_in(plain, server, USERS[user])
            wrong += [f"{path}: {each}" for each in _missing_without_javascript(page, plain, path)]
    assert not wrong, "\n".join(wrong)
    assert visited > 3


def _wrong_at_once(page: Page, answer: Response) -> Iterator[str]:
    if answer.status == 200:
        yield from usable.structure(page)
    else:
        yield f"it is answered with {answer.status}"


def _wrong_looked_at_closely(page: Page) -> Iterator[str]:
    yield from serious(page)
    yield from usable.narrow(page)
    yield from usable.printed(page)
    yield from usable.keyboard(page)


_PARTS = """() => [...document.querySelectorAll("body *")].map(each =>
  [each.tagName, each.getAttribute("class"), each.type, each.getAttribute("role")].join("."))"""

_OFFERED = """() => [...document.querySelectorAll(
    "main a[href], main button, main input, main select, main textarea, h1, h2")]
  .filter(each => each.type !== "hidden" && each.checkVisibility())
  .map(each => `${each.tagName} ${each.name || each.textContent.trim() || each.id}`)"""


def _missing_without_javascript(page: Page, plain: Page, path: str) -> Iterator[str]:
    """What the page offers somebody whose browser runs scripts, and nobody else."""
    plain.goto(path)
    offered = set(plain.evaluate(_OFFERED))
    for each in page.evaluate(_OFFERED):
        if each not in offered:
            yield f"without JavaScript there is no {each}"
