import pytest

from govern.store.transaction import Store
from tests.services.house import House, build


@pytest.fixture
def house(store: Store) -> House:
    return build(store)
