"""Time from outside: an authority states that a day's checkpoint existed (RFC 3161).

The stamped bytes are the checkpoint's signed note. What is kept is the authority's whole answer, so
that `openssl ts -verify -data NOTE -in ANSWER -CAfile ROOTS` can check it without govern.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from govern.domain.record import Record
from govern.domain.refusal import BadConfiguration, NotSealed, NotTimestamped
from govern.services.runtime import Runtime
from govern.store import checkpoints

_SECONDS = 30.0
_LONGEST = 1_000_000

Post = Callable[[str, bytes], bytes]
"""(address, request in DER) → the answer in DER."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Who states the time: its address, and the root certificates that its own leads up to."""

    url: str
    roots: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True)
class Timestamped:
    """The checkpoint over `size` events existed at `at`, says the authority.

    `new` is False where the day had its timestamp already.
    """

    size: int
    authority: str
    at: datetime
    new: bool


def authority_of(url: str | None, roots: Path | None) -> Authority:
    """The authority of the settings; raises BadConfiguration."""
    if url is None or roots is None:
        raise BadConfiguration(
            "A timestamp needs GOVERN_TSA_URL, the authority's address, and GOVERN_TSA_ROOTS, a PEM"
            " file with its root certificates.",
            setting="GOVERN_TSA_URL" if url is None else "GOVERN_TSA_ROOTS",
        )
    if not url.startswith(("https://", "http://")):
        raise BadConfiguration(
            f"GOVERN_TSA_URL is '{url}', which is no web address.", setting="GOVERN_TSA_URL"
        )
    return Authority(url, roots_in(roots))


def roots_in(roots: Path) -> tuple[Certificate, ...]:
    """The certificates of a PEM file; raises BadConfiguration."""
    try:
        return tuple(load_pem_x509_certificates(roots.read_bytes()))
    except (OSError, ValueError) as error:
        raise BadConfiguration(
            f"GOVERN_TSA_ROOTS is '{roots}', which holds no certificates in PEM: {error}.",
            setting="GOVERN_TSA_ROOTS",
        ) from None


def timestamp(
    runtime: Runtime, authority: Authority, *, now: datetime, post: Post | None = None
) -> Timestamped:
    """Have the last checkpoint stamped, once a day (UTC); again the same day it changes nothing.

    An answer is kept only once it has been verified. Raises NotSealed where there is no checkpoint,
    NotTimestamped where the authority gives no answer that holds.
    """
    with runtime.store.reading() as connection:
        stamped = _today(checkpoints.last_timestamp(connection, authority.url), now)
        last = checkpoints.last(connection)
    if stamped is not None:
        return stamped
    if last is None:
        raise NotSealed("Nothing has been sealed yet: govern audit seal")
    note = last["note"].encode()
    request = (
        TimestampRequestBuilder()
        .data(note)
        .hash_algorithm(HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
        .nonce(nonce=True)
        .build()
    )
    answer = (post or _post)(authority.url, request.as_bytes())
    at = verify_timestamp(answer, note, authority.roots, request)
    # The authority was asked outside of any transaction: another run may have been first.
    with runtime.store.writing() as connection:
        stamped = _today(checkpoints.last_timestamp(connection, authority.url), now)
        if stamped is not None:
            return stamped
        checkpoints.add_timestamp(connection, last["size"], authority.url, answer, now)
    return Timestamped(last["size"], authority.url, at, True)


def verify_timestamp(
    answer: bytes,
    note: bytes,
    roots: Iterable[Certificate],
    request: TimeStampRequest | None = None,
) -> datetime:
    """When these bytes existed, by an answer of an authority under one of these roots (RFC 3161 §2.4.2).

    With the request, the nonce of the answer is held against it. Raises NotTimestamped.
    """
    response = _read(answer)
    builder = VerifierBuilder() if request is None else VerifierBuilder.from_request(request)
    for root in dict.fromkeys(roots):
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(response, note)
    except (VerificationError, ValueError) as error:
        raise NotTimestamped(f"The authority's answer does not hold: {error}.") from None
    return response.tst_info.gen_time.astimezone(UTC)


def _today(row: Record | None, now: datetime) -> Timestamped | None:
    if row is None or row["recorded_at"].date() < now.astimezone(UTC).date():
        return None
    at = _read(row["token"]).tst_info.gen_time.astimezone(UTC)
    return Timestamped(row["size"], row["authority"], at, False)


def _read(answer: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(answer)
    except ValueError as error:
        raise NotTimestamped(f"The authority's answer is no timestamp: {error}.") from None


def _post(url: str, body: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query"}
    request = Request(url, data=body, headers=headers)  # noqa: S310 - see authority_of
    try:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            raw: bytes = answer.read(_LONGEST)
    except HTTPError as error:
        raise NotTimestamped(f"{url} answers {error.code}.") from None
    except (URLError, OSError) as error:
        raise NotTimestamped(f"{url} cannot be reached: {error}.") from None
    return raw
