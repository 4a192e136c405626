"""Reports that are sent again and again: on which days, by which way, to which addresses."""

import calendar
import re
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from govern.domain.personal import ERASED


class Every(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class Channel(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"


_DAYS = {Every.DAILY: 1, Every.WEEKLY: 7}
_MONTHS = {Every.MONTHLY: 1, Every.QUARTERLY: 3}

MOST_ADDRESSES = 50
LONGEST_ADDRESS = 254
LONGEST_URL = 2000

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAILBOX = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})*")
"""As HTML has it for `input type=email`: no blanks, no quotation marks, no line breaks."""

_PRINTABLE = re.compile(r"[\x21-\x7e]+")

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {"https": 443, "http": 80}

_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
_DOTTED = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}")


def nth_day(first: date, every: Every, number: int) -> date:
    """The day a report is due for the `number`-th time after the first (0); a month that has no such
    day has its last one."""
    if every in _DAYS:
        return first + timedelta(days=_DAYS[every] * number)
    year, month = divmod(first.year * 12 + first.month - 1 + _MONTHS[every] * number, 12)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def last_day_by(first: date, every: Every, day: date) -> date | None:
    """The last day by `day` on which a report is due; None before the first."""
    if day < first:
        return None
    return nth_day(first, every, _number_by(first, every, day))


def next_day_after(first: date, every: Every, day: date) -> date:
    """The first day after `day` on which a report is due."""
    return first if day < first else nth_day(first, every, _number_by(first, every, day) + 1)


def _number_by(first: date, every: Every, day: date) -> int:
    if every in _DAYS:
        return (day - first).days // _DAYS[every]
    months = (day.year - first.year) * 12 + day.month - first.month
    number = months // _MONTHS[every]
    return number if nth_day(first, every, number) <= day else number - 1


def mailboxes(text: str) -> tuple[str, ...]:
    """The e-mail addresses of a text that has commas between them. What was erased is none any more.

    Raises ValueError, which says what would be right.
    """
    given = [each.strip(" ") for each in text.split(",")]
    found = [each for each in given if each != ERASED]
    if len(found) > MOST_ADDRESSES:
        raise ValueError(f"at most {MOST_ADDRESSES} addresses")
    for each in found:
        if len(each) > LONGEST_ADDRESS or not _MAILBOX.fullmatch(each):
            raise ValueError("e-mail addresses with commas between them, such as pat@example.org")
    if len({each.lower() for each in found}) < len(found):
        raise ValueError("each address once")
    return tuple(found)


def hook_host(url: str) -> str:
    """The host of a webhook's address as a list of hosts names it: with its port where that is not
    the usual one.

    Raises ValueError, which says what would be right, for anything but https, or http to this machine;
    and for a host that has several spellings: a number that some read as an address (`0x7f.1`), a full
    stop at the end, a zone.
    """
    if len(url) > LONGEST_URL or not _PRINTABLE.fullmatch(url):
        raise ValueError(f"an address of at most {LONGEST_URL} ASCII characters, without blanks")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if host is None or parts.username is not None or parts.password is not None or parts.fragment:
        raise ValueError("an address such as https://hooks.example.org/govern, without a password")
    if parts.scheme not in _PORTS or (parts.scheme == "http" and host not in LOOPBACK):
        raise ValueError("an address that begins with https://")
    last = host.rpartition(".")[2]
    numeric = _NUMBER.fullmatch(last) and not _DOTTED.fullmatch(host)
    if not _HOST.fullmatch(host) or not last or numeric:
        raise ValueError("an address whose host is a name, or four numbers with full stops")
    shown = f"[{host}]" if ":" in host else host
    return shown if port in (None, _PORTS[parts.scheme]) else f"{shown}:{port}"
