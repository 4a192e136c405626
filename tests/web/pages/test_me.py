"""One's own page: which notices come by mail, and the address of one's calendar."""

import re

import pytest

from govern.services import notice_mail
from tests.services import house as made
from tests.services.house import House
from tests.services.test_gates import to_stage
from tests.web.pages.browsing import Browsing, browse_as, words


@pytest.fixture
def sam(house: House) -> Browsing:
    return browse_as(house, house.sam.person_id)


def _chosen(page: str) -> list[str]:
    found = re.findall(r'<input type="radio"[^>]*name="choice" value="(\w+)"( checked)?', page)
    assert [value for value, _ in found] == ["gates", "all", "daily", "none"]
    return [value for value, checked in found if checked]


def test_who_has_chosen_nothing_gets_what_waits_at_gates(sam: Browsing) -> None:
    page = sam.get("/me")
    assert _chosen(page) == ["gates"]
    assert "No mail server is set here" in words(page)


@pytest.mark.parametrize("choice", ["all", "daily", "none"])
def test_a_choice_of_mail_is_kept_and_is_that_of_the_api(
    house: House, sam: Browsing, choice: str
) -> None:
    page = sam.follow(sam.send("/me/mail", choice=choice))
    assert _chosen(page) == [choice]
    assert "Chosen" in words(page)
    assert notice_mail.get_choice(house.runtime, house.sam)["choice"] == choice
    # Nobody else chose anything.
    assert notice_mail.get_choice(house.runtime, house.fay) == {"choice": "gates", "version": 0}


@pytest.mark.parametrize("sent", [{}, {"choice": ""}, {"choice": "weekly"}])
def test_what_is_no_choice_is_refused_at_its_field(
    house: House, sam: Browsing, sent: dict[str, str]
) -> None:
    answer = sam.send("/me/mail", **sent)
    assert answer.status_code == 422
    assert 'href="#field-choice"' in answer.text
    assert notice_mail.get_choice(house.runtime, house.sam)["version"] == 0


def _calendar(sam: Browsing, page: str) -> str:
    found = re.search(r'id="address">http://127\.0\.0\.1:8321(/calendar/gov_[^<]+\.ics)<', page)
    assert found is not None
    return found[1]


def test_the_address_of_a_calendar_is_shown_once_and_can_be_taken_back(
    house: House, sam: Browsing
) -> None:
    made.add_project(house)
    to_stage(house, "P1", "monitoring")
    assert "Revoke the address" not in sam.get("/me")
    path = _calendar(sam, sam.send("/me/calendar").text)
    assert sam.file(path).text.startswith("BEGIN:VCALENDAR")
    page = sam.get("/me")
    assert "Your address was made on" in words(page)
    assert path not in page
    # Another one takes its place.
    second = _calendar(sam, sam.send("/me/calendar").text)
    assert sam.file(path).status_code == 404
    assert sam.file(second).status_code == 200
    page = sam.follow(sam.send("/me/calendar/revoke"))
    assert "The address is revoked" in words(page)
    assert "Revoke the address" not in page
    assert sam.file(second).status_code == 404


@pytest.mark.parametrize("path", ["/me/mail", "/me/calendar", "/me/calendar/revoke"])
def test_a_form_without_its_token_does_nothing(sam: Browsing, path: str) -> None:
    answer = sam.client.post(path, base_url="https://localhost", data={"choice": "none"})
    assert answer.status_code == 403
    assert _chosen(sam.get("/me")) == ["gates"]
