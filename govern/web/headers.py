"""Headers on every answer: nothing is stored, sniffed, framed, or fetched from elsewhere."""

from flask import Response, request

from govern.web.site import site

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
# Swagger UI sets styles on elements and carries its icons as data.
_PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HTTPS_FOR_S = 31_536_000
"""How long a browser asks for nothing but https, once it was reached so: a year."""


def add_headers(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    on_docs = request.path == "/docs" or request.path.startswith("/docs/")
    policy = _PAGES if on_docs else _NOTHING
    # A page that is made of data says itself what it is content with.
    if response.mimetype != "text/html" or "Content-Security-Policy" not in response.headers:
        response.headers["Content-Security-Policy"] = policy
    # The files of Swagger UI say themselves how long they last; all else is for this caller, now.
    if not ((on_docs or request.path.startswith("/assets/")) and response.cache_control.max_age):
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure or site().is_https:
        response.headers["Strict-Transport-Security"] = f"max-age={HTTPS_FOR_S}"
    return response
