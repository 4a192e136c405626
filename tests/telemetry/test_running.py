"""A real server: what its workers and its commands count is one figure, and its traces arrive."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from govern.domain.refusal import BadConfiguration
from govern.settings import Settings, traces_are_wanted
from govern.web.server import run
from tests.databases import KINDS, migrated
from tests.deploy.dashboards import names_asked, names_exposed
from tests.telemetry.collector import collecting
from tests.telemetry.running import HOOK_SECRET, TOKEN, WORKERS, Running, running
from tests.walk.served import command, plain_environment, served

pytestmark = pytest.mark.xdist_group("telemetry-running")

SERVER = 2
"""The kind of span of who answers (SPAN_KIND_SERVER)."""


@pytest.fixture(scope="module", params=KINDS)
def there(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("running")
    with migrated(request.param, request, folder) as url, running(url, folder) as found:
        yield found


def test_the_workers_count_together(there: Running) -> None:
    asked = {"route": "/api/v1/projects", "status": "4xx"}
    before = there.figure("govern_http_requests_total", **asked)
    for _ in range(30):
        assert there.get("/api/v1/projects")[0] == 401
    for _ in range(5):  # whichever worker answers
        assert there.figure("govern_http_requests_total", **asked) == before + 30
        assert there.figure("govern_http_request_duration_seconds_count", **asked) == before + 30
    places = [*(there.folder / "figures").glob("counter_*.db")]
    assert len(places) == WORKERS


def test_a_command_counts_with_them(there: Running) -> None:
    before = there.figure("govern_work_total", work="tick")
    there.govern("tick")
    there.govern("tick")
    assert there.figure("govern_work_total", work="tick") >= before + 2
    there.govern("sweep")
    assert there.figure("govern_work_total", work="sweep", outcome="recorded") >= 1
    assert there.figure("govern_work_duration_seconds_count", work="sweep") >= 1
    # Each command took the same place after the other: nothing is left behind by processes that ended.
    assert len([*(there.folder / "figures").glob("counter_*.db")]) <= WORKERS + 1


def test_what_the_dashboard_and_the_alerts_ask_for_is_there(there: Running) -> None:
    there.get("/api/v1/health")
    there.govern("sweep")
    missing = names_asked() - names_exposed(there.scrape())
    assert not missing
    assert len(names_asked()) > 20


def test_the_metrics_are_for_who_has_the_token(there: Running) -> None:
    assert there.get("/metrics")[0] == 401
    assert there.get("/metrics", Authorization="Bearer wrong-wrong-wrong")[0] == 401


def test_a_request_is_a_span_of_its_callers_trace(there: Running) -> None:
    trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    sent = {"traceparent": f"00-{trace}-{parent}-01", "X_Request_Id": "traced-request-1"}
    assert there.get("/api/v1/projects/SECRET-ID?q=SECRET-QUERY", **sent)[0] == 401
    line = there.line_of("traced-request-1")
    assert line["trace_id"] == trace
    (span,) = there.collector.wait_for(f"GET {line['route']}", trace=trace)
    assert span.parent == parent
    assert span.id == line["span_id"]
    assert span.kind == SERVER
    assert not span.fault
    assert span.attributes["http.route"] == line["route"]
    assert span.attributes["http.response.status_code"] == 401
    assert span.attributes["govern.request_id"] == "traced-request-1"
    assert span.resource["service.name"] == "govern"
    assert there.collector.paths == {"/v1/traces"}
    assert b"SECRET" not in there.collector.raw


def test_a_request_without_a_caller_has_a_trace_of_its_own(there: Running) -> None:
    there.get("/api/v1/health", X_Request_Id="own-trace-0001")
    line = there.line_of("own-trace-0001")
    (span,) = there.collector.wait_for("GET /api/v1/health", trace=line["trace_id"])
    assert span.parent == ""
    assert span.attributes["govern.db_statements"] == line["db_statements"] > 0


def test_the_work_of_a_command_is_traced(there: Running) -> None:
    there.govern("tick")
    span = there.collector.wait_for("tick")[-1]
    assert span.attributes["govern.outcome"] in ("done", "partly")
    assert span.attributes["govern.done"] >= 0


def test_the_log_is_json_line_by_line_and_holds_no_secret(there: Running) -> None:
    there.get("/healthz", Cookie="govern=COOKIE-SECRET", Authorization="Bearer TOKEN-SECRET")
    started = [each["event"] for each in there.lines("Listening at: " + there.address)]
    assert len(started) == 1
    assert there.lines("request")
    for secret in (TOKEN, HOOK_SECRET, "COOKIE-SECRET", "TOKEN-SECRET", there.database_url):
        assert secret not in there.log() or secret.startswith("sqlite")


def test_the_last_spans_are_sent_as_a_worker_ends(tmp_path: Path) -> None:
    with collecting() as collector:
        environment = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "600000",
            "OTEL_SERVICE_NAME": "value-office",
        }
        url = f"sqlite:///{tmp_path / 'govern.db'}"
        with served(url, tmp_path, environment=environment, stop=signal.SIGTERM):
            assert collector.spans == []
        spans = collector.wait_for("GET /api/v1/health")
    assert spans[0].resource["service.name"] == "value-office"


def _serve(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(f"sqlite:///{tmp_path / 'govern.db'}", "serve", "--port", "1"),
        env={**plain_environment(), **environment},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def test_traces_that_cannot_be_sent_stop_the_start(tmp_path: Path) -> None:
    # As where the extra is not installed: what Python finds first is a package without anything.
    (tmp_path / "opentelemetry").mkdir()
    (tmp_path / "opentelemetry" / "__init__.py").write_text("")
    done = _serve(
        tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9", PYTHONPATH=str(tmp_path)
    )
    assert done.returncode == 1
    assert "install govern[traces], or unset the variable" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({"GOVERN_METRICS": "token"}, "GOVERN_METRICS_TOKEN"),
        ({"GOVERN_METRICS": "all"}, "off, local or token"),
        ({"GOVERN_LOG_FORM": "xml"}, "json or text"),
        ({"GOVERN_LOG_LEVEL": "loud"}, "debug, info, warning or error"),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "http/protobuf",
        ),
    ],
)
def test_settings_that_cannot_be_used_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], why: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadConfiguration, match=why):
        run(Settings.from_environment())


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"OTEL_SERVICE_NAME": "govern"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_traces_are_wanted_where_there_is_a_place_for_them(
    environment: dict[str, str], wanted: bool
) -> None:
    assert traces_are_wanted(environment) is wanted


def test_where_nobody_wants_traces_nothing_of_them_is_loaded() -> None:
    script = (
        "import sys, govern.web.server, govern.telemetry.telemetry as t\n"
        "from govern.settings import Settings\n"
        "with t.watched(Settings()) as telemetry: pass\n"
        "print([each for each in sys.modules if each.startswith('opentelemetry')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.fullmatch(r"\[\]\n", done.stdout)
