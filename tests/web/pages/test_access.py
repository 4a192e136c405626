"""Who has access: admins change it, auditors of the installation see it, and nobody else does."""

import pytest

from govern.domain.role import Role
from govern.services.people import OPERATOR, grant_role
from tests.services.house import NOW, House
from tests.web.caller import Callers
from tests.web.pages.browsing import Browsing, browse_as, words


def _with(house: House, role: Role) -> Browsing:
    """The auditor of the portfolio, with a role on the installation, too."""
    grant_role(house.runtime, OPERATOR, email="aud@example.org", role=role, now=NOW)
    return browse_as(house, house.aud.person_id)


def _forms(page: str) -> int:
    return page.partition("<main")[2].count("<form")


def test_an_auditor_sees_who_has_access_and_is_offered_nothing_to_change(
    house: House, people: Callers
) -> None:
    auditor = _with(house, Role.AUDITOR)
    page = auditor.get("/access")
    for told in ("sam@example.org", "sponsor on portfolio main", "a link", "Tokens of programs"):
        assert told in words(page)
    assert _forms(page) == 0
    person = auditor.get(f"/access/people/{house.sam.person_id}")
    assert "sponsor" in words(person)
    assert "all that its person may" in words(person)
    assert _forms(person) == 0
    assert 'href="/access"' in person
    for token in people.tokens.values():
        assert token not in page + person


@pytest.mark.parametrize("does", ["roles", "roles/1/revoke", "tokens/1/revoke", "sign-out", "link"])
def test_an_auditor_changes_no_access(house: House, people: Callers, does: str) -> None:
    auditor = _with(house, Role.AUDITOR)
    before = auditor.get(f"/access/people/{house.sam.person_id}")
    sent = auditor.send(f"/access/people/{house.sam.person_id}/{does}", role="sponsor")
    assert sent.status_code in {403, 404}
    assert auditor.get(f"/access/people/{house.sam.person_id}") == before
    assert auditor.send("/access/people", name="New", email="n@example.org").status_code == 403


def test_an_admin_is_offered_what_changes_access(house: House) -> None:
    admin = _with(house, Role.ADMIN)
    assert _forms(admin.get("/access")) == 1
    assert _forms(admin.get(f"/access/people/{house.sam.person_id}")) >= 3


def test_who_is_auditor_of_a_portfolio_alone_does_not_see_it(house: House) -> None:
    auditor = browse_as(house, house.aud.person_id)
    assert 'href="/access"' not in auditor.get("/history")
    assert "on the whole installation" in auditor.get("/access", status=403)
