"""An approver who has never seen it: from the link in a notification to a recorded decision."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from govern.services import gates
from govern.services.people import OPERATOR
from tests.browser.accessible import assert_accessible
from tests.browser.kinds import OpenPage, SignIn, on_both
from tests.browser.opening import DESK, NARROW, PHONE, WITHOUT_JAVASCRIPT, Look
from tests.browser.people import APPROVER, GATEKEEPER, PROJECT_MANAGER
from tests.browser.serving import NOW, Server
from tests.browser.signing_in import link_for
from tests.browser.watching import Watch

AT_MOST = 10
"""Clicks from the link to the receipt; the sign-in is one of them."""

ANSWERED_BY_SPONSOR = "/gates/1"
MONITORED = "/gates/6"


class Clicks:
    """Counts what a person has to click; typing is no click, getting to a field is."""

    def __init__(self) -> None:
        self.done = 0

    def on(self, page: Page, name: str, role: str = "button") -> None:
        self.done += 1
        page.get_by_role(role, name=name, exact=True).click()  # pyright: ignore[reportArgumentType]

    def fill(self, page: Page, label: str, text: str) -> None:
        self.done += 1
        page.get_by_role("textbox", name=label).fill(text)


@on_both
def test_from_the_link_of_a_notification_to_a_recorded_decision(
    open_page: OpenPage, server: Server
) -> None:
    _decide_from_the_link(open_page, server, DESK)


@pytest.mark.parametrize("look", [PHONE, WITHOUT_JAVASCRIPT], ids=lambda look: look.name)
def test_so_on_a_phone_and_without_a_script(
    open_page: OpenPage, server: Server, look: Look
) -> None:
    _decide_from_the_link(open_page, server, look)


def _decide_from_the_link(open_page: OpenPage, server: Server, look: Look) -> None:
    clicks, page = Clicks(), open_page(look)
    page.goto(link_for(server, APPROVER, leads_to=ANSWERED_BY_SPONSOR))
    clicks.on(page, "Sign in as Margit Solberg")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Value is defined")
    clicks.on(page, "Decide", "link")
    clicks.on(page, "Go", "radio")
    clicks.fill(page, "Reason", "The benefits are agreed with those who will have them.")
    clicks.on(page, "Record my decision")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recorded: go")
    expect(page.get_by_role("main")).to_contain_text("The gate is decided")
    expect(page.get_by_role("main")).to_contain_text(
        re.compile(r"event \d+ in the history of LE-025")
    )
    assert clicks.done < AT_MOST


@pytest.mark.parametrize("look", [DESK, PHONE, WITHOUT_JAVASCRIPT], ids=lambda look: look.name)
def test_from_what_waits_to_a_conditional_go(signed_in_as: SignIn, look: Look) -> None:
    page = signed_in_as(GATEKEEPER, look=look)
    assert urlsplit(page.url).path == "/waiting"
    page.get_by_role("link", name="Value is being monitored: Grid connection in ten days").click()
    page.get_by_role("link", name="Decide", exact=True).click()
    page.get_by_role("radio", name="Conditional go").check()
    page.get_by_role("textbox", name="Reason").fill("We go on, and want the figures.")
    page.get_by_role("textbox", name="Why against the advice").fill("The meters are being mended.")
    first = page.get_by_role("group", name="Condition 1")
    first.get_by_label("What is owed").fill("Report the figures since June.")
    page.get_by_role("button", name="One more condition").click()
    first = page.get_by_role("group", name="Condition 1")
    expect(first.get_by_label("What is owed")).to_have_value("Report the figures since June.")
    expect(page.get_by_role("radio", name="Conditional go")).to_be_checked()
    first.get_by_label("By whom").fill("Hanne Lund")
    first.get_by_label("Due on").fill("2026-12-24")
    second = page.get_by_role("group", name="Condition 2")
    second.get_by_label("What is owed").fill("Name who reads the meters.")
    second.get_by_label("By whom").fill("Hanne Lund")
    second.get_by_label("Due on").fill("2026-12-31")
    page.get_by_role("button", name="Record my decision").click()
    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recorded: conditional go")
    expect(main).to_contain_text("Name who reads the meters.")
    page.get_by_role("link", name="What else waits for me").click()
    expect(page.get_by_role("main")).not_to_contain_text("Grid connection in ten days")


def test_what_is_refused_says_why_and_keeps_the_words(signed_in_as: SignIn, watch: Watch) -> None:
    watch.expect(422)
    page = signed_in_as(APPROVER, ANSWERED_BY_SPONSOR)
    page.get_by_role("radio", name="Kill").check()
    page.get_by_role("textbox", name="Reason").fill("Not worth its money.")
    page.get_by_role("button", name="Record my decision").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("This cannot be taken yet")
    expect(page.get_by_role("textbox", name="Reason")).to_have_value("Not worth its money.")
    expect(page.get_by_role("radio", name="Kill")).to_be_checked()
    alert.get_by_role("link", name="Why against the advice").click()
    expect(page.get_by_role("textbox", name="Why against the advice")).to_be_in_viewport()
    assert_accessible(page)
    page.get_by_role("textbox", name="Reason").fill("")
    page.get_by_role("textbox", name="Why against the advice").fill("We know better.")
    page.get_by_role("button", name="Record my decision").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why.")
    expect(page.get_by_role("textbox", name="Why against the advice")).to_have_value(
        "We know better."
    )


def test_who_submitted_sees_why_they_cannot_decide(signed_in_as: SignIn) -> None:
    page = signed_in_as(PROJECT_MANAGER, ANSWERED_BY_SPONSOR)
    main = page.get_by_role("main")
    expect(main).to_contain_text("You cannot decide here.")
    expect(main).to_contain_text("You submitted this: somebody else decides it")
    expect(page.get_by_role("button", name="Record my decision")).to_have_count(0)


def test_a_second_click_does_nothing_twice(signed_in_as: SignIn, server: Server) -> None:
    page = signed_in_as(APPROVER, ANSWERED_BY_SPONSOR)
    page.get_by_role("radio", name="Go", exact=True).check()
    page.get_by_role("textbox", name="Reason").fill("Agreed.")
    page.get_by_role("button", name="Record my decision").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recorded: go")
    page.go_back()
    expect(page.get_by_role("main")).to_contain_text("You have decided: ✓ go")
    expect(page.get_by_role("button", name="Record my decision")).to_have_count(0)
    votes = gates.get_submission(server.runtime, OPERATOR, 1, now=NOW)["votes"]
    assert len(votes) == 1


@pytest.mark.parametrize("path", ["/waiting", MONITORED, "/gates/2"])
def test_everybody_can_use_the_pages(signed_in_as: SignIn, path: str) -> None:
    page = signed_in_as(GATEKEEPER, path)
    assert_accessible(page)


@pytest.mark.parametrize("look", [PHONE, NARROW], ids=lambda look: look.name)
@pytest.mark.parametrize("path", ["/waiting", MONITORED])
def test_nothing_is_wider_than_a_phone(signed_in_as: SignIn, path: str, look: Look) -> None:
    page = signed_in_as(GATEKEEPER, path, look)
    assert _fits(page), "the page scrolls sideways"
    if path == MONITORED:
        small = page.locator(
            "main a:visible, main button:visible, main summary:visible"
        ).evaluate_all(
            """all => all.filter(each => getComputedStyle(each).display !== "inline")
                .filter(each => each.getBoundingClientRect().height < 24).map(each => each.outerHTML)"""
        )
        assert small == []


def _fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")
