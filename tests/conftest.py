"""What a test begins with."""

import pytest

from tests.databases import Contents
from tests.services.house import found


@pytest.fixture
def contents(request: pytest.FixtureRequest) -> Contents | None:
    """A test that asks for a house gets a database in which it stands: `build` finds it there."""
    return found if "house" in request.fixturenames else None
