"""Where the published portfolios lie that some tests read: `GOVERN_SHARED`, else beside the checkout."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("GOVERN_SHARED") or Path(__file__).parents[2] / "shared" / "data")


def published(name: str) -> Path:
    """The folder of a published portfolio; skips the test where it is not there."""
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"the published portfolio {name} is not at {folder}; set GOVERN_SHARED")
    return folder
