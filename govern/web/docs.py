"""The pages beside the API: its documentation, and what each kind of problem means.

Everything is served from the packages that are installed; nothing is fetched from elsewhere.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request, send_from_directory
from markupsafe import escape
from werkzeug.exceptions import NotFound as NoSuchPage

from govern.web.openapi import PREFIX
from govern.web.problem import PROBLEMS, every_refusal

documentation = Blueprint("documentation", __name__)

SWAGGER_FILES = frozenset(
    {
        "favicon-16x16.png",
        "favicon-32x32.png",
        "index.css",
        "swagger-ui-bundle.js",
        "swagger-ui.css",
    }
)

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{head}
<body>
{body}
</body>
</html>
"""

_DOCS_HEAD = """<link rel="stylesheet" href="/docs/index.css">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png" sizes="32x32">"""

_DOCS_BODY = """<div id="swagger-ui"></div>
<noscript>The description of the API is at <a href="{prefix}/openapi.json">openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>"""

_START = """window.ui = SwaggerUIBundle({
  url: "%s/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "none",
  persistAuthorization: false,
  presets: [SwaggerUIBundle.presets.apis],
  validatorUrl: null
});
"""


@documentation.get("/docs")
def docs() -> Response:
    body = _DOCS_BODY.format(prefix=PREFIX)
    return _html(_PAGE.format(title="govern: the web API", head=_DOCS_HEAD, body=body))


@documentation.get("/docs/start.js")
def start() -> Response:
    return Response(_START % PREFIX, mimetype="text/javascript")


@documentation.get("/docs/<name>")
def asset(name: str) -> Response:
    if name not in SWAGGER_FILES:
        raise NoSuchPage
    return send_from_directory(_swagger(), name, max_age=86_400)


@documentation.get(f"{PROBLEMS}<code>")
def problem(code: str) -> Any:
    """What a kind of problem means, as JSON for programs and as a page for people."""
    found = every_refusal().get(code)
    if found is None:
        raise NoSuchPage
    about = {"code": found.code, "title": found.title, "status": found.status}
    if request.accept_mimetypes.best_match(("application/json", "text/html")) != "text/html":
        return about
    body = (
        f"<h1>{escape(found.title)}</h1>\n"
        f"<p>Code <code>{escape(found.code)}</code>, HTTP status {found.status}. "
        "The answer itself says in <code>detail</code> what was wrong, and in "
        "<code>errors</code> with which field.</p>"
    )
    return _html(_PAGE.format(title=escape(found.title), head="", body=body))


def _swagger() -> Path:
    spec = find_spec("flask_swagger_ui")
    if spec is None or spec.origin is None:
        raise NoSuchPage
    return Path(spec.origin).parent / "dist"


def _html(text: str) -> Response:
    return Response(text, mimetype="text/html")
