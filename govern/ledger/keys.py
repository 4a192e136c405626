"""A log's key is replaced: a statement signed by the old key and by the new one.

Whoever trusts the old key can so follow to the new one. A signed note of five lines:
`<origin>/rotation`, the size of the log from which the new key signs, the old key, the new key, the
time. Both signatures stand under it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from govern.domain.instant import read_instant, write_instant
from govern.ledger.checkpoint import read_count
from govern.ledger.note import NoteFault, Signer, Verifier, open_note, sign, split_note

_SUFFIX = "/rotation"
_LINES = 5


class KeyFault(NoteFault):
    """A key is not trusted, or not for a log of this size."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """From the log's size `size` on `new` signs; up to and with it, `old` did."""

    size: int
    old: Verifier
    new: Verifier
    at: datetime

    def text(self) -> str:
        lines = [
            self.old.name + _SUFFIX,
            str(self.size),
            str(self.old),
            str(self.new),
            write_instant(self.at),
        ]
        return "\n".join([*lines, ""])


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A key, and the sizes of the log whose checkpoints it may have signed; no `last` is no end."""

    verifier: Verifier
    first: int = 0
    last: int | None = None


def sign_rotation(old: Signer, new: Signer, *, size: int, at: datetime) -> str:
    """The statement signed by both; `ValueError` where the keys are of two logs, or one key."""
    if old.name != new.name:
        raise ValueError(f"the key of {new.name} cannot follow that of {old.name}")
    if old.verifier == new.verifier:
        raise ValueError("a key cannot follow itself")
    return sign(Rotation(size, old.verifier, new.verifier, at).text(), old, new)


def open_rotation(signed: str) -> Rotation:
    """The statement, signed by both keys it names. Whether to trust the old one is not said here.

    Raises `NoteFault`.
    """
    text, _ = split_note(signed)
    lines = text[:-1].split("\n")
    if len(lines) != _LINES or not lines[0].endswith(_SUFFIX):
        raise NoteFault("this note does not replace a key")
    _, size, old, new, at = lines
    try:
        moment = read_instant(at)
    except ValueError as error:
        raise NoteFault(f"when the key was replaced: {error}") from None
    count = read_count(size, "the size of the log")
    rotation = Rotation(count, Verifier.read(old), Verifier.read(new), moment)
    if rotation.old.name != rotation.new.name or rotation.text() != text:
        raise NoteFault("a key is replaced by another key of the same log")
    note = open_note(signed, {rotation.old, rotation.new})
    for key in (rotation.old, rotation.new):
        if note.signed_by(key) is None:
            raise NoteFault(f"the key {key.key_id.hex()} has not signed that it was replaced")
    if rotation.old == rotation.new:
        raise NoteFault("a key cannot follow itself")
    return rotation


def follow(pinned: Verifier, rotations: Iterable[Rotation]) -> tuple[TrustedKey, ...]:
    """The keys that follow from a pinned one, in their order, each with the sizes it signs for.

    Rotations come in the order they happened, and those before the pinned key are passed over.
    `KeyFault` where one does not follow from the key that stood, or goes back in the log.
    """
    keys = [TrustedKey(pinned)]
    begun = False
    for rotation in rotations:
        current = keys[-1]
        if rotation.old != current.verifier:
            if begun:
                raise KeyFault(
                    f"the key {rotation.old.key_id.hex()} was replaced, but"
                    f" {current.verifier.key_id.hex()} was the log's key then"
                )
            continue
        begun = True
        if rotation.size < current.first or any(rotation.new == key.verifier for key in keys):
            raise KeyFault(f"the key {rotation.new.key_id.hex()} cannot follow at {rotation.size}")
        keys[-1] = replace(current, last=rotation.size)
        keys.append(TrustedKey(rotation.new, rotation.size))
    return tuple(keys)


def check_key(signed_by: Verifier, size: int, keys: Iterable[TrustedKey]) -> None:
    """That this key may have signed a checkpoint of a log of this size; raises `KeyFault`."""
    for key in keys:
        if key.verifier == signed_by:
            if key.first <= size and (key.last is None or size <= key.last):
                return
            until = "" if key.last is None else f" to {key.last}"
            raise KeyFault(
                f"the key {signed_by.key_id.hex()} signs for sizes {key.first}{until}, not {size}"
            )
    raise KeyFault(f"the key {signed_by.key_id.hex()} is not trusted")
