"""Instants as text: UTC, microseconds always written, so that text order is time order."""

from datetime import UTC, datetime

WIDTH = len("2026-11-24T10:00:00.000000Z")


def write_instant(moment: datetime) -> str:
    """`2026-11-24T10:00:00.000000Z`. Raises `ValueError` for a moment without a time zone."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone; an instant is an aware datetime")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_instant(text: str) -> datetime:
    """The aware UTC datetime of a text that `write_instant` wrote; `ValueError` for any other."""
    moment = datetime.fromisoformat(text) if len(text) == WIDTH and text[-1] == "Z" else None
    if moment is None or write_instant(moment) != text:
        raise ValueError(f"{text!r} is no instant; one looks like 2026-11-24T10:00:00.000000Z")
    return moment
