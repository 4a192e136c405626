"""Which fields of events and kept texts hold what people wrote or are called.

Such a text stands outside, in a row that can be erased; the event and the blob hold a reference:
`personal:` and the hexadecimal HMAC-SHA256 of the text under a salt of its own (RFC 2104). What is
no person's stays open: ids, names of projects, KPIs and deliverables, the texts of rules and
workflows.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, cast

PREFIX = "personal:"
REFERENCE = re.compile(r"personal:[0-9a-f]{64}")

ERASED = "(erased)"
"""What stands where a text was erased."""


def erased_address(person_id: str) -> str:
    """The e-mail address of somebody whose own was erased: it is nobody's, and unlike all others."""
    return f"{ERASED} {person_id}"


FIELDS = frozenset(
    {
        # Names and addresses.
        "email",
        "person_name",
        "owner",
        # What somebody wrote.
        "reason",
        "override_reason",
        "note",
        "text",
        "status_text",
        "objective",
        "source",
        "resume_when",
        "label",
        "link",
        "filename",
        "happened",
        "next_time",
        "summary",
        "went_well",
        "went_badly",
        "said",
        "implemented_note",
        "implemented_link",
        "address",
        # Sentences that the machine makes of both.
        "because",
        "advice_because",
        "message",
        "changed",
        "waiver",
        # Who has snoozed a rule, and why.
        "snoozed",
    }
)
"""A field of one of these names is personal wherever it stands, with all that is below it. `text` and
`owner` are a condition's, `source` a KPI's, `waiver` who waived a criterion and why."""

ONLY_AS_TEXT = frozenset({"evidence"})
"""Personal where the value is a text (what closed a condition), and not where it is a list of pieces
of evidence, each with fields of its own."""

READ_BY_CONDITIONS = frozenset({"values", "observed"})
"""What a condition read: its names and calls with their values. Those are personal that speak of a
field which is, such as `owner` or `lower(d.owner)`. A list there is a KPI's planned and actual values."""

_WORD = re.compile(r"[a-z_]+")

Replace = Callable[[str], str]


def personal_texts(data: Any) -> Iterator[str]:
    """Every text in plain data that is personal, in order; the same one as often as it occurs."""
    if isinstance(data, list):
        for each in cast("list[Any]", data):
            yield from personal_texts(each)
    elif isinstance(data, dict):
        for name, value in cast("dict[str, Any]", data).items():
            if isinstance(value, str):
                if value and value != ERASED and _of_text(name):
                    yield value
            elif isinstance(value, dict | list):
                yield from _below(name, cast("Any", value))


def _below(name: str, value: Any) -> Iterator[str]:
    if name in FIELDS:
        yield from _texts(value)
    elif name not in READ_BY_CONDITIONS:
        yield from personal_texts(value)
    elif isinstance(value, dict):
        for read, found in cast("dict[str, Any]", value).items():
            if _speaks_of_personal(read):
                yield from _texts(found)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value and value != ERASED:
            yield value
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from _texts(each)
    elif isinstance(value, dict):
        yield from _texts(list(cast("dict[str, Any]", value).values()))


def with_personal(data: Any, replace: Replace) -> Any:
    """Plain data with `replace` done to each of its `personal_texts`; `data` itself stays."""
    if isinstance(data, list):
        return [with_personal(each, replace) for each in cast("list[Any]", data)]
    if isinstance(data, dict):
        return {
            name: _replaced(name, value, replace)
            for name, value in cast("dict[str, Any]", data).items()
        }
    return data


def _replaced(name: str, value: Any, replace: Replace) -> Any:
    if isinstance(value, str):
        return _all_replaced(value, replace) if _of_text(name) else value
    if not isinstance(value, dict | list):
        return value
    if name in FIELDS:
        return _all_replaced(value, replace)
    if name not in READ_BY_CONDITIONS:
        return with_personal(value, replace)
    if isinstance(value, dict):
        return {
            read: _all_replaced(found, replace) if _speaks_of_personal(read) else found
            for read, found in cast("dict[str, Any]", value).items()
        }
    return cast("Any", value)


def _all_replaced(value: Any, replace: Replace) -> Any:
    if isinstance(value, str):
        return replace(value) if value and value != ERASED else value
    if isinstance(value, list):
        return [_all_replaced(each, replace) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {
            name: _all_replaced(each, replace)
            for name, each in cast("dict[str, Any]", value).items()
        }
    return value


def _of_text(name: str) -> bool:
    return name in FIELDS or name in ONLY_AS_TEXT


@lru_cache(maxsize=4096)
def _speaks_of_personal(read: str) -> bool:
    return not FIELDS.isdisjoint(_WORD.findall(read))
