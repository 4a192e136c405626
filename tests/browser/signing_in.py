"""Signing in as people do who were sent a link."""

from urllib.parse import urlsplit

from playwright.sync_api import Page

from govern.services import sign_in_links
from govern.services.people import OPERATOR
from tests.browser.serving import Server


def link_for(server: Server, email: str, leads_to: str = "/") -> str:
    """The path of a link that signs this person in, once."""
    link = sign_in_links.issue(
        server.runtime, OPERATOR, email=email, leads_to=leads_to, now=server.clock()
    )
    return f"/sign-in/{link.secret}"


def sign_in(page: Page, server: Server, email: str, leads_to: str = "/") -> None:
    """Leaves the page where the link leads to; `/` leads on to what this person begins with."""
    page.goto(link_for(server, email, leads_to))
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url(lambda url: not urlsplit(url).path.startswith(("/sign-in", "/signed-in")))
