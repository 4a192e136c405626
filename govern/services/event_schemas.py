"""What the data of each kind of event holds: a JSON Schema (draft 2020-12) of its own for each."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from govern.services.cloud_events import SCHEMAS

_HERE = Path(__file__).resolve().parents[2]


@cache
def _folder() -> Path:
    """Beside the package in a checkout, inside it when installed."""
    beside = _HERE / "schemas"
    return (beside if beside.is_dir() else _HERE / "govern" / "shipped" / "schemas") / "events"


@cache
def _texts() -> dict[str, str]:
    found = sorted(_folder().glob("*.json"))
    return {each.stem: each.read_text(encoding="utf-8") for each in found}


def kinds() -> list[str]:
    """Those that there is a schema of."""
    return sorted(_texts())


def schema_of(kind: str, public_url: str) -> dict[str, Any] | None:
    """The schema of a kind, with its address; None where there is none."""
    text = _texts().get(kind)
    if text is None:
        return None
    schema: dict[str, Any] = json.loads(text)
    return {"$id": f"{public_url}{SCHEMAS}{kind}.json", **schema}
