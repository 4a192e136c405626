from collections.abc import Iterator

import pytest

from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state
from govern.store.transaction import Store
from tests.services.house import House, build

BY_HAND = "by_hand"
"""The mark of a test that changes the state past the use cases."""


@pytest.fixture
def house(store: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    """Whatever a test did in it: in the end every row of the state follows from the events."""
    built = build(store)
    yield built
    if request.node.get_closest_marker(BY_HAND) is None:
        assert audit_state(built.runtime, OPERATOR).differences == ()
