"""What the dashboard and the alerts ask of Prometheus, and the names in it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "deploy" / "grafana" / "govern.json"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yaml"
SCRAPE = ROOT / "deploy" / "prometheus" / "scrape.yaml"

_NAME = re.compile(r"\bgovern_[a-z0-9_]+\b")
_TYPE = re.compile(r"^# TYPE (\S+) (\S+)$", re.MULTILINE)
_SUFFIXES = {"histogram": ("_bucket", "_sum", "_count")}

VARIABLES = {
    "$__rate_interval": "5m",
    "$job": ".*",
    "$instance": ".*",
}


def dashboard() -> dict[str, Any]:
    return json.loads(DASHBOARD.read_text())


def rules() -> list[dict[str, Any]]:
    return [
        rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]
    ]


def panels() -> list[dict[str, Any]]:
    return [each for each in dashboard()["panels"] if each["type"] != "row"]


def asked() -> Iterator[str]:
    """Every expression, with values for the variables of Grafana."""
    for panel in panels():
        for target in panel["targets"]:
            expression = target["expr"]
            for variable, value in VARIABLES.items():
                expression = expression.replace(variable, value)
            yield expression
    for rule in rules():
        yield rule["expr"]


def names_asked() -> set[str]:
    return {name for expression in asked() for name in _NAME.findall(expression)}


def names_exposed(text: str) -> set[str]:
    """The names of samples that a page of metrics has, or has when there is something to count."""
    return {
        name + suffix for name, kind in _TYPE.findall(text) for suffix in _SUFFIXES.get(kind, ("",))
    }
