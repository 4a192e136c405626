"""What `govern` loads before it is told what to do: its start is waited for by people."""

import subprocess
import sys

import pytest

HEAVY = (
    *("polars", "numpy", "sqlalchemy", "alembic", "flask", "jinja2", "granian", "pydantic"),
    *(
        "matplotlib",
        "statsmodels",
        "openpyxl",
        "yaml",
        "cryptography",
        "psycopg",
        "prometheus_client",
    ),
)
LOADED = """
import sys
from govern.cli.main import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(*(name for name in sys.modules if "." not in name), file=sys.stderr)
"""


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_loads_nothing_heavy(argument: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, argument], capture_output=True, text=True, check=True
    )
    loaded = set(done.stderr.split())
    assert "govern" in loaded
    assert "govern" in done.stdout
    assert sorted(loaded.intersection(HEAVY)) == []
