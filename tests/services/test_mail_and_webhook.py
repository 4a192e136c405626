"""One letter, one POST: what is handed over, and what is refused before anything leaves."""

import base64
import hashlib
import hmac
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from govern.services import mail, signing, webhook
from govern.services.outlets import Hooks, MailServer, Tls
from govern.services.trying import NotSent, NotWanted
from govern.settings import clock
from tests.services.house import NOW
from tests.services.receivers import SECRET, SENDER, hook, hooks_of, mailbox

LETTER = mail.Letter(
    ("a@example.org",), "Grüße: Zahlen", "Was fällig ist.\n", "<p>Ü</p>", "note.html", "number-1"
)

WHOSE = signing.Signed("webhook", 7, NOW)


def test_a_letter_says_the_same_after_its_journey() -> None:
    with mailbox() as box:
        assert mail.send(box.server, LETTER, at=NOW) == 0
    [got] = box.letters
    assert (got["Subject"], got["Message-ID"]) == ("Grüße: Zahlen", "<number-1@example.org>")
    assert got["Date"] == "Tue, 24 Nov 2026 10:00:00 +0000"
    text, page = got.iter_parts()
    assert text.get_content().strip() == "Was fällig ist."
    assert page.get_content().strip() == "<p>Ü</p>"


def test_nothing_is_sent_in_the_clear_where_tls_is_asked_for() -> None:
    with mailbox() as box:
        asked = replace(box.server, tls=Tls.STARTTLS)
        with pytest.raises(NotSent, match="SMTPNotSupportedError"):
            mail.send(asked, LETTER, at=NOW)
    assert box.letters == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "x\r\nBcc: all@example.org"},
        {"to": ("a@example.org\nBcc: all@example.org",)},
        {"number": "x>\r\nBcc: all@example.org"},
    ],
)
def test_no_line_break_gets_into_a_header(wrong: dict[str, object]) -> None:
    with mailbox() as box:
        letter = replace(LETTER, **wrong)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match=r"CR|LF|linefeed|carriage"):
            mail.message(box.server, letter, NOW)


def test_the_signature_is_that_of_the_specification() -> None:
    # Standard Webhooks: HMAC-SHA256 of "id.timestamp.body" under the bytes of the secret, in base64.
    secret = signing.secret_of(SECRET.encode(), WHOSE)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, b"n.1795514400.{}", hashlib.sha256).digest()
    told = signing.headers(SECRET.encode(), WHOSE, "n", b"{}", NOW)
    assert told == {
        "webhook-id": "n",
        "webhook-timestamp": "1795514400",
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def test_a_secret_is_derived_as_the_page_says() -> None:
    # RFC 5869 by hand: extract, then one block of expand.
    mac = hmac.new(b"govern webhooks v1", SECRET.encode(), hashlib.sha256).digest()
    info = b"webhook 7 2026-11-24T10:00:00.000000Z 0"
    key = hmac.new(mac, info + b"\x01", hashlib.sha256).digest()
    secret = signing.secret_of(SECRET.encode(), WHOSE)
    assert secret == f"whsec_{base64.b64encode(key).decode()}"


def test_no_two_secrets_are_alike() -> None:
    others = (
        WHOSE,
        replace(WHOSE, number=8),
        replace(WHOSE, what="report schedule"),
        replace(WHOSE, rotation=1),
        replace(WHOSE, made_at=NOW + timedelta(microseconds=1)),
    )
    assert len({signing.secret_of(SECRET.encode(), each) for each in others}) == len(others)
    assert signing.secret_of(b"another", WHOSE) != signing.secret_of(SECRET.encode(), WHOSE)


def test_for_a_day_both_secrets_sign() -> None:
    now = replace(WHOSE, rotation=1, rotated_at=NOW)
    for hours, count in ((0, 2), (23, 2), (24, 1)):
        at = NOW + timedelta(hours=hours)
        signed = signing.headers(SECRET.encode(), now, "n", b"{}", at)["webhook-signature"]
        found = [
            Webhook(signing.secret_of(SECRET.encode(), now, turn)).sign("n", at, "{}")
            for turn in (1, 0)
        ]
        assert signed.split() == found[:count]


def test_the_library_verifies_it() -> None:
    # It asks the clock itself, and takes what was signed within five minutes.
    secret = signing.secret_of(SECRET.encode(), WHOSE)
    headers = dict(signing.headers(SECRET.encode(), WHOSE, "n", b'{"a":1}', clock()))
    assert Webhook(secret).verify(b'{"a":1}', headers) == {"a": 1}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(b'{"a":2}', headers)


def _post(hooks: Hooks, url: str) -> webhook.Answer:
    return webhook.post(hooks, url, WHOSE, "n", b"{}", at=NOW)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_success_is_one(status: int) -> None:
    with hook() as there:
        there.answers = [status]
        webhook.require_taken(_post(hooks_of(there), there.url))
        assert there.signed(signing.secret_of(SECRET.encode(), WHOSE)) == NOW.timestamp()


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 500])
def test_anything_else_is_none(status: int) -> None:
    with hook() as there:
        there.answers = [status]
        with pytest.raises(NotSent, match=str(status)):
            webhook.require_taken(_post(hooks_of(there), there.url))
        assert (len(there.bodies), there.elsewhere) == (1, 0)


def test_who_is_gone_is_not_asked_again() -> None:
    with hook() as there:
        there.answers = [410]
        with pytest.raises(NotWanted):
            webhook.require_taken(_post(hooks_of(there), there.url))


def test_a_host_that_is_named_no_more_gets_nothing() -> None:
    with hook() as there, hook() as other:
        with pytest.raises(NotSent, match="GOVERN_WEBHOOK_HOSTS"):
            _post(hooks_of(other), there.url)
        assert there.bodies == []


def test_nobody_there_is_told_as_that() -> None:
    with hook() as there:
        pass
    with pytest.raises(NotSent, match="cannot be reached"):
        _post(hooks_of(there), there.url)
    with mailbox() as box:
        pass
    with pytest.raises(NotSent, match="cannot be reached"):
        mail.send(box.server, LETTER, at=NOW)


def test_a_mail_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = MailServer("127.0.0.1", silent.getsockname()[1], Tls.NONE, SENDER)
        with pytest.raises(NotSent, match=r"did not answer within 0\.2 s"):
            mail.send(server, LETTER, at=NOW)
