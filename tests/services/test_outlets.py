"""How mail servers and hosts are set, and what is refused of it."""

from pathlib import Path

import pytest

from govern.domain.refusal import BadConfiguration
from govern.services.outlets import MailServer, Tls, read_mail_server
from govern.settings import Settings
from govern.wiring import outlets_of

FROM = "govern@example.org"


@pytest.mark.parametrize(
    ("url", "port", "tls", "user"),
    [
        ("smtp://mail.example.org", 587, Tls.STARTTLS, None),
        ("smtp://u%40x:p%3A@mail.example.org:2525", 2525, Tls.STARTTLS, "u@x"),
        ("smtps://u:p@mail.example.org", 465, Tls.FROM_THE_START, "u"),
        ("smtp://mail.example.org?starttls=no", 25, Tls.NONE, None),
        ("smtp://127.0.0.1:1025", 1025, Tls.NONE, None),
    ],
)
def test_the_address_of_a_mail_server_says_how_it_is_spoken_to(
    url: str, port: int, tls: Tls, user: str | None
) -> None:
    found = read_mail_server(url, FROM)
    assert (found.port, found.tls, found.user) == (port, tls, user)


@pytest.mark.parametrize(
    "url",
    [
        *("mail.example.org", "http://mail.example.org", "smtp://", "smtp://x:y/", "smtp://x/y"),
        *("smtp://u@mail.example.org", "smtp://u:geheim@mail.example.org?starttls=no"),
        *("smtps://mail.example.org?starttls=no", "smtp://mail.example.org?tls=none"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_being_told(url: str) -> None:
    with pytest.raises(BadConfiguration) as refused:
        outlets_of(Settings(smtp_url=url, mail_from=FROM))
    assert refused.value.facts["setting"] == "GOVERN_SMTP_URL"
    assert "geheim" not in refused.value.detail


def test_a_password_is_never_shown() -> None:
    url = "smtps://u:geheim@mail.example.org"
    assert "geheim" not in repr(read_mail_server(url, FROM))
    assert "geheim" not in repr(Settings(smtp_url=url, webhook_secret="geheim"))  # noqa: S106


@pytest.mark.parametrize(
    ("given", "setting"),
    [
        ({"smtp_url": "smtp://127.0.0.1"}, "GOVERN_MAIL_FROM"),
        ({"mail_from": FROM}, "GOVERN_SMTP_URL"),
        (
            {"smtp_url": "smtp://127.0.0.1", "mail_from": "two@x.org, three@x.org"},
            "GOVERN_SMTP_URL",
        ),
        ({"webhook_hosts": "hooks.example.org"}, "GOVERN_WEBHOOK_HOSTS"),
        ({"webhook_hosts": "hooks.example.org", "webhook_secret": "short"}, "GOVERN_WEBHOOK_HOSTS"),
        ({"webhook_hosts": "*.example.org", "webhook_secret": "x" * 16}, "GOVERN_WEBHOOK_HOSTS"),
        (
            {"webhook_hosts": "x.org", "webhook_secret_file": Path("nowhere")},
            "GOVERN_WEBHOOK_SECRET_FILE",
        ),
    ],
)
def test_half_of_what_is_needed_is_refused(given: dict[str, object], setting: str) -> None:
    with pytest.raises(BadConfiguration) as refused:
        outlets_of(Settings(**given))  # type: ignore[arg-type]
    assert refused.value.facts["setting"] == setting


def test_the_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{'s' * 16}\n")
    given = {
        "GOVERN_WEBHOOK_HOSTS": "hooks.example.org, 10.0.0.7:8443",
        "GOVERN_WEBHOOK_SECRET_FILE": str(tmp_path / "secret"),
        "GOVERN_SMTP_URL": "smtp://127.0.0.1:1025",
        "GOVERN_MAIL_FROM": FROM,
    }
    settings = Settings.from_environment(given)
    assert Settings.from_environment(settings.environment()) == settings
    found = outlets_of(settings)
    assert found.mail == MailServer("127.0.0.1", 1025, Tls.NONE, FROM)
    assert found.hooks is not None
    assert found.hooks.hosts == {"hooks.example.org", "10.0.0.7:8443"}
    assert found.hooks.secret == b"s" * 16


def test_without_settings_there_is_no_way_out() -> None:
    found = outlets_of(Settings())
    assert (found.mail, found.hooks) == (None, None)
