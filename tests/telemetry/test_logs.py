"""What is in the log, what never is, and that nobody can write a line of it who should not."""

import logging
from datetime import date
from time import process_time
from typing import Any

import pytest
import structlog
from flask import Flask

from govern.domain.refusal import BadConfiguration
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.settings import Settings
from govern.store.engine import open_engine
from govern.telemetry import logs
from govern.telemetry.secrets import HIDDEN, Secrets
from govern.telemetry.telemetry import secrets_of
from tests.services.house import NOW, House, add_project
from tests.telemetry.lines import Lines
from tests.telemetry.watched_app import Watched, watched_app
from tests.web.caller import token_of


def test_each_request_has_one_line(house: House, lines: Lines) -> None:
    add_project(house)
    answer = watched_app(house).get("/api/v1/projects/P1?as_of=2026-11-24T00:00Z", name="pia")
    line = lines.one("request")
    assert line["level"] == "info"
    assert line["logger"] == "govern.request"
    assert line["method"] == "GET"
    assert line["route"].startswith("/api/v1/projects/{")
    assert line["status"] == answer.status_code
    assert line["bytes"] == len(answer.data)
    assert line["person"] == house.pia.person_id
    assert line["ms"] > line["db_ms"] > 0
    assert line["db_statements"] > 0
    assert line["time"].endswith("Z")
    assert "P1" not in lines.text
    assert "Pia" not in lines.text
    assert "pia@" not in lines.text


def test_nobody_is_named_where_nobody_signed_in(house: House, lines: Lines) -> None:
    watched_app(house).get("/api/v1/projects")
    line = lines.one("request")
    assert (line["status"], line["person"]) == (401, None)


@pytest.mark.parametrize("method", ["PROPFIND", "TRACE", "FORGED\n"])
def test_a_method_of_nobodys_is_one_word(house: House, lines: Lines, method: str) -> None:
    watched_app(house).app.test_client().open("/healthz", method=method, buffered=True)
    assert lines.one("request")["method"] == "other"


def _failing(app: Flask, error: type[Exception] = RuntimeError) -> None:
    def fail(secret: str) -> Any:
        from flask import request  # noqa: PLC0415

        sent = [secret, *request.args.values(), request.get_data(as_text=True)]
        sent += [f"{name}: {value}" for name, value in request.headers]
        raise error(" | ".join(sent))

    app.add_url_rule("/fails/<secret>", "fails", fail, methods=["GET", "POST"])


def test_a_fault_has_one_incident_with_its_traceback(house: House, lines: Lines) -> None:
    app = watched_app(house)
    _failing(app.app)
    answer = app.get("/fails/here")
    told = answer.get_json(force=True)
    incident = told["instance"].removeprefix("/incidents/")
    (line,) = [each for each in lines.all() if each.get("incident") == incident]
    assert line["level"] == "error"
    assert line["logger"] == "govern.web"
    assert line["request_id"] == told["request_id"]
    assert "RuntimeError" in line["exception"]
    assert lines.one("request")["level"] == "error"


SECRET = "s3cr3t-{}-xyzzy"  # noqa: S105 - what is looked for


def test_no_secret_that_is_sent_is_logged(house: House, lines: Lines) -> None:
    app = watched_app(house)
    _failing(app.app)
    token = token_of(house, "pia")
    client = app.app.test_client()
    client.set_cookie("govern_session", SECRET.format("cookie"))
    everywhere: dict[str, Any] = {
        "buffered": True,
        "headers": {
            "Authorization": f"Bearer {token}",
            "X-Api-Key": SECRET.format("header"),
            "X-Forwarded-For": "10.0.0.1",
        },
        "query_string": {"token": SECRET.format("query"), "q": SECRET.format("search")},
    }
    body = {"password": SECRET.format("body"), "nested": [{"note": SECRET.format("deep")}]}
    for path in ("/api/v1/projects", f"/fails/{SECRET.format('path')}", "/nothing"):
        client.get(path, **everywhere)
        client.post(path, json=body, **everywhere)
    client.get(f"/sign-in/{SECRET.format('link')}", buffered=True)
    client.get(f"/calendar/{SECRET.format('calendar')}.ics", buffered=True)
    client.get(f"/api/v1/projects/{SECRET.format('id')}", **everywhere)
    assert len(lines.all("request")) == 9
    assert any("exception" in each for each in lines.all())
    assert "s3cr3t" not in lines.text
    assert "xyzzy" not in lines.text
    assert token not in lines.text


def test_no_secret_of_the_settings_is_logged(lines: Lines) -> None:
    settings = Settings(
        database_url="postgresql://govern:p%40ss-w0rd@127.0.0.1:1/nowhere",
        smtp_url="smtp://mailer:m%2Fail-pass@mail.example.org:587",
        webhook_secret="hook-secret-0123456789",  # noqa: S106
        metrics_token="metrics-token-0123456789",  # noqa: S106
    )
    secrets = secrets_of(settings)
    logs.configure("json", "debug", secrets, lines.out)
    log = structlog.get_logger("govern.test")
    with pytest.raises(BadConfiguration) as refused:
        open_engine(settings.database_url)
    log.error("not_started", why=str(refused.value), url=settings.database_url, settings=settings)
    try:
        raise RuntimeError(f"{settings} and {settings.environment()}")
    except RuntimeError:
        log.exception("all of it")
        logging.getLogger("somebody.else").exception("%s", settings.smtp_url)
    log.info(
        "posted", **{"secret": "anything"}, note="hook-secret-0123456789, p@ss-w0rd, m/ail-pass"
    )
    told = lines.text
    for secret in ("p@ss-w0rd", "p%40ss-w0rd", "ail-pass", "hook-secret", "metrics-token"):
        assert secret not in told, secret
    assert HIDDEN in told
    assert len(lines.all()) == 4


@pytest.mark.parametrize("text", [
    "Authorization: Bearer abc.def-ghi",
    "Cookie: session=abcdef; other=123456",
    "Set-Cookie: govern=abcdef123; Path=/",
    "postgresql+psycopg://user:abcdef@host/db",
    "smtp://user:ab/cd:ef@host",
    "https://govern.example.org/sign-in/abcdefghijkl?next=/",
    "password=abcdef",
    "'api_key': 'abcdef1234'",
    "token is gov_p9VsEkQ2g8QCCRtTnjzbP6x1Yg",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
])  # fmt: skip
def test_what_looks_like_a_secret_is_hidden(text: str) -> None:
    told = Secrets().out_of(f"before {text}")
    assert told.startswith("before ")
    assert HIDDEN in told
    for part in ("abc", "p9Vs", "MfKQ", "123456", "cd:ef"):
        assert part not in told


@pytest.mark.parametrize("text", [
    "The database is busy: it is locked; try again",
    "/api/v1/projects/{project_id}",
    "No token was given.",
    "sqlite:////var/lib/govern/govern.db",
    "https://govern.example.org/projects/LE-001",
])  # fmt: skip
def test_what_is_none_stays(text: str) -> None:
    assert Secrets().out_of(text) == text


@pytest.mark.parametrize("part", ["://a:", "a-", "token ", "cookie ", "://", "/sign-in/a "])
def test_no_text_takes_long(part: str) -> None:
    begun = process_time()
    Secrets(["known-secret"]).out_of(part * 20_000 + "=")
    assert process_time() - begun < 5


FORGED = 'x\n{"time": "2026", "level": "info", "event": "forged"}\r\n\x1b[2J\u2028\x00 y'


@pytest.mark.parametrize("form", ["json", "text"])
def test_nobody_can_forge_a_line(lines: Lines, form: str) -> None:
    lines.configure(form)
    log = structlog.get_logger("govern.access")
    log.warning("sign_in_failed", who=FORGED)
    log.warning(FORGED, **{"a": "b"})
    logging.getLogger("somebody.else").warning("%s", FORGED)
    assert len(lines.text.splitlines()) == 3
    assert not any(each in lines.text for each in ("\x1b", "\r", "\x00", "\u2028"))


def test_text_is_made_to_be_read(lines: Lines) -> None:
    lines.configure("text")
    structlog.get_logger("govern.access").warning("sign_in_failed", person="p-1", why="a b")
    (line,) = lines.text.splitlines()
    assert line.endswith('warning sign_in_failed logger=govern.access person=p-1 why="a b"')


def test_a_traceback_is_read_line_by_line(lines: Lines) -> None:
    lines.configure("text")
    try:
        raise ValueError("line one\nline two\x1b[31m")
    except ValueError:
        structlog.get_logger("govern.web").exception("failed")
    first, *rest = lines.text.splitlines()
    assert first.endswith("failed logger=govern.web")
    assert all(each.startswith("    ") for each in rest)
    assert "\x1b" not in lines.text


def test_a_line_has_an_end(lines: Lines) -> None:
    structlog.get_logger("govern.test").info("long", text="x" * 1_000_000)
    assert len(lines.text) < 3_000


def test_the_level_says_what_is_written(lines: Lines) -> None:
    lines.configure(level="warning")
    log = structlog.get_logger("govern.test")
    log.info("not this")
    log.warning("this")
    logging.getLogger("other").info("nor this")
    logging.getLogger("other").warning("and this")
    assert [each["event"] for each in lines.all()] == ["this", "and this"]


def test_the_form_follows_the_terminal(lines: Lines) -> None:
    assert logs.form_of(None, lines.out) == "json"
    assert logs.form_of("text", lines.out) == "text"


def test_work_is_told_with_its_counts(house: House, lines: Lines) -> None:
    add_project(house)
    app: Watched = watched_app(house)
    sweep(app.runtime, OPERATOR, as_of=date(2026, 10, 31), now=NOW)
    line = lines.one("sweep")
    assert (line["outcome"], line["projects"], line["kpis"]) == ("recorded", 1, 1)
    assert line["ms"] > 0
