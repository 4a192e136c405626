"""What every use case needs at hand: the store, and what its texts mean."""

from dataclasses import dataclass

from govern.services.catalog import Catalog
from govern.store.transaction import Store


@dataclass(frozen=True, slots=True)
class Runtime:
    store: Store
    catalog: Catalog
