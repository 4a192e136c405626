"""What the fixtures give, by name, and the mark of a test that runs on both databases."""

from typing import Protocol

import pytest
from playwright.sync_api import Page

from tests.browser.opening import DESK, Look
from tests.databases import KINDS

on_both = pytest.mark.parametrize("kind", KINDS, indirect=True)


class OpenPage(Protocol):
    def __call__(self, look: Look = DESK) -> Page: ...


class SignIn(Protocol):
    def __call__(self, email: str, leads_to: str = "/", look: Look = DESK) -> Page: ...
