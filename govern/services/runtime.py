"""What every use case needs at hand: the store, and what its texts mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from govern.catalogue.template import Template
from govern.intake.source_load import LoadedSources
from govern.services.catalog import Catalog
from govern.services.issuer import Issuer
from govern.services.keeping import Keeping
from govern.services.outlets import Outlets
from govern.services.watch import Unwatched, Watch
from govern.store.key_folder import KeyFolder
from govern.store.transaction import Store


def no_sources() -> LoadedSources:
    return LoadedSources({}, (), {}, {})


def no_secret(name: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Runtime:
    store: Store
    catalog: Catalog
    keeping: Keeping = field(default_factory=Keeping)
    keys: KeyFolder | None = None
    """Where the log's key is. Without one nothing is sealed and no receipt is given."""
    templates: Mapping[str, Template] = field(default_factory=dict[str, Template])
    """The catalogue: templates by their ids."""
    sources: Callable[[], LoadedSources] = no_sources
    """Reads the files that say where figures come from."""
    secret: Callable[[str], str | None] = no_secret
    """The value of a variable that such a file names: the address of a database."""
    outlets: Outlets = field(default_factory=Outlets)
    """Where reports may be sent."""
    watch: Watch = field(default_factory=Unwatched)
    """Who is told of work as it is done."""
    issuer: Issuer | None = None
    """The organisation's own sign-in, where there is one."""
    public_url: str = "http://127.0.0.1:8321"
    """Where people reach the service, without a slash at the end: what links in news begin with."""
    replica: Store | None = None
    """A copy of the database that follows it, for what reads much and decides nothing."""

    def for_reports(self) -> "Runtime":
        """The runtime that reports are read with: the replica's, where there is one. What it reads may
        be some moments old, so that nobody decides on it and nothing is written with it."""
        return self if self.replica is None else replace(self, store=self.replica, replica=None)
