"""What every test of the command line has to itself."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def keys_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder for keys: PostgreSQL databases of one place would share theirs by default."""
    monkeypatch.setenv("GOVERN_KEYS_DIR", str(tmp_path / "keys"))
