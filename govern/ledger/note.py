"""Signed notes: a text, and lines that say who signed it (C2SP signed-note, c2sp.org/signed-note).

Keys and signatures are those of Go's `golang.org/x/mod/sumdb/note` for Ed25519 (type 0x01), and the
timestamped cosignatures of a witness (type 0x04, c2sp.org/tlog-cosignature, `cosignature/v1`).
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MOST_SIGNATURES = 100
_KEY_BYTES = 32
_ID_BYTES = 4
_TIME_BYTES = 8
_SIGNATURE_BYTES = 64
_LATEST_SECOND = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())
_DASH = "— "


class NoteFault(ValueError):  # noqa: N818 - an answer about the note
    """A note, a key or a signature is not what it should be; the text says in which way."""


class Algorithm(IntEnum):
    """What a key signs: notes of its own, or a checkpoint together with the time it was seen."""

    ED25519 = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name: what is needed to know a signature. `public` has 32 bytes."""

    name: str
    algorithm: Algorithm
    public: bytes

    @property
    def key_id(self) -> bytes:
        """SHA-256(name ‖ 0x0A ‖ algorithm ‖ public key), its first four bytes."""
        return _key_id(self.name, self.algorithm, self.public)

    def __str__(self) -> str:
        """The text of the key (a `vkey`): `<name>+<key id in hex>+<base64>`."""
        return _key_text(self.name, self.key_id, self.algorithm, self.public)

    @classmethod
    def read(cls, text: str) -> "Verifier":
        """The key of a `vkey` text; raises `NoteFault`."""
        name, algorithm, public, claimed = _read_key(text.strip(), "key")
        verifier = cls(name, algorithm, public)
        if verifier.key_id.hex() != claimed:
            raise NoteFault(f"the key of {name} has the id {verifier.key_id.hex()}, not {claimed}")
        return verifier


@dataclass(frozen=True)
class Signer:
    """A private key with its name. `seed` has 32 bytes and is never shown."""

    # No slots: what is made of the seed is kept, which takes as long to make as a signature.

    name: str
    algorithm: Algorithm
    seed: bytes = field(repr=False)

    @cached_property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.algorithm, self._key.public_key().public_bytes_raw())

    def secret_text(self) -> str:
        """The text to keep in a file that only its owner reads: `PRIVATE+KEY+<name>+<id>+<base64>`."""
        key_id = self.verifier.key_id
        return "PRIVATE+KEY+" + _key_text(self.name, key_id, self.algorithm, self.seed)

    @classmethod
    def read(cls, text: str) -> "Signer":
        """The key of a text that `secret_text` or Go's `note.GenerateKey` wrote; `NoteFault`."""
        prefix, found, rest = text.strip().partition("PRIVATE+KEY+")
        if prefix or not found:
            raise NoteFault("a private key begins with PRIVATE+KEY+")
        name, algorithm, seed, claimed = _read_key(rest, "private key")
        signer = cls(name, algorithm, seed)
        # The id is that of the public half: it tells a key that was copied badly.
        if signer.verifier.key_id.hex() != claimed:
            raise NoteFault(f"the private key of {name} does not fit its id {claimed}")
        return signer

    def raw_signature(self, message: bytes) -> bytes:
        return self._key.sign(message)

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. `at` is the time a cosignature states; `None` for any other."""

    name: str
    key_id: bytes
    value: bytes = field(repr=False)
    at: datetime | None = None

    @property
    def line(self) -> str:
        return _signature_line(self.name, self.key_id, self.value)


@dataclass(frozen=True, slots=True)
class Note:
    """An opened note: `verified` signatures are by known keys and good, `unknown` ones by others."""

    text: str
    verified: tuple[Signature, ...]
    unknown: tuple[Signature, ...]

    def signed_by(self, verifier: Verifier) -> Signature | None:
        wanted = (verifier.name, verifier.key_id)
        return next((it for it in self.verified if (it.name, it.key_id) == wanted), None)


def generate(name: str, algorithm: Algorithm = Algorithm.ED25519) -> Signer:
    """A new private key; `NoteFault` for a name that cannot stand in a signature line."""
    _check_name(name)
    return Signer(name, algorithm, Ed25519PrivateKey.generate().private_bytes_raw())


def sign(text: str, *signers: Signer) -> str:
    """The note of a text that ends in a newline, signed by every signer, in their order."""
    _check_text(text)
    if not text.endswith("\n"):
        raise NoteFault("the text of a note ends in a newline")
    if not signers or any(signer.algorithm is not Algorithm.ED25519 for signer in signers):
        raise NoteFault("a note is signed by one Ed25519 key or more; a witness key cosigns")
    lines = (
        _signature_line(signer.name, signer.verifier.key_id, signer.raw_signature(text.encode()))
        for signer in signers
    )
    return text + "\n" + "".join(lines)


def cosign(text: str, signer: Signer, at: datetime) -> str:
    """The line a witness adds to a checkpoint whose note text this is, seen at `at` (whole seconds).

    c2sp.org/tlog-cosignature, Ed25519 signed message. `NoteFault` where the key is no witness key.
    """
    if signer.algorithm is not Algorithm.COSIGNATURE:
        raise NoteFault("the key of a log does not cosign; a witness has a key of its own")
    seconds = int(at.timestamp())
    signature = signer.raw_signature(_cosigned(text, seconds))
    value = seconds.to_bytes(_TIME_BYTES, "big") + signature
    return _signature_line(signer.name, signer.verifier.key_id, value)


def split_note(signed: str) -> tuple[str, tuple[Signature, ...]]:
    """Text and signatures of a note, nothing verified; raises `NoteFault` for what is no note."""
    _check_text(signed)
    place = signed.rfind("\n\n")
    if place < 0 or place + 2 == len(signed) or not signed.endswith("\n"):
        raise NoteFault("a note is a text, an empty line and signature lines, each with a newline")
    lines = signed[place + 2 : -1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteFault(f"a note with more than {MOST_SIGNATURES} signatures is not read")
    return signed[: place + 1], tuple(read_signature_line(line) for line in lines)


def read_signature_line(line: str) -> Signature:
    """`— <name> <base64>`, with or without its newline, not verified; raises `NoteFault`."""
    name, space, encoded = line.removesuffix("\n").removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise NoteFault(f"{line[:60]!a} is no signature line")
    _check_name(name)
    raw = decode_base64(encoded)
    if len(raw) <= _ID_BYTES:
        raise NoteFault(f"the signature of {name} is empty")
    return Signature(name, raw[:_ID_BYTES], raw[_ID_BYTES:])


def open_note(signed: str, verifiers: Iterable[Verifier]) -> Note:
    """The note, with each signature by a known key verified.

    `NoteFault` where it is no note, where a known key's signature is wrong, and where no known key
    has signed. A key's second signature on the same note is passed over, as Go does.
    """
    known = _by_name(verifiers)
    text, signatures = split_note(signed)
    verified: dict[tuple[str, bytes], Signature] = {}
    unknown: dict[tuple[str, bytes, bytes], Signature] = {}
    for signature in signatures:
        key = (signature.name, signature.key_id)
        verifier = known.get(key)
        if verifier is None:
            unknown.setdefault((*key, signature.value), signature)
        elif key not in verified:
            verified[key] = _verify(text, signature, verifier)
    if not verified:
        names = ", ".join(sorted({signature.name for signature in signatures}))
        raise NoteFault(f"no known key has signed; the signatures are by {names}")
    return Note(text, tuple(verified.values()), tuple(unknown.values()))


def encode_base64(data: bytes) -> str:
    """RFC 4648, section 4: with padding, without line breaks."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str) -> bytes:
    """The bytes of a text that `encode_base64` would write; `NoteFault` for any other spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteFault(f"{text[:60]!a} is no base64") from None
    # Two spellings of the same bytes would let a text be changed under a proof that still holds.
    if encode_base64(data) != text:
        raise NoteFault(f"{text[:60]!a} is not written as base64 is")
    return data


def _verify(text: str, signature: Signature, verifier: Verifier) -> Signature:
    message, value, at = text.encode(), signature.value, None
    try:
        if verifier.algorithm is Algorithm.COSIGNATURE:
            if len(value) != _TIME_BYTES + _SIGNATURE_BYTES:
                raise InvalidSignature
            seconds, value = int.from_bytes(value[:_TIME_BYTES], "big"), value[_TIME_BYTES:]
            if seconds > _LATEST_SECOND:
                raise InvalidSignature
            message, at = _cosigned(text, seconds), datetime.fromtimestamp(seconds, UTC)
        Ed25519PublicKey.from_public_bytes(verifier.public).verify(value, message)
    except (InvalidSignature, ValueError):
        raise NoteFault(
            f"the signature of {verifier.name} ({verifier.key_id.hex()}) does not fit the text"
        ) from None
    return Signature(signature.name, signature.key_id, signature.value, at)


def _by_name(verifiers: Iterable[Verifier]) -> dict[tuple[str, bytes], Verifier]:
    known: dict[tuple[str, bytes], Verifier] = {}
    for verifier in verifiers:
        other = known.setdefault((verifier.name, verifier.key_id), verifier)
        if other != verifier:
            raise NoteFault(f"two known keys are named {verifier.name} {verifier.key_id.hex()}")
    return known


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _signature_line(name: str, key_id: bytes, value: bytes) -> str:
    return f"{_DASH}{name} {encode_base64(key_id + value)}\n"


def _key_id(name: str, algorithm: Algorithm, public: bytes) -> bytes:
    message = name.encode() + b"\n" + bytes([algorithm]) + public
    return hashlib.sha256(message).digest()[:_ID_BYTES]


def _key_text(name: str, key_id: bytes, algorithm: Algorithm, key: bytes) -> str:
    return f"{name}+{key_id.hex()}+{encode_base64(bytes([algorithm]) + key)}"


def _read_key(text: str, what: str) -> tuple[str, Algorithm, bytes, str]:
    name, found, rest = text.partition("+")
    claimed, again, encoded = rest.partition("+")
    if not found or not again:
        raise NoteFault(f"a {what} is written <name>+<id>+<base64>")
    _check_name(name)
    raw = decode_base64(encoded)
    if raw[:1] not in {bytes([algorithm]) for algorithm in Algorithm}:
        raise NoteFault(f"the {what} of {name} is of a type not known here")
    if len(raw) != 1 + _KEY_BYTES:
        raise NoteFault(f"the {what} of {name} has {len(raw) - 1} bytes, not {_KEY_BYTES}")
    return name, Algorithm(raw[0]), raw[1:], claimed


def _check_name(name: str) -> None:
    if not name or "+" in name or any(it.isspace() or it < " " for it in name):
        raise NoteFault(f"{name!a} cannot name a key: no spaces, no plus sign, not empty")
    _check_text(name)


def _check_text(text: str) -> None:
    if any(character < " " and character != "\n" for character in text):
        raise NoteFault("a note has no control characters but newlines")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise NoteFault("a note is UTF-8") from None
