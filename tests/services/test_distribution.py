"""Reports that are sent: made on their day, once, with the rights of whoever has them sent."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import jsonschema_rs
import pytest
from sqlalchemy import select, update

from govern.domain.actor import Actor, Grant
from govern.domain.distribution import Channel, Every
from govern.domain.period import Cadence, ends_between
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotAllowed, NotFound, StaleVersion
from govern.domain.role import Role
from govern.services import deliveries, history, notices, people, report_schedules
from govern.services.courses import chosen_projects
from govern.services.erasing import erase_person
from govern.services.people import OPERATOR
from govern.services.report_kinds import KINDS
from govern.services.reports import About, Asking, ReportKind, section
from govern.services.state_audit import audit_state
from govern.services.ticking import TickResult, tick
from govern.store import people as stored_people
from govern.store.paging import PageRequest
from govern.store.tables import delivery
from tests.services.house import NOW, ROOT, House, add_project, report
from tests.services.receivers import Hook, Mailbox, hook, mailbox, with_outlets
from tests.services.test_gates import to_stage
from tests.services.timed import at

TODAY = NOW.date()
VALUE = "portfolio-value"
KIND = "note"
"""A report that is quickly made; one test sends a real one."""

MINUTE = timedelta(minutes=1)


def _note(asking: Asking) -> Record:
    with asking.runtime.store.reading() as connection:
        found = chosen_projects(connection, asking.actor, portfolio=asking.named, project=None)
    content = {"projects": [each["id"] for each in found]}
    return {"name": asking.named, "sections": [section("projects", "Projects", content)]}


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, KIND, ReportKind(KIND, "A note", About.PORTFOLIO, _note))


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


@pytest.fixture
def there() -> Iterator[Hook]:
    with hook() as made:
        yield made


@pytest.fixture
def sending(house: House, box: Mailbox, there: Hook) -> House:
    """A project, and both ways out."""
    add_project(house)
    return with_outlets(house, box, there)


@pytest.fixture
def owing(sending: House) -> House:
    """The project's figures of October and November are missing."""
    to_stage(sending, "P1", "monitoring")
    ends = ends_between(Cadence.MONTHLY, date(2026, 1, 31), date(2026, 9, 30))
    report(sending, "P1-K1", {each.isoformat(): 900 for each in ends})
    return sending


def _add(house: House, who: str = "sam", **given: Any) -> Record:
    asked: dict[str, Any] = {
        "report": KIND,
        "portfolio": "main",
        "every": Every.WEEKLY,
        "channel": Channel.EMAIL,
        "address": "sam@example.org",
        **given,
    }
    actor = OPERATOR if who == "operator" else house.actors[who]
    return report_schedules.add(house.runtime, actor, now=NOW, **asked)


def _hooked(house: House, there: Hook, **given: Any) -> Record:
    return _add(house, channel=Channel.WEBHOOK, address=there.url, **given)


def _tick(house: House, moment: Any = NOW) -> TickResult:
    return tick(house.runtime, OPERATOR, now=moment)


def _reports(result: TickResult) -> list[str]:
    return [each.kind for each in result.done if each.kind.startswith("report.")]


def _deliveries(house: House) -> list[Record]:
    found = deliveries.list_deliveries(house.runtime, OPERATOR, PageRequest(sort="id"))
    return found.items


def _kept(house: House) -> list[str | None]:
    with house.runtime.store.reading() as connection:
        return list(connection.scalars(select(delivery.c.text).order_by(delivery.c.id)))


def _auditor(house: House) -> Actor:
    return Actor(house.aud.person_id, house.aud.name, (Grant(Role.AUDITOR),))


def _events(house: House, kind: str) -> list[Record]:
    found = history.service_history(house.runtime, _auditor(house), limit=500).items
    return [each["data"] for each in found if each["kind"] == kind]


def _history(house: House) -> list[str]:
    found = history.service_history(house.runtime, _auditor(house), limit=500).items
    return [each["told"] for each in found if each["kind"].startswith("report")]


def _notices(house: House, who: str) -> list[str]:
    found = notices.list_notices(
        house.runtime, house.actors[who], PageRequest(), kind=notices.REPORT_NOT_SENT
    )
    return [each["text"] for each in found.items]


def _audited(house: House) -> None:
    assert audit_state(house.runtime, OPERATOR).differences == ()


def test_a_letter_says_what_is_due_and_holds_the_report(owing: House, box: Mailbox) -> None:
    added = _add(owing, report=VALUE, address="sam@example.org,  fay@example.org")
    assert (added["address"], added["next_on"]) == ("sam@example.org, fay@example.org", TODAY)

    assert _reports(_tick(owing)) == ["report.due", "report.sent"]

    (letter,) = box.letters
    assert box.to == [["sam@example.org", "fay@example.org"]]
    assert letter["From"] == "govern@example.org"
    assert letter["To"] == "sam@example.org, fay@example.org"
    assert letter["Subject"] == "Portfolio value report: Main, 2026-11-24"
    assert letter["Auto-Submitted"] == "auto-generated"
    text, page = letter.iter_parts()
    told = text.get_content().splitlines()
    assert told[0] == "Portfolio value report: Main"
    assert "Due by 2026-12-08: 2 readings (1 overdue)." in told
    assert "- 2026-11-02 OVERDUE: reading, P1: Revenue, period to 2026-10-31" in told
    assert told[-1] == "The next report comes on 2026-12-01."
    assert page.get_content_type() == "text/html"
    assert page.get_filename() == "portfolio-value-2026-11-24.html"
    assert page.get_content().startswith("<!DOCTYPE html>")

    (sent,) = _deliveries(owing)
    assert (sent["state"], sent["tries"], sent["sent_at"], sent["failure"]) == (
        "sent",
        1,
        NOW,
        None,
    )
    assert _kept(owing) == [None]
    (told_so,) = _events(owing, "report.sent")
    assert told_so == {
        "schedule": added["id"],
        "report": VALUE,
        "delivery": sent["id"],
        "due_on": "2026-11-24",
        "tries": 1,
        "channel": "email",
        "refused": 0,
    }
    _audited(owing)


def test_it_is_sent_once_and_again_when_its_next_day_comes(sending: House, box: Mailbox) -> None:
    _add(sending)
    _tick(sending)
    assert _reports(_tick(sending, at("2026-11-30"))) == []
    assert len(box.letters) == 1
    _tick(sending, at("2026-12-01"))
    assert len(box.letters) == 2
    first, second = (each["Message-ID"] for each in box.letters)
    assert first != second
    _audited(sending)


def test_after_a_standstill_one_report_is_sent_for_the_last_day(
    sending: House, box: Mailbox
) -> None:
    added = _add(sending, first_on=date(2026, 11, 25))
    assert _reports(_tick(sending)) == []
    _tick(sending, at("2026-12-31"))
    assert [each["Subject"][-10:] for each in box.letters] == ["2026-12-30"]
    found = report_schedules.get_schedule(sending.runtime, OPERATOR, added["id"])
    assert found["next_on"] == date(2027, 1, 6)
    _audited(sending)


def test_the_receiver_of_a_webhook_gets_signed_data(owing: House, there: Hook) -> None:
    made = _hooked(owing, there, currency="EUR")
    _tick(owing)
    envelope = there.event()
    assert envelope["type"] == "org.govern.report.made"
    assert envelope["subject"] == "main"
    assert envelope["id"] == there.headers[0]["webhook-id"]
    told = envelope["data"]
    schema = json.loads((ROOT / "schemas" / "events" / "report.made.json").read_text())
    jsonschema_rs.validator_for(schema).validate(told)
    assert told.keys() == {
        *("report", "title", "about", "at", "delivery", "due_next", "next_on", "data", "html"),
    }
    assert (told["report"], told["at"], told["next_on"]) == (KIND, "2026-11-24", "2026-12-01")
    assert told["about"] == {"type": "portfolio", "id": "main", "name": "main"}
    assert told["data"]["currency"] == "EUR"
    assert told["html"].startswith("<!DOCTYPE html>")
    assert [each["what"] for each in told["due_next"]["items"]] == ["reading", "reading"]
    assert 0 <= there.signed(made["secret"]) - NOW.timestamp() < 60
    assert there.headers[0]["Content-Type"] == "application/cloudevents+json"


def test_a_receiver_that_fails_is_tried_again_later_and_later(sending: House, there: Hook) -> None:
    _hooked(sending, there)
    there.answers = [500, 302, 503, 204]
    moments = [NOW + timedelta(minutes=each) for each in (0, 4, 5, 14, 15, 34, 35, 36)]
    told = [_reports(_tick(sending, each)) for each in moments]
    assert told == [["report.due"], [], [], [], [], [], ["report.sent"], []]
    assert len(there.bodies) == 4
    assert len(set(there.bodies)) == 1
    assert len({each["webhook-id"] for each in there.headers}) == 1
    assert there.elsewhere == 0
    (sent,) = _deliveries(sending)
    assert (sent["state"], sent["tries"]) == ("sent", 4)
    (event,) = _events(sending, "report.sent")
    assert event["tries"] == 4


def test_what_is_not_sent_is_told_by_the_tick(sending: House, there: Hook) -> None:
    _hooked(sending, there)
    there.answers = [500]
    (failed,) = _tick(sending).failed
    assert failed.why == ("Delivery 1 was not sent: the receiver answered 500. It is tried again.")


def test_after_eight_tries_it_has_failed_and_whoever_has_it_sent_is_told(
    sending: House, there: Hook
) -> None:
    _hooked(sending, there)
    there.answers = [500] * 9
    moment = NOW
    for pause in (5, 10, 20, 40, 80, 160, 320):
        _tick(sending, moment)
        (found,) = _deliveries(sending)
        moment += pause * MINUTE
        assert (found["state"], found["next_try_at"]) == ("waiting", moment)
    assert _reports(_tick(sending, moment)) == ["report.not_sent"]
    (failed,) = _deliveries(sending)
    assert (failed["state"], failed["tries"], failed["next_try_at"]) == ("failed", 8, None)
    assert failed["failure"] == "the receiver answered 500"
    assert _kept(sending) == [None]
    _tick(sending, moment + timedelta(days=1))
    assert len(there.bodies) == 8
    assert _notices(sending, "sam") == [
        "The report note of 2026-11-24 was not sent (schedule 1): the receiver answered 500."
    ]
    assert _notices(sending, "pia") == []
    (event,) = _events(sending, "report.not_sent")
    assert event["because"] == "the receiver answered 500"
    _audited(sending)


def test_a_receiver_that_is_gone_ends_the_schedule(sending: House, there: Hook) -> None:
    added = _hooked(sending, there)
    there.answers = [410]
    assert _reports(_tick(sending)) == ["report.due", "report.not_sent"]
    found = report_schedules.get_schedule(sending.runtime, OPERATOR, added["id"])
    assert (found["state"], found["next_on"]) == ("ended", None)
    assert _reports(_tick(sending, at("2027-01-31"))) == []
    assert len(there.bodies) == 1
    assert _history(sending) == [
        "schedule 1: report note, weekly by webhook, first on 2026-11-24",
        "schedule 1: next on 2026-12-01",
        "schedule 1 has ended: the receiver answered 410: it is gone for good",
        "report note of 2026-11-24 (schedule 1): the receiver answered 410: it is gone for good",
    ]
    _audited(sending)


def test_a_mail_server_that_is_away_is_tried_again(sending: House, box: Mailbox) -> None:
    _add(sending)
    box.refuses = {"sam@example.org"}
    (failed,) = _tick(sending).failed
    assert "the mail server took none of the addresses (550)" in failed.why
    box.refuses = set()
    assert _reports(_tick(sending, NOW + 5 * MINUTE)) == ["report.sent"]


def test_an_address_that_is_refused_keeps_the_others_from_nothing(
    sending: House, box: Mailbox
) -> None:
    _add(sending, address="sam@example.org, fay@example.org")
    box.refuses = {"fay@example.org"}
    assert _reports(_tick(sending)) == ["report.due", "report.sent", "report.not_sent"]
    assert box.to == [["sam@example.org"]]
    (told,) = _notices(sending, "sam")
    assert "the mail server did not take 1 of its addresses" in told


def test_one_that_stopped_between_sending_and_writing_is_sent_again_under_its_number(
    sending: House, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add(sending)

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "_sent", killed)
        with pytest.raises(Killed):
            _tick(sending)
    assert len(box.letters) == 1
    assert _reports(_tick(sending, NOW + 14 * MINUTE)) == []
    assert _reports(_tick(sending, NOW + 15 * MINUTE)) == ["report.sent"]
    first, second = (each["Message-ID"] for each in box.letters)
    assert first == second
    (sent,) = _deliveries(sending)
    assert sent["tries"] == 2


def test_one_whose_last_try_came_to_no_end_is_tried_no_more(sending: House, there: Hook) -> None:
    _hooked(sending, there)
    there.answers = [500]
    _tick(sending)
    with sending.runtime.store.writing() as connection:
        stopped = {"state": "sending", "tries": 8, "next_try_at": NOW + 15 * MINUTE}
        connection.execute(update(delivery).values(**stopped))
    assert _reports(_tick(sending, NOW + 14 * MINUTE)) == []
    assert _reports(_tick(sending, NOW + 15 * MINUTE)) == ["report.not_sent"]
    (failed,) = _deliveries(sending)
    assert (failed["state"], failed["failure"]) == ("failed", "8 tries came to no end")
    assert len(there.bodies) == 1


def test_a_report_is_made_with_the_roles_of_its_day(sending: House, box: Mailbox) -> None:
    people.add_person(sending.runtime, OPERATOR, email="tim@example.org", name="Tim", now=NOW)
    people.grant_role(
        sending.runtime,
        OPERATOR,
        email="tim@example.org",
        role=Role.FINANCE,
        portfolio="main",
        until=NOW + timedelta(days=8),
        now=NOW,
    )
    with sending.runtime.store.reading() as connection:
        who = stored_people.resolve(connection, "tim@example.org") or ""
        tim = stored_people.actor_of_person(connection, who, NOW)
    assert tim is not None
    lent = House(sending.runtime, {**sending.actors, "tim": tim})
    _add(lent, "tim", address="tim@example.org")
    _tick(sending, at("2026-12-01"))
    assert len(box.letters) == 1
    assert _reports(_tick(sending, at("2026-12-08"))) == ["report.not_sent"]
    assert len(box.letters) == 1
    (found,) = report_schedules.list_schedules(sending.runtime, OPERATOR, PageRequest()).items
    assert found["state"] == "ended"
    _audited(sending)


def test_somebody_who_was_erased_has_nothing_sent(sending: House, there: Hook) -> None:
    _hooked(sending, there)
    there.answers = [500]
    _tick(sending)
    assert _kept(sending) != [None]
    erase_person(sending.runtime, OPERATOR, "sam@example.org", reason="Asked.", now=NOW)
    assert _kept(sending) == [None]
    assert _reports(_tick(sending, NOW + 5 * MINUTE)) == ["report.not_sent"]
    assert len(there.bodies) == 1
    _audited(sending)


def test_what_waits_is_made_anew_without_somebody_who_was_erased(
    sending: House, there: Hook
) -> None:
    _hooked(sending, there)
    there.answers = [500]
    _tick(sending)
    erase_person(sending.runtime, OPERATOR, "fay@example.org", reason="Asked.", now=NOW)
    assert _reports(_tick(sending, NOW + 5 * MINUTE)) == ["report.sent"]
    assert there.event(1)["data"]["at"] == "2026-11-24"


def test_an_address_that_was_erased_gets_nothing(sending: House, box: Mailbox) -> None:
    _add(sending, address="sam@example.org, fay@example.org")
    erase_person(sending.runtime, OPERATOR, "fay@example.org", reason="Asked.", now=NOW)
    _tick(sending)
    assert box.to == [["sam@example.org"]]
    _audited(sending)


def test_an_end_drops_what_waits(sending: House, there: Hook) -> None:
    added = _hooked(sending, there)
    there.answers = [500]
    _tick(sending)
    with pytest.raises(StaleVersion):
        report_schedules.end(
            sending.runtime, sending.sam, added["id"], reason="Enough.", version=1, now=NOW
        )
    with pytest.raises(NotFound):
        report_schedules.end(
            sending.runtime, sending.fay, added["id"], reason="Enough.", version=2, now=NOW
        )
    ended = report_schedules.end(
        sending.runtime, sending.sam, added["id"], reason="Enough.", version=2, now=NOW
    )
    assert (ended["state"], ended["next_on"], ended["version"]) == ("ended", None, 3)
    _tick(sending, NOW + timedelta(days=30))
    assert len(there.bodies) == 1
    assert [each["state"] for each in _deliveries(sending)] == ["dropped"]
    with pytest.raises(InvalidInput):
        report_schedules.end(
            sending.runtime, OPERATOR, added["id"], reason="Again.", version=None, now=NOW
        )
    _audited(sending)


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"report": "weather"}, "report", "portfolio-value"),
        ({"project": "P1"}, "project", "leave it out"),
        ({"first_on": date(2026, 11, 23)}, "first_on", "today, 2026-11-24, or later"),
        ({"currency": "XXQ"}, "currency", "EUR"),
        ({"address": ""}, "address", "pat@example.org"),
        ({"address": "sam@example.org\r\nBcc: all@example.org"}, "address", "pat@example.org"),
        ({"address": "sam@example.org, SAM@example.org"}, "address", "once"),
        ({"address": "Sam <sam@example.org>"}, "address", "pat@example.org"),
        ({"address": "x@elsewhere.org"}, "address", "not x@elsewhere.org"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    sending: House, given: dict[str, Any], field: str, says: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        _add(sending, **given)
    assert list(refused.value.facts["errors"]) == [field]
    assert says in refused.value.facts["errors"][field][0]


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example.org/x",
        "http://hooks.example.org/x",
        "ftp://127.0.0.1/x",
        "https://user:pass@127.0.0.1/x",
        "http://127.0.0.1:1/x",
        "http://127.0.0.1/x\r\nHost: y",
        "http://127.0.0.1:99999/",
        "nonsense",
    ],
)
def test_a_webhook_goes_to_hosts_that_the_operator_named(sending: House, address: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _add(sending, channel=Channel.WEBHOOK, address=address)
    assert list(refused.value.facts["errors"]) == ["address"]


@pytest.mark.parametrize("channel", list(Channel))
def test_without_a_way_out_the_setting_is_named(house: House, channel: Channel) -> None:
    add_project(house)
    with pytest.raises(InvalidInput) as refused:
        _add(house, channel=channel)
    setting = "GOVERN_SMTP_URL" if channel is Channel.EMAIL else "GOVERN_WEBHOOK_HOSTS"
    assert setting in refused.value.facts["errors"]["channel"][0]


def test_an_administrator_has_mail_sent_to_anybody(sending: House, box: Mailbox) -> None:
    _add(sending, "operator", address="board@elsewhere.org")
    _tick(sending)
    assert box.to == [["board@elsewhere.org"]]


def test_nobody_has_sent_what_they_may_not_read(sending: House) -> None:
    people.add_person(sending.runtime, OPERATOR, email="nil@example.org", name="Nil", now=NOW)
    with sending.runtime.store.reading() as connection:
        who = stored_people.resolve(connection, "nil@example.org") or ""
        nil = stored_people.actor_of_person(connection, who, NOW)
    assert nil is not None
    idle = House(sending.runtime, {**sending.actors, "nil": nil})
    with pytest.raises(NotAllowed):
        _add(idle, "nil")
    with pytest.raises(NotFound):
        _add(sending, portfolio="elsewhere")


def test_schedules_and_deliveries_are_those_of_whoever_has_them_sent(sending: House) -> None:
    added = _add(sending)
    _tick(sending)
    for who, seen in ((sending.sam, 1), (sending.fay, 0), (sending.aud, 0), (OPERATOR, 1)):
        listed = report_schedules.list_schedules(sending.runtime, who, PageRequest()).items
        assert len(listed) == seen
        sent = deliveries.list_deliveries(sending.runtime, who, PageRequest()).items
        assert len(sent) == seen
    with pytest.raises(NotFound):
        report_schedules.get_schedule(sending.runtime, sending.fay, added["id"])
    with pytest.raises(NotFound):
        deliveries.get_delivery(sending.runtime, sending.fay, 1)
    assert deliveries.get_delivery(sending.runtime, sending.sam, 1)["state"] == "sent"
