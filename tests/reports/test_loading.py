"""Matplotlib takes longer to load than most commands to run: only a page with a chart loads it."""

import subprocess
import sys

import pytest

ASKED = """
import sys
import {module}
slow = {{"matplotlib", "pandas", "statsmodels"}} & set(sys.modules)
assert not slow, slow
"""


@pytest.mark.parametrize("module", ["govern.cli.report", "govern.reports.page", "govern.web.app"])
def test_what_draws_nothing_does_not_load_it(module: str) -> None:
    subprocess.run([sys.executable, "-c", ASKED.format(module=module)], check=True)
