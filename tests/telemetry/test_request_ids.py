import re

import pytest

from govern.telemetry.request_ids import request_id_of
from tests.services.house import House
from tests.telemetry.lines import Lines
from tests.telemetry.watched_app import watched_app
from tests.web.caller import Caller

MADE = re.compile(r"[0-9a-f]{32}")

ILL_FORMED = [
    "",
    "short",
    "x" * 65,
    "has a blank",
    "line\nbreak12",
    "-begins-so",
    'quote"quote',
    "\x1b[31mred-text",
    "ünïcödé-id",
    "../../etc/passwd",
]


@pytest.mark.parametrize("given", ["12345678", "a" * 64, "01HF-abc_def.9", "Root-1-67891233"])
def test_a_well_formed_id_is_kept(given: str) -> None:
    assert request_id_of(given) == given


@pytest.mark.parametrize("given", [None, *ILL_FORMED])
def test_any_other_is_replaced(given: str | None) -> None:
    assert MADE.fullmatch(request_id_of(given))
    assert request_id_of(given) != request_id_of(given)


def test_the_id_is_in_the_header_in_the_problem_and_in_the_log(house: House, lines: Lines) -> None:
    app = watched_app(house)
    answer = app.get("/api/v1/projects/NONE", name="pia", X_Request_Id="from-the-proxy-1")
    assert answer.status_code == 404
    assert answer.headers["X-Request-Id"] == "from-the-proxy-1"
    assert answer.get_json(force=True)["request_id"] == "from-the-proxy-1"
    assert lines.one("request")["request_id"] == "from-the-proxy-1"


def test_an_id_that_is_none_is_neither_answered_nor_logged(house: House, lines: Lines) -> None:
    answer = watched_app(house).get("/healthz", X_Request_Id="evil id, with blanks")
    assert MADE.fullmatch(answer.headers["X-Request-Id"])
    assert lines.one("request")["request_id"] == answer.headers["X-Request-Id"]
    assert "evil" not in lines.text


def test_each_request_has_an_id_of_its_own(house: House, lines: Lines) -> None:
    app = watched_app(house)
    ids = {app.get("/healthz").headers["X-Request-Id"] for _ in range(5)}
    assert len(ids) == 5
    assert {each["request_id"] for each in lines.all("request")} == ids


def test_an_application_that_nobody_watches_gives_ids_too(house: House) -> None:
    from govern.web.app import create_app  # noqa: PLC0415
    from tests.services.house import NOW  # noqa: PLC0415

    answer = Caller(create_app(house.runtime, lambda: NOW), None).get("/projects")
    assert answer.get_json(force=True)["request_id"] == answer.headers["X-Request-Id"]
