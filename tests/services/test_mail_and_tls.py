"""A mail server that wants TLS and a password: a real one, on this machine, with an authority of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from govern.services import mail
from govern.services.outlets import MailServer, Tls, read_mail_server
from govern.services.trying import NotSent
from tests.services.house import NOW
from tests.services.receivers import SENDER, Mailbox, mailbox
from tests.services.tls import authority

LETTER = mail.Letter(("a@example.org",), "Gate", "A gate waits.\n", None, None, "number-1")
USER, PASSWORD = "govern", "a password: with marks"


def _knows(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
    right = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=given == right, handled=False)


@contextmanager
def secured(folder: Path, *names: str) -> Iterator[tuple[Mailbox, MailServer]]:
    """Takes nothing without STARTTLS and a login."""
    roots, context = authority(folder, *names)
    options = {"tls_context": context, "require_starttls": True}
    with mailbox(**options, auth_required=True, authenticator=_knows) as box:
        server = replace(box.server, tls=Tls.STARTTLS, user=USER, password=PASSWORD, roots=roots)
        yield box, server


def test_starttls_and_a_login(tmp_path: Path) -> None:
    with secured(tmp_path, "127.0.0.1") as (box, server):
        assert mail.send(server, LETTER, at=NOW) == 0
    [got] = box.letters
    assert got.get_content().strip() == "A gate waits."
    assert got.get_content_type() == "text/plain"
    assert got["Auto-Submitted"] == "auto-generated"


def test_the_settings_say_all_of_it(tmp_path: Path) -> None:
    with secured(tmp_path, "localhost") as (box, server):
        url = f"smtp://{USER}:a%20password%3A%20with%20marks@localhost:{server.port}"
        read = read_mail_server(url, SENDER, server.roots)
        assert mail.send(replace(read, tls=Tls.STARTTLS), LETTER, at=NOW) == 0
    assert len(box.letters) == 1


def test_a_wrong_password_is_told_and_not_shown(tmp_path: Path) -> None:
    with (
        secured(tmp_path, "127.0.0.1") as (box, server),
        pytest.raises(NotSent, match="the mail server answered 535") as refused,
    ):
        mail.send(replace(server, password="geheim"), LETTER, at=NOW)  # noqa: S106 - of a test
    assert "geheim" not in str(refused.value)
    assert box.letters == []


def test_an_authority_that_is_not_trusted_gets_nothing(tmp_path: Path) -> None:
    with (
        secured(tmp_path, "127.0.0.1") as (box, server),
        pytest.raises(NotSent, match="SSLCertVerificationError"),
    ):
        mail.send(replace(server, roots=None), LETTER, at=NOW)
    assert box.letters == []


def test_a_certificate_of_another_name_gets_nothing(tmp_path: Path) -> None:
    with (
        secured(tmp_path, "mail.example.org") as (box, server),
        pytest.raises(NotSent, match="SSLCertVerificationError"),
    ):
        mail.send(server, LETTER, at=NOW)
    assert box.letters == []


def test_tls_from_the_start(tmp_path: Path) -> None:
    roots, context = authority(tmp_path, "127.0.0.1")
    with mailbox(ssl_context=context) as box:
        server = replace(box.server, tls=Tls.FROM_THE_START, roots=roots)
        assert mail.send(server, LETTER, at=NOW) == 0
    assert len(box.letters) == 1
