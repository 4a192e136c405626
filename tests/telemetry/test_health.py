"""Alive and ready are two things, and neither lets anybody wait."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from time import monotonic, sleep

import pytest
from sqlalchemy import create_engine

from govern.services.catalog import Catalog
from govern.services.people import OPERATOR
from govern.services.readiness import missing
from govern.services.runtime import Runtime
from govern.services.workflows import take_workflows
from govern.settings import shipped
from govern.store.migrate import downgrade, newest
from govern.store.transaction import Store
from govern.telemetry.latest import Latest
from govern.telemetry.telemetry import LOCAL, Scraping, counting
from govern.web.app import create_app
from govern.web.probes import READY_WITHIN_S
from tests.services.house import NOW, ROOT, House, build, load_workflows, publish_rules
from tests.services.house import RULES as RULE_TEXT
from tests.telemetry.watched_app import watched_app
from tests.web.caller import problem

SLACK_S = 8.0
"""A machine that is busy with other tests may take so much longer."""


def _missing(runtime: Runtime) -> list[str]:
    return [each.what for each in missing(runtime, newest(shipped("migrations")))]


def test_a_house_in_order_is_ready(house: House) -> None:
    app = watched_app(house)
    assert app.get("/readyz").get_json() == {"status": "ready"}
    assert app.get("/healthz").get_json() == {"status": "alive"}


def test_what_is_missing_is_named(store: Store) -> None:
    runtime = Runtime(store, Catalog())
    assert _missing(runtime) == ["rulebook", "workflow"]
    app = create_app(runtime, lambda: NOW)
    told = problem(app.test_client().get("/readyz"), 503, "not-ready")
    assert [each["what"] for each in told["missing"]] == ["rulebook", "workflow"]
    assert all(each["why"] in told["detail"] for each in told["missing"])
    assert app.test_client().get("/readyz").headers["Retry-After"] == "1"
    house = build(store)
    assert _missing(house.runtime) == []


def test_a_database_of_another_version_is_not_ready(store: Store, database_url: str) -> None:
    runtime = Runtime(store, Catalog())
    workflows = load_workflows(ROOT / "workflows").workflows
    take_workflows(runtime, OPERATOR, workflows.values(), now=NOW)
    publish_rules(runtime, RULE_TEXT)
    assert _missing(runtime) == []
    assert [each.what for each in missing(runtime, "another")] == ["migrations"]
    store.close()
    downgrade(database_url, shipped("migrations"), "base")
    assert _missing(runtime) == ["migrations"]


@contextmanager
def _silent_server() -> Iterator[int]:
    """Takes connections, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield int(server.getsockname()[1])
        for each in held:
            each.close()


def _nowhere(port: int) -> Runtime:
    address = f"postgresql+psycopg://nobody:pass-word@127.0.0.1:{port}/none"
    engine = create_engine(address, connect_args={"connect_timeout": 30})
    return Runtime(Store(engine), Catalog())


def test_a_database_that_hangs_keeps_nobody_waiting() -> None:
    with _silent_server() as port:
        runtime = _nowhere(port)
        telemetry = counting(Scraping(LOCAL))
        client = create_app(runtime, lambda: NOW, telemetry=telemetry).test_client()
        begun = monotonic()
        told = problem(client.get("/readyz"), 503, "not-ready")
        assert [each["what"] for each in told["missing"]] == ["database"]
        assert client.get("/healthz").status_code == 200
        scraped = client.get("/metrics").get_data(as_text=True)
        assert monotonic() - begun < 2 * READY_WITHIN_S + SLACK_S
        assert "govern_store_up 0.0" in scraped
        assert "govern_gates_waiting" not in scraped
        assert (
            'govern_http_requests_total{method="GET",route="/readyz",status="5xx"} 1.0' in scraped
        )
        assert "pass-word" not in str(told) + scraped


def test_a_database_that_is_gone_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    assert _missing(_nowhere(port)) == ["database"]


def test_many_who_wait_ask_once() -> None:
    asked: list[date] = []
    let_go = threading.Event()

    def ask() -> str:
        asked.append(NOW.date())
        let_go.wait(5)
        return "here"

    latest = Latest(ask, fresh_s=60, wait_s=30)
    got: list[tuple[str | None, bool]] = []
    waiting = [threading.Thread(target=lambda: got.append(latest.get())) for _ in range(8)]
    for each in waiting:
        each.start()
    sleep(0.05)
    let_go.set()
    for each in waiting:
        each.join()
    assert got == [("here", True)] * 8
    assert len(asked) == 1
    assert latest.get() == ("here", True)
    assert len(asked) == 1


def test_what_was_last_said_stands_for_a_while() -> None:
    answers: Iterator[str | None] = iter(["first"])
    latest: Latest[str] = Latest(lambda: next(answers) or "", fresh_s=0, wait_s=5, keep_s=60)
    assert latest.get() == ("first", True)
    assert latest.get() == ("first", False)  # asking fails from here on
    forgetful: Latest[str] = Latest(lambda: next(answers) or "", fresh_s=0, wait_s=5)
    assert forgetful.get() == (None, False)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_need_no_token_and_say_little(house: House, path: str) -> None:
    answer = watched_app(house).get(path, peer="192.0.2.1")
    assert answer.status_code == 200
    assert list(answer.get_json()) == ["status"]
