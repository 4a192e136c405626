"""A person at the pages, without a browser: signs in by a link, reads pages, sends forms."""

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from govern.services import sign_in_links
from govern.services.people import OPERATOR
from govern.store import people as stored
from govern.web.app import create_app
from govern.web.pages import cookie
from tests.services.house import NOW, House

BASE = "https://localhost"


class Browsing:
    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path, base_url=BASE, headers={"Accept": "text/html"})
        assert answer.status_code == status, answer.text
        return answer.text

    def file(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=BASE)

    def send(self, path: str, **fields: Any) -> TestResponse:
        kept = self.client.get_cookie(cookie.NAME, domain="localhost")
        assert kept is not None
        fields[cookie.FIELD] = cookie.form_token(kept.value)
        return self.client.post(path, base_url=BASE, data=fields)

    def follow(self, answer: TestResponse) -> str:
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["Location"])


def browse_as(house: House, person_id: str, clock: Any = None) -> Browsing:
    """Somebody of the house, signed in."""
    with house.runtime.store.reading() as connection:
        found = stored.find(connection, person_id)
    assert found is not None
    client = create_app(house.runtime, clock or (lambda: NOW)).test_client()
    link = sign_in_links.issue(house.runtime, OPERATOR, email=found["email"], now=NOW)
    assert client.post(f"/sign-in/{link.secret}", base_url=BASE).status_code == 303
    return Browsing(client)


def words(page: str) -> str:
    """What stands in the content of a page, as a reader has it."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))
