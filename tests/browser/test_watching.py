"""The tests in a browser see what is wrong with a page: a watch that sees nothing would pass everything."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.accessible import assert_accessible, violations
from tests.browser.kinds import OpenPage, SignIn, on_both
from tests.browser.opening import looking
from tests.browser.serving import Server
from tests.browser.watching import Watch

BAD = """<!doctype html><html><title>Bad</title>
<p style="color: #aaa; background: #fff">Pale</p><img src="data:,"><input name="x">"""
PALE_IN_THE_DARK = """<!doctype html><html lang="en">
<title>Bad</title><meta name="color-scheme" content="light dark">
<style>@media (prefers-color-scheme: dark) { p { color: #444; background: #222 } }</style>
<main><h1>Title</h1><p>Text</p></main>"""


@on_both
def test_what_is_there_is_quiet_and_accessible(page: Page, server: Server) -> None:
    answer = page.goto("/sign-in")
    assert answer is not None
    assert answer.status == 200
    assert page.get_by_role("heading", name="Sign in").is_visible()
    assert_accessible(page)


def test_the_checker_finds_what_is_bad(page: Page) -> None:
    page.set_content(BAD)
    found = {each.rule for each in violations(page)}
    assert {"color-contrast", "html-has-lang", "image-alt", "label"} <= found
    with pytest.raises(AssertionError, match=r"(?s)image-alt \(critical\).*<img"):
        assert_accessible(page)


def test_the_checker_looks_in_the_dark_too(page: Page) -> None:
    page.set_content(PALE_IN_THE_DARK)
    assert violations(page) == []
    with pytest.raises(AssertionError, match=r"in dark: color-contrast"):
        assert_accessible(page)
    assert page.evaluate("matchMedia('(prefers-color-scheme: light)').matches")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("console.error('no')", "console: no"),
        ("setTimeout(() => { throw new Error('broke') })", "script: broke"),
        ("location = 'http://192.0.2.1/x'", "asked another host: http://192.0.2.1/x"),
        ("location = 'http://govern.example/'", "asked another host: http://govern.example/"),
        ("fetch('/nowhere')", "status of 404"),
        (
            "const it = document.createElement('script'); it.text = 'let x'; document.body.append(it)",
            "Content Security",
        ),
    ],
)
def test_the_watch_tells_what_a_page_does(
    browser: Browser, server: Server, script: str, told: str
) -> None:
    watch = Watch(server.address)
    with looking(browser, server, watch) as context:
        page = context.new_page()
        page.goto("/docs")
        watch.assert_quiet()
        page.evaluate(f"() => {{ {script} }}")
        page.wait_for_timeout(200)
    with pytest.raises(AssertionError, match=told):
        watch.assert_quiet()


def test_a_refusal_that_is_meant_is_no_complaint(page: Page, watch: Watch) -> None:
    watch.expect(404)
    answer = page.goto("/nowhere")
    assert answer is not None
    assert answer.status == 404


def test_somebody_signs_in_by_a_link(signed_in_as: SignIn) -> None:
    page = signed_in_as("margit.solberg@lindmark.example", leads_to="/readings")
    assert urlsplit(page.url).path == "/readings"


def test_the_ways_to_look_are_what_they_say(
    open_page: OpenPage, phone: Page, dark: Page, without_javascript: Page
) -> None:
    phone.goto("/sign-in")
    assert phone.evaluate("innerWidth") == 390
    assert phone.evaluate("navigator.maxTouchPoints") > 0
    dark.goto("/sign-in")
    assert dark.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    without_javascript.goto("/docs")
    # Playwright finds no text within <noscript>.
    assert "The description of the API is at" in without_javascript.locator("body").inner_text()
    plain = open_page()
    plain.goto("/sign-in")
    assert plain.viewport_size == {"width": 1280, "height": 900}
