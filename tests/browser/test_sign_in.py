"""Signing in, confirming who one is, and what somebody sees of their own access, in a browser."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from govern.intake.group_roles import load_text
from govern.services import sign_in_links
from govern.services.issuer import BACK, Setup
from govern.services.issuer import Issuer as OurIssuer
from govern.services.people import OPERATOR
from govern.web.site import EXTENSION
from tests.browser.accessible import assert_accessible
from tests.browser.kinds import OpenPage, SignIn, on_both
from tests.browser.opening import PHONE
from tests.browser.people import ADMIN, APPROVER, FINANCE
from tests.browser.serving import Server
from tests.browser.signing_in import link_for
from tests.browser.watching import Watch
from tests.issuer import CLIENT, SECRET, Issuer, Person, running

ROLES = """\
schema: govern/roles/v1
roles:
  - {group: sponsors, role: sponsor, portfolio: main}
"""


@pytest.fixture
def issuer(server: Server, watch: Watch) -> Iterator[Issuer]:
    with running(server.clock) as made:
        made.asks = True
        roles = load_text("roles.yaml", ROLES).roles
        assert roles is not None
        setup = Setup(made.address, CLIENT, server.address + BACK, SECRET, roles=roles)
        site = server.app.extensions[EXTENSION]
        runtime = replace(site.runtime, issuer=OurIssuer(setup))
        server.app.extensions[EXTENSION] = replace(site, runtime=runtime)
        watch.let_ask(made.address)
        yield made


def _at(page: Page, path: str) -> None:
    page.wait_for_url(lambda url: urlsplit(url).path == path)


@on_both
def test_a_link_signs_in_and_signing_out_ends_it(page: Page, server: Server, watch: Watch) -> None:
    page.goto("/projects")
    _at(page, "/sign-in")
    assert_accessible(page)
    expect(page.get_by_role("main")).to_contain_text("govern signin")
    link = link_for(server, APPROVER, "/projects")
    page.goto(link)
    assert_accessible(page)
    page.get_by_role("button", name="Sign in as Margit Solberg").click()
    _at(page, "/projects")
    watch.expect(401)
    page.goto(link)
    expect(page.get_by_role("main")).to_contain_text("was used already")
    page.goto("/projects")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signed out")
    page.goto("/projects")
    _at(page, "/sign-in")


def test_another_persons_link_is_not_used_up(
    signed_in_as: SignIn, server: Server, open_page: OpenPage
) -> None:
    page = signed_in_as(APPROVER, "/me")
    theirs = link_for(server, FINANCE)
    page.goto(theirs)
    expect(page.get_by_role("main")).to_contain_text("You are signed in as Margit Solberg")
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    assert_accessible(page)
    other = open_page()
    other.goto(theirs)
    other.get_by_role("main").get_by_role("button").click()
    other.wait_for_url(lambda url: not urlsplit(url).path.startswith("/sign"))


@on_both
def test_signing_in_at_the_organisations_issuer_and_confirming_there(
    page: Page, server: Server, issuer: Issuer
) -> None:
    issuer.person = Person("u-1", "Ada Holm", "ada.holm@lindmark.example")
    page.goto("/projects")
    _at(page, "/sign-in")
    assert_accessible(page)
    page.get_by_role("link", name="Sign in with your organisation's sign-in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The organisation")
    page.get_by_role("link", name="Sign in as Ada Holm").click()
    _at(page, "/projects")
    page.goto("/me")
    expect(page.get_by_role("table").first).to_contain_text("group sponsors")
    expect(page.get_by_role("main")).to_contain_text("the organisation's sign-in")
    server.clock.now += timedelta(hours=1)
    page.goto("/sign-in?again=1&next=/projects")
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    assert_accessible(page)
    page.get_by_role("link", name="Confirm with your organisation's sign-in").click()
    page.get_by_role("link", name="Sign in as Ada Holm").click()
    _at(page, "/projects")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign out there too")).to_have_attribute(
        "href", f"{issuer.address}/end?client_id={CLIENT}"
    )


def test_who_has_no_role_is_told_so(page: Page, issuer: Issuer, watch: Watch) -> None:
    watch.expect(403)
    issuer.person.groups = ()
    page.goto("/sign-in/oidc")
    page.get_by_role("link", name="Sign in as Ada Holm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have no access here")
    assert_accessible(page)


def test_somebody_makes_themselves_a_token_on_a_phone_and_revokes_it(signed_in_as: SignIn) -> None:
    page = signed_in_as(APPROVER, "/me", PHONE)
    assert_accessible(page)
    page.get_by_label("What it is for").fill("Board dashboard")
    page.get_by_label("Days it is good for").fill("30")
    page.get_by_role("button", name="Make the token").click()
    token = page.locator("#token").inner_text()
    assert token.startswith("gov_")
    assert_accessible(page)
    page.get_by_role("link", name="Back to your page").click()
    assert token not in page.content()
    row = page.get_by_role("row", name="Board dashboard")
    expect(row).to_contain_text("never")
    page.get_by_role("button", name="Revoke Board dashboard").click()
    expect(page.get_by_role("status")).to_contain_text("signs nobody in")
    expect(page.get_by_role("row", name="Board dashboard")).to_have_count(0)


def test_an_admin_gives_access_and_takes_it_away(
    signed_in_as: SignIn, server: Server, open_page: OpenPage, watch: Watch
) -> None:
    watch.expect(404)
    page = signed_in_as(ADMIN, "/access")
    assert_accessible(page)
    page.get_by_label("Name", exact=True).fill("Ada Holm")
    page.get_by_label("E-mail address").fill("ada.holm@lindmark.example")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Holm")
    page.get_by_label("Role", exact=True).select_option("sponsor")
    page.get_by_label("On the portfolio").fill("nowhere")
    page.get_by_role("button", name="Grant").click()
    expect(page.get_by_role("alert")).to_contain_text("no portfolio 'nowhere'")
    assert_accessible(page)
    page.get_by_label("On the portfolio").fill("main")
    page.get_by_label("Until").fill("2027-06-30")
    page.get_by_role("button", name="Grant").click()
    expect(page.get_by_role("status")).to_contain_text("granted")
    expect(page.get_by_role("table").first).to_contain_text("portfolio main")
    assert_accessible(page)
    page.get_by_role("button", name="Make a link").click()
    address = page.locator("#link").inner_text()
    theirs = open_page()
    theirs.goto(urlsplit(address).path)
    theirs.get_by_role("button", name="Sign in as Ada Holm").click()
    theirs.wait_for_url(lambda url: not urlsplit(url).path.startswith("/sign"))
    page.get_by_role("link", name="Ada Holm").first.click()
    page.get_by_role("button", name="Sign Ada Holm out everywhere").click()
    expect(page.get_by_role("status")).to_contain_text("Signed out everywhere")
    theirs.goto("/projects")
    _at(theirs, "/sign-in")
    page.get_by_role("button", name="Take away").click()
    expect(page.get_by_role("status")).to_contain_text("taken away")


def test_who_manages_no_access_sees_none(signed_in_as: SignIn, watch: Watch) -> None:
    page = signed_in_as(APPROVER, "/me")
    watch.expect(403)
    page.goto("/access")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your roles do not allow this")


def test_a_link_made_again_confirms(signed_in_as: SignIn, server: Server) -> None:
    page = signed_in_as(APPROVER, "/me")
    made = sign_in_links.issue(
        server.runtime, OPERATOR, email=APPROVER, leads_to="/projects", now=server.clock()
    )
    page.goto(f"/sign-in/{made.secret}")
    page.get_by_role("button", name="Confirm that I am Margit Solberg").click()
    _at(page, "/projects")
