"""Exchange rates: recorded many at once, never overwritten, and asked about where one is far off."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.exchange import FAR_OFF, Rate, RateTable, far_off
from govern.domain.plain import plain_decimal
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound
from govern.domain.role import Permission
from govern.services.access import require_everywhere
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.store import exchange_rates
from govern.store.paging import Page, PageRequest

MOST_AT_ONCE = 10_000
"""Of one request, and of one event; a file may have more."""


def list_rates(
    runtime: Runtime,
    request: PageRequest,
    *,
    currency: str | None = None,
    to_currency: str | None = None,
    history: bool = False,
) -> Page:
    """The rates in force; with `history` those that were corrected since, too."""
    with runtime.store.reading() as connection:
        return exchange_rates.page(
            connection, request, currency=currency, to_currency=to_currency, history=history
        )


def find_rate(
    runtime: Runtime, *, currency: str, to_currency: str, on: date | None, now: datetime
) -> Record:
    """What one currency is worth in another on a day, and how that follows from the table.

    Raises NotFound where no rate of that day or an earlier one says it.
    """
    day = min(on or now.date(), now.date())
    with runtime.store.reading() as connection:
        quote = exchange_rates.table(connection, day).find(currency, to_currency, day)
    if quote is None:
        raise NotFound(
            f"No exchange rate says what {currency} was worth in {to_currency} on "
            f"{day.isoformat()}: record one of that day or an earlier one.",
            currency=currency,
            to_currency=to_currency,
        )
    return {
        "currency": currency,
        "to_currency": to_currency,
        "on": day,
        "rate": quote.rate,
        "rate_on": quote.rate_on,
        "by": quote.by,
    }


def record_rates(
    runtime: Runtime,
    actor: Actor,
    rates: Sequence[dict[str, Any]],
    *,
    confirm: bool = False,
    dry_run: bool = False,
    name: str = "rates.{index}.{field}",
    now: datetime,
) -> list[Record]:
    """Records rates, all or none; returns one result per rate in the order given.

    Each has `currency`, `to_currency`, `rate_on`, `rate` and optionally `origin`. What is in force
    already is `unchanged`; another rate for the same pair and day is `corrected`: a new row, and the
    older one stays. A rate 10 times its neighbour or more, or a tenth of it or less, is refused unless
    `confirm` says that it is meant. `name` is how a refusal names what cannot be taken.

    Raises InvalidInput, NotAllowed.
    """
    require_everywhere(actor, Permission.RECORD_RATE)
    with runtime.store.writing() as connection:
        in_force = exchange_rates.in_force(connection)
        errors = _problems(rates, in_force, confirm, name, now.date())
        if errors:
            raise InvalidInput("No rate was recorded: some cannot be taken.", errors=errors)
        results: list[Record] = []
        fresh: list[Record] = []
        for each in rates:
            before = in_force.get((each["currency"], each["to_currency"], each["rate_on"]))
            same = before is not None and before["rate"] == each["rate"]
            status = "unchanged" if same else "recorded" if before is None else "corrected"
            if not same:
                fresh.append({"origin": None, **each})
            results.append({**_named(each), "status": status})
        if not dry_run:
            _write(connection, actor, fresh, now)
    return results


def _write(connection: Connection, actor: Actor, fresh: Sequence[Record], now: datetime) -> None:
    for start in range(0, len(fresh), MOST_AT_ONCE):
        some = fresh[start : start + MOST_AT_ONCE]
        ids = exchange_rates.add(connection, some, now, actor.person_id)
        told = [
            {"id": number, **_named(each), "rate": each["rate"], "origin": each["origin"]}
            for number, each in zip(ids, some, strict=True)
        ]
        record_event(connection, SERVICE, actor, "rates.recorded", {"rates": told}, now)


def _named(rate: dict[str, Any]) -> Record:
    return {name: rate[name] for name in ("currency", "to_currency", "rate_on")}


def _problems(
    rates: Sequence[dict[str, Any]],
    in_force: dict[tuple[str, str, date], Record],
    confirm: bool,
    name: str,
    today: date,
) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    seen: dict[tuple[str, str, date], int] = {}

    def refuse(index: int, field: str, why: str) -> None:
        errors.setdefault(name.format(index=index, field=field), []).append(why)

    for index, each in enumerate(rates):
        pair = (each["currency"], each["to_currency"])
        first = seen.setdefault((*pair, each["rate_on"]), index)
        if pair[0] == pair[1]:
            refuse(index, "to_currency", "is the same currency: a rate is of two")
        if each["rate"] <= 0:
            refuse(index, "rate", "a rate is above 0")
        if each["rate_on"] > today:
            refuse(index, "rate_on", f"is after today, {today.isoformat()}: it is not known yet")
        if first != index:
            refuse(index, "rate_on", "stands twice for this pair and day")
    if not errors and not confirm:
        for index, why in _far_off(rates, in_force):
            refuse(index, "rate", why)
    return errors


def _far_off(
    rates: Sequence[dict[str, Any]], in_force: dict[tuple[str, str, date], Record]
) -> list[tuple[int, str]]:
    """The rates that are far from the one before, of what is in force and of what is given with them."""
    stored = RateTable(map(_rate, in_force.values()))
    order = sorted(range(len(rates)), key=lambda index: rates[index]["rate_on"])
    found: list[tuple[int, str]] = []
    before: dict[frozenset[str], Rate] = {}
    for index in order:
        rate = _rate(rates[index])
        pair = frozenset({rate.currency, rate.to_currency})
        near = _nearest(rate, stored, before.get(pair))
        if near is not None and far_off(rate.rate, near[0]):
            found.append((index, _asked(rate, *near)))
        before[pair] = rate
    return sorted(found)


def _nearest(rate: Rate, stored: RateTable, before: Rate | None) -> tuple[Decimal, date] | None:
    quote = stored.neighbour(rate.currency, rate.to_currency, rate.rate_on)
    found = None if quote is None or quote.rate_on is None else (quote.rate, quote.rate_on)
    if before is None or (found is not None and found[1] > before.rate_on):
        return found
    same = before.currency == rate.currency
    return (before.rate if same else 1 / before.rate, before.rate_on)


def _asked(rate: Rate, near: Decimal, on: date) -> str:
    shown = plain_decimal(Decimal(f"{near:.6g}"))
    return (
        f"{plain_decimal(rate.rate)} is {FAR_OFF} times off the rate of {on.isoformat()}, {shown}, or "
        "more: say `confirm` if it is meant"
    )


def _rate(row: dict[str, Any]) -> Rate:
    return Rate(row["currency"], row["to_currency"], row["rate_on"], row["rate"])
