from collections.abc import Iterator

import pytest
import structlog

from govern.store.transaction import Store
from tests.services import house as made
from tests.services.house import House
from tests.telemetry.lines import Lines


@pytest.fixture
def house(store: Store) -> House:
    return made.build(store)


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The log of this process, as JSON, while the test runs."""
    written = Lines()
    yield written
    written.close()
    structlog.reset_defaults()
