from collections.abc import Iterator

import pytest

from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state
from govern.store.transaction import Store
from tests.services.house import House, build


@pytest.fixture
def house(store: Store) -> Iterator[House]:
    """Whatever a test did in it: in the end every row of the state follows from the events."""
    built = build(store)
    yield built
    assert audit_state(built.runtime, OPERATOR).differences == ()
