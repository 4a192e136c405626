"""What somebody wants to be told by mail of what concerns them."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum


class MailChoice(StrEnum):
    ALL = "all"
    GATES = "gates"
    DAILY = "daily"
    NONE = "none"


DEFAULT = MailChoice.GATES

GATE_KINDS = frozenset(
    {
        "gate.reminded",
        "gate.escalated",
        "gate.rejudged",
        "value_check.opened",
        "value_check.waits",
    }
)
"""Notices of gates that wait for those who get them."""

MORNING = time(6, 0, tzinfo=UTC)


def next_letter(now: datetime) -> datetime:
    """When the next letter of a day leaves: at six in the morning, UTC."""
    today = datetime.combine(now.date(), MORNING)
    return today if now < today else today + timedelta(days=1)


def sent_at(choice: MailChoice, kind: str, now: datetime) -> datetime | None:
    """When a notice of a kind goes to somebody who has chosen so; None for never."""
    if choice is MailChoice.DAILY:
        return next_letter(now)
    at_once = choice is MailChoice.ALL or (choice is MailChoice.GATES and kind in GATE_KINDS)
    return now if at_once else None
