"""An event's body, read and written again by a compiled parser, for whoever reads a million of them.

What is read so and written again to the same bytes is canonical (RFC 8785) where it has no character
beyond U+FFFF, by which keys would be in another order: numbers that are not whole or beyond ±(2^53 − 1)
and what is nested deeper than usual are not read at all.
"""

from collections.abc import Callable
from typing import Annotated, Any, Protocol, Union, cast

import msgspec

NOT_QUICK = (msgspec.MsgspecError, TypeError, ValueError)
"""What reading and writing raise where this is no way for a body."""

_LARGEST = 2**53 - 1
_NESTED = 9


def _values(depth: int) -> Any:
    """The type of what an event may tell, nested so deep. msgspec spells it out at every level."""
    whole: Any = Annotated[int, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]
    flat: Any = Union[str, whole, bool, None]  # noqa: UP007 - `|` takes no value of the type Any
    if not depth:
        return flat
    within: Any = _values(depth - 1)
    return Union[flat, list[within], dict[str, within]]  # noqa: UP007


class Told(Protocol):
    """Of a body what does not stand in columns beside it."""

    @property
    def actor(self) -> str: ...
    @property
    def data(self) -> dict[str, Any]: ...


_TOLD = msgspec.defstruct("Told", [("actor", str), ("data", dict[str, _values(_NESTED)])], gc=False)


class Body(msgspec.Struct, gc=False):
    """A body, to be written. Its fields are those of an event, in their canonical order."""

    actor: str
    at: str
    data: dict[str, Any]
    kind: str
    prev: str
    project: str
    seq: int
    v: int


read = cast("Callable[[bytes], Told]", msgspec.json.Decoder(_TOLD).decode)
write_into = msgspec.json.Encoder(order="deterministic").encode_into
"""Writes a body over what stands in a bytearray, with its fields as they come and what they hold sorted."""
