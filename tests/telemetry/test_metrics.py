"""The figures are right, their labels are few, and not everybody may read them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select

from govern.domain.refusal import BadConfiguration, Refusal
from govern.services import gauges as use
from govern.services.people import OPERATOR
from govern.services.reporting import list_due
from govern.services.sweeps import sweep
from govern.services.ticking import tick
from govern.services.watch import Work
from govern.settings import Settings
from govern.store import submissions
from govern.store.paging import PageRequest
from govern.store.tables import event
from govern.telemetry.telemetry import LOCAL, OFF, TOKEN, Scraping, scraping_of
from tests.services.house import NOW, House, add_project, report, submit
from tests.telemetry.lines import Lines
from tests.telemetry.watched_app import watched_app
from tests.web.caller import furnish

REQUEST = 'govern_http_requests_total{{method="{}",route="{}",status="{}"}}'


def test_requests_are_counted_by_template(house: House, lines: Lines) -> None:
    add_project(house, "P1")
    add_project(house, "P2")
    app = watched_app(house)
    for path in ("/api/v1/projects/P1", "/api/v1/projects/P2", "/api/v1/projects/P3"):
        app.get(path, name="pia")
    app.get("/api/v1/projects")
    figures = app.figures()
    template = lines.all("request")[0]["route"]
    assert figures[REQUEST.format("GET", template, "2xx")] == 2
    assert figures[REQUEST.format("GET", template, "4xx")] == 1
    assert figures[REQUEST.format("GET", "/api/v1/projects", "4xx")] == 1
    count = f'govern_http_request_duration_seconds_count{{method="GET",route="{template}",status="2xx"}}'
    assert figures[count] == 2
    assert figures[count.replace("_count", "_sum")] > 0


def test_no_caller_can_make_labels(house: House) -> None:
    app = watched_app(house)
    before = len(app.figures())
    client = app.app.test_client()
    for number in range(50):
        client.get(f"/none/{number}", buffered=True)
        client.open(f"/healthz/{number}", method=f"METHOD{number}", buffered=True)
    figures = app.figures()
    assert figures[REQUEST.format("GET", "unknown", "4xx")] == 50
    assert figures[REQUEST.format("other", "unknown", "4xx")] == 50
    assert len(figures) < before + 60


def test_the_page_is_what_prometheus_reads(house: House) -> None:
    furnish(house)
    app = watched_app(house)
    answer = app.get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    families = list(text_string_to_metric_families(answer.get_data(as_text=True)))
    names = [each.name for each in families]
    assert len(names) == len(set(names))
    for each in families:
        assert each.documentation, each.name
        assert each.name.startswith("govern_")
        assert each.type in ("counter", "gauge", "histogram"), each.name


def test_a_sweep_tells_its_size_and_time(house: House) -> None:
    add_project(house)
    report(house, "P1-K1", {"2026-09-30": 80, "2026-10-31": 100})
    app = watched_app(house)
    result = sweep(app.runtime, OPERATOR, as_of=date(2026, 10, 31), now=NOW)
    sweep(app.runtime, OPERATOR, as_of=date(2026, 10, 31), now=NOW)
    figures = app.figures()
    assert figures["govern_sweep_projects"] == result.projects == 1
    assert figures["govern_sweep_kpis"] == 1
    for state, count in result.counts.items():
        assert figures[f'govern_sweep_findings{{state="{state}"}}'] == count
    assert figures['govern_work_total{outcome="recorded",work="sweep"}'] == 1
    assert figures['govern_work_total{outcome="unchanged",work="sweep"}'] == 1
    assert figures['govern_work_duration_seconds_count{work="sweep"}'] == 2
    assert figures['govern_work_duration_seconds_sum{work="sweep"}'] > 0


def test_a_tick_tells_what_it_did(house: House) -> None:
    add_project(house)
    submit(house, "P1", "value_defined")
    app = watched_app(house)
    result = tick(app.runtime, OPERATOR, now=NOW + timedelta(days=200))
    figures = app.figures()
    assert result.done
    assert figures['govern_tick_things_total{outcome="done"}'] == len(result.done)
    assert figures['govern_tick_things_total{outcome="failed"}'] == len(result.failed)
    outcome = "partly" if result.failed else "done"
    assert figures[f'govern_work_total{{outcome="{outcome}",work="tick"}}'] == 1


def test_a_gate_that_is_judged_is_timed(house: House) -> None:
    app = watched_app(house)
    watched = House(app.runtime, house.actors)
    add_project(watched)
    submit(watched, "P1", "value_defined")
    figures = app.figures()
    assert figures['govern_work_duration_seconds_count{work="gate_check"}'] >= 1


def test_work_that_breaks_is_counted_as_that(house: House) -> None:
    app = watched_app(house)

    def broken(error: Exception) -> None:
        with app.runtime.watch.work(Work.SENDING, channel="webhook"):
            raise error

    with pytest.raises(ZeroDivisionError):
        broken(ZeroDivisionError())
    with pytest.raises(BadConfiguration):
        broken(BadConfiguration("not set up", setting="X"))
    figures = app.figures()
    assert figures['govern_work_total{outcome="failed",work="sending"}'] == 1
    assert figures['govern_work_total{outcome="refused",work="sending"}'] == 1
    assert figures['govern_deliveries_total{channel="webhook",outcome="failed"}'] == 1


def test_what_waits_is_counted_as_it_stands(house: House) -> None:
    furnish(house)
    app = watched_app(house)
    figures = app.figures()
    with house.runtime.store.reading() as connection:
        events = connection.scalar(select(func.count()).select_from(event))
    assert figures["govern_store_up"] == 1
    assert figures["govern_events_unsealed"] == events
    assert figures["govern_sealing_key"] == 0
    with house.runtime.store.reading() as connection:
        opened = submissions.all_open(connection, OPERATOR)
    assert figures["govern_gates_waiting"] == len(opened) == 2
    assert figures["govern_gates_overdue"] == 0
    assert sum(value for name, value in figures.items() if name[:16] == "govern_projects{") == 3
    assert figures['govern_recommendations_open{severity="red"}'] == 1
    assert figures["govern_sweep_last_change_timestamp_seconds"] == NOW.timestamp()
    for queue in ("reports", "news", "letters"):
        assert figures[f'govern_outbox_deliveries{{queue="{queue}",state="failed"}}'] == 0


def test_ages_grow_and_days_pass(house: House) -> None:
    furnish(house)
    later = NOW + timedelta(days=60)
    now, then = use.gauges(house.runtime, NOW), use.gauges(house.runtime, later)
    assert now.sealing_lag_s == 0  # all of it was written at this very moment
    assert then.sealing_lag_s == timedelta(days=60).total_seconds()
    with house.runtime.store.reading() as connection:
        opened = submissions.all_open(connection, OPERATOR)
    past = [each for each in opened if each["decide_by"] and each["decide_by"] < later.date()]
    assert past
    assert (now.gates_overdue, then.gates_overdue) == (0, len(past))


def test_overdue_readings_are_those_that_the_list_has(house: House) -> None:
    furnish(house)
    for day in (NOW, NOW + timedelta(days=400)):
        listed = list_due(house.runtime, OPERATOR, PageRequest(), now=day)
        periods = [one for each in listed.items for one in each["periods"]]
        overdue = sum(one["state"] == "overdue" for one in periods)
        assert use.overdue_readings(house.runtime, day) == overdue


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.9.9.9", {"Host": "127.0.0.1:8321"}, 200),
        ("::1", {"Host": "[::1]:8321"}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        ("10.0.0.7", {}, 403),
        ("192.0.2.1", {"Host": "localhost"}, 403),
        ("", {}, 403),
        ("127.0.0.1", {"Host": "govern.example.org"}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.1"}, 403),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 403),
        ("127.0.0.1", {"X-Real-IP": "192.0.2.1"}, 403),
    ],
)
def test_local_is_this_machine_and_no_proxy(
    house: House, peer: str, headers: dict[str, str], status: int
) -> None:
    app = watched_app(house, Scraping(LOCAL))
    assert app.get("/metrics", peer=peer, **headers).status_code == status


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("Bearer 0123456789abcdef", 200),
        ("bearer 0123456789abcdef", 200),
        (None, 401),
        ("Bearer 0123456789abcdeF", 401),
        ("Bearer ", 401),
        ("Basic 0123456789abcdef", 401),
        ("Bearer \xfc", 401),
    ],
)
def test_a_token_is_asked_for(house: House, given: str | None, status: int) -> None:
    app = watched_app(house, Scraping(TOKEN, "0123456789abcdef"))
    headers = {} if given is None else {"Authorization": given}
    assert app.get("/metrics", peer="203.0.113.9", **headers).status_code == status


def test_a_token_of_a_person_is_none_for_the_metrics(house: House) -> None:
    app = watched_app(house, Scraping(TOKEN, "0123456789abcdef"))
    assert app.get("/metrics", name="aud").status_code == 401


def test_where_they_are_off_there_is_nothing(house: House) -> None:
    assert watched_app(house, Scraping(OFF)).get("/metrics").status_code == 404


def test_the_token_is_in_the_settings_or_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from-a-file-0123456789\n")
    of_file = scraping_of(Settings(metrics="token", metrics_token_file=file))
    assert of_file.token == file.read_text().strip()
    assert "0123456789" not in repr(scraping_of(Settings(metrics="token", metrics_token="x" * 16)))
    for settings in (
        Settings(metrics="token"),
        Settings(metrics="token", metrics_token="short"),  # noqa: S106
        Settings(metrics="token", metrics_token_file=tmp_path / "none"),
    ):
        with pytest.raises(Refusal):
            scraping_of(settings)
