"""What events say of exchange rates."""

from govern.store.projection.fact import Fact
from govern.store.projection.rows import Rows
from govern.store.tables import exchange_rate


def rates_recorded(rows: Rows, fact: Fact) -> None:
    for each in fact.data["rates"]:
        rows.add(
            exchange_rate,
            id=each["id"],
            currency=each["currency"],
            to_currency=each["to_currency"],
            rate_on=each["rate_on"],
            rate=each["rate"],
            origin=each["origin"],
            recorded_by=fact.actor,
            recorded_at=fact.at,
        )
