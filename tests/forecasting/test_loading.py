"""Statsmodels takes longer to load than most commands to run: only a forecast loads it."""

import subprocess
import sys

import pytest

ASKED = """
import sys
import {module}
slow = {{"statsmodels", "scipy", "pandas"}} & set(sys.modules)
assert not slow, slow
"""


@pytest.mark.parametrize(
    "module", ["govern.cli.rollup", "govern.cli.forecast", "govern.web.app", "govern.cli.demo"]
)
def test_what_does_not_forecast_does_not_load_it(module: str) -> None:
    subprocess.run([sys.executable, "-c", ASKED.format(module=module)], check=True)
