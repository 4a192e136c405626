"""The dashboard and the alerts can be taken as they are, and say what to do."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.dashboards import (
    ALERTS,
    ROOT,
    SCRAPE,
    asked,
    dashboard,
    names_asked,
    panels,
    rules,
)

GUIDE = ROOT / "docs" / "observing.md"
GRID = 24
"""Columns of a dashboard of Grafana."""

SHOWN = (
    *("Requests by class of status", "Errors by route", "Latency", "Sweep time", "Sealing lag"),
    *("Outbox depth", "Gates waiting", "Readings overdue", "Projects by stage"),
)


def _promtool(*words: str) -> str:
    """Prometheus' own check (Debian: the package prometheus), where it is installed."""
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not installed; it comes with the package prometheus")
    done = subprocess.run(
        [found, *words], capture_output=True, text=True, check=False, cwd=ROOT / "tests" / "deploy"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_takes_the_alerts() -> None:
    assert f"{len(rules())} rules found" in _promtool("check", "rules", str(ALERTS))


def test_each_alert_fires_when_it_should_and_not_else() -> None:
    assert "SUCCESS" in _promtool("test", "rules", "alerts_test.yaml")
    tested = yaml.safe_load((Path(__file__).parent / "alerts_test.yaml").read_text())["tests"]
    fired = {
        each["alertname"] for one in tested for each in one["alert_rule_test"] if each["exp_alerts"]
    }
    assert fired == {rule["alert"] for rule in rules()}


def test_prometheus_takes_what_the_dashboard_asks(tmp_path: Path) -> None:
    recorded = [
        {"record": f"asked:number_{number}", "expr": each} for number, each in enumerate(asked())
    ]
    file = tmp_path / "asked.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "asked", "rules": recorded}]}))
    assert f"{len(recorded)} rules found" in _promtool("check", "rules", str(file))


def test_prometheus_takes_the_scrape() -> None:
    _promtool("check", "config", "--syntax-only", str(SCRAPE))


KNOWN = {
    *("sum", "max", "min", "rate", "increase", "delta", "histogram_quantile", "topk", "vector"),
    *("by", "on", "and", "or", "for"),
}


@pytest.mark.parametrize("expression", sorted(set(asked())))
def test_what_is_asked_is_an_expression(expression: str) -> None:
    """A check of our own, for where Prometheus' is not at hand."""
    open_now: list[str] = []
    pairs = {")": "(", "]": "[", "}": "{"}
    for character in re.sub(r'"[^"]*"', "", expression):
        if character in "([{":
            open_now.append(character)
        elif character in pairs:
            assert open_now
            assert open_now.pop() == pairs[character]
    assert not open_now
    assert "$" not in expression
    called = set(re.findall(r"\b([a-z_]+)\s*\(", expression))
    assert called <= KNOWN


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    headings = {
        line.removeprefix("### ") for line in GUIDE.read_text().splitlines() if line[:4] == "### "
    }
    for rule in rules():
        name = rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket"), name
        told = rule["annotations"]
        assert told["summary"], name
        assert len(told["description"]) > 40, name
        assert told["runbook_url"] == f"docs/observing.md#{name.lower()}"
        assert name in headings
    assert headings == {rule["alert"] for rule in rules()}


def test_every_metric_that_is_asked_for_is_documented() -> None:
    page = GUIDE.read_text()
    for name in names_asked():
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        assert f"`{base}`" in page, base


def test_the_dashboard_shows_what_is_watched() -> None:
    assert set(SHOWN) <= {each["title"] for each in panels()}
    assert len({each["title"] for each in panels()}) == len(panels()) - 1  # the lag, twice


def test_the_dashboard_is_one_that_grafana_imports() -> None:
    board: dict[str, Any] = dashboard()
    assert board["schemaVersion"] >= 36
    assert board["uid"]
    assert board["title"]
    assert "id" not in board  # Grafana gives one
    ids = [each["id"] for each in board["panels"]]
    assert len(ids) == len(set(ids))
    variables = {each["name"]: each for each in board["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert variables["datasource"]["query"] == "prometheus"
    source = {"type": "prometheus", "uid": "${datasource}"}
    assert all(each["datasource"] == source for each in variables.values() if "datasource" in each)
    for panel in panels():
        assert panel["datasource"] == source
        assert panel["description"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        # What is not known is not 0.
        assert panel["fieldConfig"]["defaults"]["noValue"] == "unknown"
        references = [each["refId"] for each in panel["targets"]]
        assert references
        assert len(references) == len(set(references))
        for target in panel["targets"]:
            assert target["datasource"] == source
            assert 'job=~"$job"' in target["expr"]
            assert target["legendFormat"]


def test_no_panel_lies_over_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= GRID
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells
