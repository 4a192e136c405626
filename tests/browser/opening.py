"""A browser, and the ways in which people look at pages."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.find import Chromium
from tests.browser.serving import Server
from tests.browser.watching import Watch

WITHIN_MS = 120_000
"""How long an element or a page may take: the tests share their cores."""

NO_OTHER_HOST = ("--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1")
"""What asks another host gets nowhere, besides being told."""


@dataclass(frozen=True, slots=True)
class Look:
    """`options` are those of a browser context."""

    name: str
    options: dict[str, Any] = field(default_factory=dict[str, Any])


_DESK = {"viewport": {"width": 1280, "height": 900}}
DESK = Look("desk", _DESK)
DARK = Look("dark", {**_DESK, "color_scheme": "dark"})
PHONE = Look(
    "phone",
    {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
)
NARROW = Look("narrow", {"viewport": {"width": 320, "height": 640}})
"""What WCAG 1.4.10 asks for: a window of 1280 pixels, enlarged four times."""
WITHOUT_JAVASCRIPT = Look("without-javascript", {**_DESK, "java_script_enabled": False})


@contextmanager
def opened(chromium: Chromium) -> Generator[Browser]:
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = chromium.node
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium.program,
            chromium_sandbox=chromium.sandbox,
            args=list(NO_OTHER_HOST),
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def looking(
    browser: Browser, server: Server, watch: Watch, look: Look = DESK
) -> Generator[BrowserContext]:
    """A window of somebody who has not been here before: no cookies, nothing kept."""
    context = browser.new_context(
        base_url=server.address, locale="en-GB", timezone_id="UTC", **look.options
    )
    context.set_default_timeout(WITHIN_MS)
    watch.over(context)
    try:
        yield context
    finally:
        context.close()
