"""The web application."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from govern.domain.refusal import Refusal
from govern.services.runtime import Runtime
from govern.telemetry.telemetry import Telemetry
from govern.web.body import LARGEST_BODY, refuse_endless
from govern.web.docs import documentation
from govern.web.etags import add_etag
from govern.web.headers import add_headers
from govern.web.idempotency import keep_answer
from govern.web.limits import Limits
from govern.web.news_pages import news_pages
from govern.web.openapi import add_api
from govern.web.pages.all_pages import add_pages
from govern.web.pages.gate_work import EVIDENCE
from govern.web.pages.reading_upload import LARGEST_FORM
from govern.web.pages.reading_upload import UPLOAD as FORM_WITH_FILE
from govern.web.probes import EXTENSION as PROBES
from govern.web.probes import Probes, probes
from govern.web.problem import answer_refusal, answer_unexpected
from govern.web.reads import record_reads
from govern.web.resources.evidence import UPLOAD
from govern.web.resources.reading_files import FILES, LARGEST_FILE
from govern.web.routes import add_converters
from govern.web.site import EXTENSION, Site, site
from govern.web.watched import watch


class _InOrder(DefaultJSONProvider):
    """Fields in the order of their schema, and text as it is."""

    sort_keys = False
    ensure_ascii = False


def create_app(
    runtime: Runtime,
    clock: Callable[[], datetime],
    *,
    largest_body: int = LARGEST_BODY,
    telemetry: Telemetry | None = None,
    limits: Limits | None = None,
    proxies: int = 0,
) -> Flask:
    """The WSGI application over a runtime. `clock` gives aware UTC times; `largest_body` is bytes.

    `limits` are for each caller; without them nothing is counted. `proxies`: how many stand before it,
    whose word on a caller's address counts.
    """
    telemetry = telemetry or Telemetry()
    app = Flask("govern.web", static_folder=None)
    app.json = _InOrder(app)
    app.config["MAX_CONTENT_LENGTH"] = largest_body
    app.extensions[EXTENSION] = Site(runtime, clock, largest_body)
    app.extensions[PROBES] = Probes(telemetry)
    add_converters(app)
    watch(app, telemetry)

    @app.before_request
    def whole_bodies_only() -> None:  # pyright: ignore[reportUnusedFunction] - Flask keeps it
        if request.endpoint in (UPLOAD, EVIDENCE, FILES, FORM_WITH_FILE):
            kept = request.endpoint in (UPLOAD, EVIDENCE)
            largest = site().runtime.keeping.largest if kept else LARGEST_FILE
            if request.endpoint == FORM_WITH_FILE:
                largest = LARGEST_FORM
            request.max_content_length = largest
            refuse_endless(request, largest)
        else:
            refuse_endless(request, site().largest_body)

    if limits is not None:
        app.before_request(limits.count)
    app.after_request(add_headers)
    if limits is not None:
        app.after_request(limits.count_failed)
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
    app.after_request(keep_answer)
    app.after_request(record_reads)
    # Before the reads are recorded: who has an answer already is given nothing.
    app.after_request(add_etag)
    app.register_error_handler(Refusal, answer_refusal)
    app.register_error_handler(Exception, answer_unexpected)
    app.register_blueprint(documentation)
    app.register_blueprint(news_pages)
    app.register_blueprint(probes)
    add_api(app)
    add_pages(app)
    return app
