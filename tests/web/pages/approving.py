"""People who look at pages and fill their forms in, as a browser would."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from govern.services import kpis, sign_in_links
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.web.pages import cookie
from tests.services.house import NOW, House

BASE = "https://localhost"


@dataclass
class Browsing:
    """One signed-in person at one browser."""

    client: FlaskClient

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path, base_url=BASE, headers={"Accept": "text/html"})
        assert answer.status_code == status, answer.text
        return answer.text

    def form(self, page: str, action: str) -> dict[str, str]:
        """What the form of a page that is sent to `action` holds before anybody fills it in."""
        pattern = rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>'
        found = re.search(pattern, page, re.DOTALL)
        assert found is not None, f"no form to {action} in {page}"
        given: dict[str, str] = {}
        for tag in re.findall(r"<input[^>]*>", found[1]):
            kept: dict[str, str] = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            if kept.get("type") not in ("radio", "file") or " checked" in tag:
                given[kept["name"]] = unescape(kept.get("value", ""))
        texts = r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>'
        for name, text in re.findall(texts, found[1], re.DOTALL):
            given[name] = unescape(text)
        choices = r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>'
        for name, inner in re.findall(choices, found[1], re.DOTALL):
            chosen = re.search(r'<option value="([^"]*)" selected', inner) or re.search(
                r'<option value="([^"]*)"', inner
            )
            given[name] = unescape(chosen[1]) if chosen else ""
        return given

    def send(self, action: str, data: dict[str, Any]) -> TestResponse:
        return self.client.post(action, base_url=BASE, data=data, headers={"Accept": "text/html"})

    def fill(self, page: str, action: str, **given: Any) -> TestResponse:
        """Fills the form of a page in and sends it."""
        return self.send(action, self.form(page, action) | given)

    @property
    def token(self) -> str:
        kept = self.client.get_cookie(cookie.NAME, domain="localhost")
        assert kept is not None
        return cookie.form_token(kept.value)


def sign_in(app: Flask, runtime: Runtime, email: str, now: datetime = NOW) -> Browsing:
    link = sign_in_links.issue(runtime, OPERATOR, email=email, now=now)
    client = app.test_client()
    answer = client.post(f"/sign-in/{link.secret}", base_url=BASE)
    assert answer.status_code == 303
    return Browsing(client)


Open = Callable[[str], Browsing]


def in_money(house: House, kpi: str) -> None:
    """Makes a KPI of the house one of euros."""
    found = kpis.get_kpi(house.runtime, house.pia, kpi)
    fields = {"currency": "EUR", "scale": Decimal(1)}
    kpis.change_kpi(house.runtime, house.pia, kpi, fields, version=found["version"], now=NOW)


def text_of(page: str) -> str:
    """The words of a page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
