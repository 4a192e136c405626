import pytest

from govern.store.transaction import Store
from tests.services import house as made
from tests.services.house import House


@pytest.fixture
def house(store: Store) -> House:
    return made.build(store)
