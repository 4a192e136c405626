"""Notices by mail: to whom, which, when, and how somebody ends them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from govern.domain.mail_choice import MailChoice
from govern.domain.record import Record
from govern.domain.refusal import NotFound
from govern.services import news, notice_mail, notices, people
from govern.services.erasing import erase_person
from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state
from govern.store.tables import role_grant
from tests.services.house import NOW, House, add_project
from tests.services.receivers import Mailbox, mailbox, with_outlets

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL = "http://127.0.0.1:8321"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


@pytest.fixture
def mailing(house: House, box: Mailbox) -> Iterator[House]:
    sending = with_outlets(house, box)
    add_project(sending, "P1")
    news.pass_on(sending.runtime, OPERATOR, now=NOW, for_s=60)
    assert box.letters == []
    yield sending
    assert audit_state(house.runtime, OPERATOR).differences == ()


def _notice(house: House, kind: str, to: list[str], key: str, text: str = "It waits.") -> None:
    with house.runtime.store.writing() as connection:
        project: Record = {"id": "P1", "portfolio": "main"}
        ids = [house.actors[each].person_id for each in to]
        notices.send(connection, OPERATOR, kind, project, text, ids, key=key, now=NOW)


def _pass(house: House, at: Any = NOW) -> None:
    news.pass_on(house.runtime, OPERATOR, now=at, for_s=60)


def _choose(house: House, name: str, choice: MailChoice) -> None:
    notice_mail.choose(house.runtime, house.actors[name], choice, version=None, now=NOW)


def _stop(letter: Any) -> str:
    link = str(letter["List-Unsubscribe"])
    assert link.startswith(f"<{URL}/mail/stop/")
    return link.removeprefix(f"<{URL}/mail/stop/").removesuffix(">")


def test_a_gate_that_waits_is_told_at_once_in_plain_text(mailing: House, box: Mailbox) -> None:
    text = "Gate Planned of P1 is to be decided by 2026-12-01. Missing: sponsor."
    _notice(mailing, notices.REMINDED, ["sam", "gus"], "k1", text)
    _notice(mailing, notices.EFFECT_MEASURED, ["sam"], "k2")
    _pass(mailing)
    assert sorted(box.to) == [["gus@example.org"], ["sam@example.org"]]
    letter = box.letters[0]
    assert letter.get_content_type() == "text/plain"
    said = letter.get_content()
    assert text in said
    assert f"{URL}/projects/P1" in said
    assert letter["Subject"] == "govern: gate reminded, Project P1"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"] == "Tue, 24 Nov 2026 10:00:00 +0000"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"No more of these: {URL}/mail/stop/{_stop(letter)}" in said
    _pass(mailing)
    assert len(box.letters) == 2


def test_everybody_chooses(mailing: House, box: Mailbox) -> None:
    _choose(mailing, "sam", MailChoice.ALL)
    _choose(mailing, "fay", MailChoice.NONE)
    _choose(mailing, "pia", MailChoice.DAILY)
    to = ["sam", "fay", "pia", "gus"]
    _notice(mailing, notices.REMINDED, to, "k1", "A gate waits.")
    _notice(mailing, notices.EFFECT_MEASURED, to, "k2", "An effect was measured.")
    _pass(mailing)
    assert sorted(each[0] for each in box.to) == [
        "gus@example.org",
        "sam@example.org",
        "sam@example.org",
    ]
    _pass(mailing, NOW + 19 * HOUR)
    assert len(box.letters) == 3
    _pass(mailing, NOW + 20 * HOUR)
    assert box.to[-1] == ["pia@example.org"]
    letter = box.letters[-1]
    assert letter["Subject"] == "govern: 2 notices, 2026-11-25"
    said = letter.get_content()
    assert "A gate waits." in said
    assert "An effect was measured." in said
    _pass(mailing, NOW + 3 * DAY)
    assert len(box.letters) == 4


def test_a_letter_that_was_not_taken_comes_again_under_its_name(
    mailing: House, box: Mailbox
) -> None:
    box.refuses.add("sam@example.org")
    _notice(mailing, notices.REMINDED, ["sam"], "k1")
    _pass(mailing)
    box.refuses.clear()
    _pass(mailing)
    assert box.letters == []
    _pass(mailing, NOW + HOUR / 60)
    [letter] = box.letters
    assert str(letter["Message-ID"]).endswith("@example.org>")
    # Of a letter with another notice the name is another one.
    _notice(mailing, notices.REMINDED, ["sam"], "k2")
    _pass(mailing, NOW + HOUR)
    assert box.letters[1]["Message-ID"] != letter["Message-ID"]


def test_one_click_ends_them(mailing: House, box: Mailbox) -> None:
    _notice(mailing, notices.REMINDED, ["sam"], "k1")
    _pass(mailing)
    _notice(mailing, notices.REMINDED, ["sam"], "k2")
    notice_mail.stop(mailing.runtime, _stop(box.letters[0]), now=NOW)
    _pass(mailing)
    assert len(box.letters) == 1
    chosen = notice_mail.get_choice(mailing.runtime, mailing.sam)
    assert chosen == {"choice": MailChoice.NONE, "version": 1}
    notice_mail.stop(mailing.runtime, _stop(box.letters[0]), now=NOW)
    with pytest.raises(NotFound):
        notice_mail.stop(mailing.runtime, "x", now=NOW)


def test_who_may_see_it_no_more_gets_no_letter(mailing: House, box: Mailbox) -> None:
    box.refuses |= {"sam@example.org", "gus@example.org"}
    _notice(mailing, notices.REMINDED, ["sam", "gus"], "k1")
    _pass(mailing)
    box.refuses.clear()
    of_sam = role_grant.c.person_id == mailing.sam.person_id
    with mailing.runtime.store.writing() as connection:
        connection.execute(update(role_grant).where(of_sam).values(until=NOW))
    erase_person(mailing.runtime, OPERATOR, "gus@example.org", reason="Asked.", now=NOW)
    _pass(mailing, NOW + HOUR)
    assert box.letters == []
    with mailing.runtime.store.writing() as connection:  # so that the state is as its events
        connection.execute(update(role_grant).where(of_sam).values(until=None))


def test_no_line_break_gets_into_a_header(mailing: House, box: Mailbox) -> None:
    add_project(mailing, "P2", name="Shop\tand more")
    with mailing.runtime.store.writing() as connection:
        notices.send(
            connection,
            OPERATOR,
            notices.REMINDED,
            {"id": "P2", "portfolio": "main"},
            "One\r\nBcc: all@example.org\r\n\r\nTwo",
            [mailing.sam.person_id],
            key="k",
            now=NOW,
        )
    _pass(mailing)
    [letter] = box.letters
    assert letter["Subject"] == "govern: gate reminded, Shop and more"
    assert letter["Bcc"] is None
    assert box.to == [["sam@example.org"]]


@pytest.mark.parametrize(
    ("notice", "page"),
    [
        ({"kind": "gate.reminded", "key": "x", "submission": 7, "project": "P1"}, "/gates/7"),
        (
            {
                "kind": "recommendation.due",
                "key": "recommendation-due:12:2026-11-24",
                "submission": None,
                "project": "P1",
            },
            "/recommendations/12",
        ),
        (
            {
                "kind": "rule.poor_record",
                "key": "rule-record:behind-plan:2026-12-31",
                "submission": None,
                "project": None,
            },
            "/rules/behind-plan",
        ),
        ({"kind": "reading.due", "key": "x", "submission": None, "project": "P1"}, "/readings"),
        (
            {"kind": "review.due", "key": "x", "submission": None, "project": "A/B c"},
            "/projects/A%2FB%20c",
        ),
        (
            {"kind": "webhook.disabled", "key": "x", "submission": None, "project": None},
            "/waiting",
        ),
    ],
)
def test_each_leads_to_what_it_is_about(notice: dict[str, Any], page: str) -> None:
    assert notice_mail.page_of(notice) == page


def test_the_operator_gets_no_letters(mailing: House, box: Mailbox) -> None:
    people.add_person(mailing.runtime, OPERATOR, email="x@example.org", name="X", now=NOW)
    with mailing.runtime.store.writing() as connection:
        notices.send(
            connection,
            OPERATOR,
            notices.REMINDED,
            None,
            "It waits.",
            [OPERATOR.person_id],
            key="k",
            now=NOW,
        )
    _pass(mailing)
    assert box.letters == []
