"""For machines that watch over the service: is it alive, is it ready, how much does it do?"""

import hmac
from collections.abc import Callable
from functools import partial
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import NotFound

from govern.domain.refusal import NotAllowed, NotReady, NotSignedIn
from govern.services.readiness import NO_ANSWER, Missing, missing
from govern.settings import shipped
from govern.store.migrate import newest
from govern.telemetry.latest import Latest
from govern.telemetry.telemetry import LOCAL, OFF, Scraping, Telemetry
from govern.web.site import Site, site

EXTENSION = "govern.probes"

READY_WITHIN_S = 2.0
"""So long the database may take to answer a probe."""

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_PROXIES = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-Ip",
    "Via",
)
"""What a proxy says of whom it asks for."""

probes = Blueprint("probes", __name__)


class Probes:
    """What the probes of one application stand on. Nothing of it is made before it is asked for."""

    def __init__(self, telemetry: Telemetry) -> None:
        self.scraping: Scraping = telemetry.scraping
        self._telemetry = telemetry
        self._ready: Latest[list[Missing]] | None = None
        self._expose: Callable[[], bytes] | None = None

    def missing(self, stands: Site) -> list[Missing]:
        if self._ready is None:
            ask = partial(missing, stands.runtime, newest(shipped("migrations")))
            self._ready = Latest(ask, fresh_s=0.25, wait_s=READY_WITHIN_S)
        found, _ = self._ready.get()
        return [NO_ANSWER] if found is None else found

    def metrics(self, stands: Site) -> bytes:
        if self._expose is None:
            self._expose = self._telemetry.exposing(stands.runtime, stands.clock)
        return self._expose()


def _probes() -> Probes:
    return current_app.extensions[EXTENSION]


@probes.get("/healthz")
def healthz() -> Any:
    """The process answers. Nothing is asked of anything else."""
    return jsonify(status="alive")


@probes.get("/readyz")
def readyz() -> Any:
    """Requests can be answered, or what is missing."""
    found = _probes().missing(site())
    if found:
        raise NotReady(
            " ".join(each.why for each in found),
            missing=[{"what": each.what, "why": each.why} for each in found],
        )
    return jsonify(status="ready")


@probes.get("/metrics")
def metrics() -> Any:
    _require_scraper(_probes().scraping)
    return Response(_probes().metrics(site()), content_type=METRICS_TYPE)


def _require_scraper(scraping: Scraping) -> None:
    """Raises NotFound where nobody may, NotAllowed or NotSignedIn where this caller may not."""
    if scraping.who == OFF:
        raise NotFound
    if scraping.who == LOCAL:
        if not _is_local():
            raise NotAllowed(
                "The metrics are for this machine itself, asked without a proxy. Others read them "
                "with a token: see the setting GOVERN_METRICS."
            )
        return
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    right = (scraping.token or "").encode()
    same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), right)
    if scheme.lower() != "bearer" or not right or not same:
        raise NotSignedIn("Send the header Authorization: Bearer and the token for the metrics.")


def _is_local() -> bool:
    """Whether the caller is on this machine, by all that is known: by the address it comes from, by the
    name it asks for, and as no proxy has left a mark."""
    if any(each in request.headers for each in _PROXIES):
        return False
    host = request.host.rpartition(":")[0] if request.host[-1:] != "]" else request.host
    host = host or request.host
    return _is_loopback(request.remote_addr or "") and (
        host.lower() == "localhost" or _is_loopback(host.strip("[]"))
    )


def _is_loopback(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
