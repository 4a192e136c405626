"""The examples that the description shows: of each operation a body that was sent and what was answered.

They are recorded, not written: a file per subject, operation id → `body` and `answer`, told by the people
of the example portfolio. `python -m tests.web.record` writes them anew from `tests/web/story.py`, and a test
holds them against what the service answers. Lists are cut to their first items, long texts to their
beginning.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def example_of(operation: str) -> Mapping[str, Any]:
    """`body` and `answer`, where the operation has them in JSON or text; nothing of one not recorded."""
    return _recorded().get(operation, {})


@cache
def _recorded() -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for file in sorted(FOLDER.glob("*.json")):
        found |= json.loads(file.read_text(encoding="utf-8"))
    return found
