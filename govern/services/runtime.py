"""What every use case needs at hand: the store, and what its texts mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from govern.catalogue.template import Template
from govern.services.catalog import Catalog
from govern.services.keeping import Keeping
from govern.store.key_folder import KeyFolder
from govern.store.transaction import Store


@dataclass(frozen=True, slots=True)
class Runtime:
    store: Store
    catalog: Catalog
    keeping: Keeping = field(default_factory=Keeping)
    keys: KeyFolder | None = None
    """Where the log's key is. Without one nothing is sealed and no receipt is given."""
    templates: Mapping[str, Template] = field(default_factory=dict[str, Template])
    """The catalogue: templates by their ids."""
