"""One letter, one POST: what is handed over, and what is refused before anything leaves."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from govern.services import mail, webhook
from govern.services.outlets import Tls
from govern.services.trying import NotSent, NotWanted
from tests.services.house import NOW, ROOT
from tests.services.receivers import SECRET, hook, hooks_of, mailbox

LETTER = mail.Letter(
    ("a@example.org",), "Grüße: Zahlen", "Was fällig ist.\n", "<p>Ü</p>", "note.html", "number-1"
)


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


def test_the_signature_is_over_the_moment_and_the_body() -> None:
    # printf '1795514400.{}' | openssl dgst -sha256 -hmac 'a secret of the loopback'
    signed = webhook.signature(SECRET.encode(), NOW, b"{}")
    assert signed == (
        "t=1795514400,v1=1a2e837fc758b4734f765a1f8517ad1843e0998758aae96c0c1d21bacc35f801"
    )


def test_a_receiver_verifies_it_as_the_page_says() -> None:
    page = (ROOT / "docs" / "distribution.md").read_text(encoding="utf-8")
    told: dict[str, Any] = {}
    exec(page.partition("```python\n")[2].partition("```")[0], told)  # noqa: S102 - of our page
    body = b'{"report":"note"}'
    header = webhook.signature(SECRET.encode(), NOW, body)
    for later, seen, right in ((10, body, True), (301, body, False), (10, body + b" ", False)):
        told["time"] = SimpleNamespace(time=lambda at=later: NOW.timestamp() + at)
        assert told["is_ours"](SECRET.encode(), header, seen) is right


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_success_is_one(status: int) -> None:
    with hook() as there:
        there.answers = [status]
        webhook.post(hooks_of(there), there.url, "n", b"{}", at=NOW)
        assert there.signed() == NOW.timestamp()


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 500])
def test_anything_else_is_none(status: int) -> None:
    with hook() as there:
        there.answers = [status]
        with pytest.raises(NotSent, match=str(status)):
            webhook.post(hooks_of(there), there.url, "n", b"{}", at=NOW)
        assert (len(there.bodies), there.elsewhere) == (1, 0)


def test_who_is_gone_is_not_asked_again() -> None:
    with hook() as there:
        there.answers = [410]
        with pytest.raises(NotWanted):
            webhook.post(hooks_of(there), there.url, "n", b"{}", at=NOW)


def test_a_host_that_is_named_no_more_gets_nothing() -> None:
    with hook() as there, hook() as other:
        with pytest.raises(NotSent, match="GOVERN_WEBHOOK_HOSTS"):
            webhook.post(hooks_of(other), there.url, "n", b"{}", at=NOW)
        assert there.bodies == []


def test_nobody_there_is_told_as_that() -> None:
    with hook() as there:
        pass
    with pytest.raises(NotSent, match="cannot be reached"):
        webhook.post(hooks_of(there), there.url, "n", b"{}", at=NOW)
    with mailbox() as box:
        pass
    with pytest.raises(NotSent, match="cannot be reached"):
        mail.send(box.server, LETTER, at=NOW)
