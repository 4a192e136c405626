"""The words that sentences of the history are made of."""

from collections.abc import Callable, Mapping
from typing import Any, cast

Data = Mapping[str, Any]
Teller = Callable[[Data], str]


def word(value: Any) -> str:
    if isinstance(value, dict):
        # Links: what a thing is tied to, and by which share.
        named = cast("dict[str, Any]", value)
        return ", ".join(f"{key}: {_share(each)}" for key, each in named.items()) or "nothing"
    return "nothing" if value is None else str(value)


def _share(value: Any) -> str:
    return "not agreed" if value is None else str(value)


def digest_of(digest: str) -> str:
    """The beginning of a digest: enough to tell two apart by eye; the data have it whole."""
    return digest.removeprefix("sha256:")[:12]


def fields_of(data: Data) -> str:
    return "; ".join(f"{name}: {word(value)}" for name, value in data.items())
