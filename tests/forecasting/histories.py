"""Histories for forecasts: so many months of figures from a first month on."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from govern.domain.kpi import Direction
from govern.domain.period import Cadence, numbered_end
from govern.forecasting.history import CompletesBy, History

FIRST = 2024 * 12
"""January 2024."""


def month(index: int) -> Any:
    return numbered_end(Cadence.MONTHLY, FIRST + index)


def history(
    actual: Sequence[Any],
    *,
    planned: Sequence[Any] = (),
    until: int | None = None,
    **fields: Any,
) -> History:
    """`None` in `actual` and `planned` is a month without a figure; `until` the index of completion."""
    defaults: dict[str, Any] = {"direction": Direction.INCREASE, "baseline": Decimal(0)}

    def dated(values: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            (month(index), Decimal(str(value)))
            for index, value in enumerate(values)
            if value is not None
        )

    return History(
        Cadence.MONTHLY,
        dated(actual),
        dated(planned),
        completes_on=None if until is None else month(until),
        completes_by=None if until is None else CompletesBy.TARGET,
        **{**defaults, **fields},
    )
