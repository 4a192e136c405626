"""A report to another service: one POST with a signature, to a host that the operator has named.

No redirect is followed, no proxy is asked, and of the answer only its status is read: whoever gets
somebody to send a report elsewhere gets neither the report nor what stands behind the host.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from threading import Timer
from urllib.parse import urlsplit

from govern.domain.distribution import hook_host
from govern.services.outlets import Hooks
from govern.services.trying import NotSent, NotWanted

TIMEOUT_S = 10
LONGEST_S = 60
"""For all of one POST, however slowly an answer comes."""

SIGNATURE = "Govern-Signature"
GONE = 410


def signature(secret: bytes, at: datetime, body: bytes) -> str:
    """`t=…,v1=…`: the moment in seconds since 1970, and the HMAC-SHA256 of it, a full stop and the
    body (RFC 2104), in hexadecimal digits."""
    moment = str(int(at.timestamp()))
    mac = hmac.new(secret, moment.encode() + b"." + body, hashlib.sha256)
    return f"t={moment},v1={mac.hexdigest()}"


def headers(hooks: Hooks, number: str, body: bytes, at: datetime) -> Mapping[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "govern",
        "Idempotency-Key": f'"{number}"',
        SIGNATURE: signature(hooks.secret, at, body),
    }


def post(hooks: Hooks, url: str, number: str, body: bytes, *, at: datetime) -> None:
    """Raises NotSent for anything but an answer of 200 to 299, NotWanted for 410."""
    import http.client  # noqa: PLC0415 - only a tick with something to send needs it
    import ssl  # noqa: PLC0415

    if hook_host(url) not in hooks.hosts:
        raise NotSent("its host is not among GOVERN_WEBHOOK_HOSTS any more")
    parts = urlsplit(url)
    host = parts.hostname or ""
    opened = (
        http.client.HTTPSConnection(
            host, parts.port, timeout=TIMEOUT_S, context=ssl.create_default_context()
        )
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_S)
    )
    # Each wait for a part of an answer has its timeout; a trickle of parts has this one.
    watch = Timer(LONGEST_S, _cut, (opened,))
    watch.daemon = True
    watch.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        opened.request("POST", target, body, dict(headers(hooks, number, body, at)))
        status = opened.getresponse().status
    except TimeoutError as error:
        raise NotSent(f"the receiver did not answer within {TIMEOUT_S} s") from error
    except ssl.SSLCertVerificationError as error:
        raise NotSent("the receiver's certificate does not hold") from error
    except (OSError, http.client.HTTPException) as error:
        raise NotSent(f"the receiver cannot be reached: {type(error).__name__}") from error
    finally:
        watch.cancel()
        opened.close()
    if status == GONE:
        raise NotWanted("the receiver answered 410: it is gone for good")
    if not 200 <= status <= 299:
        raise NotSent(f"the receiver answered {status}")


def _cut(opened: object) -> None:
    import socket  # noqa: PLC0415

    held = getattr(opened, "sock", None)
    if isinstance(held, socket.socket):
        held.shutdown(socket.SHUT_RDWR)
