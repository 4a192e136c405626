"""The state that events add up to: every row of the state tables follows from the ledger.

One function per kind of event; each writes rows of its own chain alone, so that chains can be
projected in any order, one after the other.
"""

from govern.store.projection.fact import Fact, NotProjectable
from govern.store.projection.handlers import HANDLERS, STATELESS, apply
from govern.store.projection.rows import Rows

__all__ = ["HANDLERS", "STATELESS", "Fact", "NotProjectable", "Rows", "apply"]
