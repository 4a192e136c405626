"""What events say of the sources that figures are pulled from."""

from govern.store.projection.fact import Fact
from govern.store.projection.rows import Rows
from govern.store.tables import source_pull


def source_pulled(rows: Rows, fact: Fact) -> None:
    values = dict(fact.data)
    number = values.pop("pull")
    rows.add(source_pull, id=number, **values, recorded_at=fact.at, recorded_by=fact.actor)
