"""The page to report one figure: files that stand beside this module, which talk to the API.

The browser runs what comes from here and nothing else: neither script nor style stands in the page.
"""

from pathlib import Path

from flask import Blueprint, Response, send_from_directory
from werkzeug.exceptions import NotFound as NoSuchPage

report_page = Blueprint("report_page", __name__)

PATH = "/report"
FILES = frozenset({"report.css", "report.js"})
_FOLDER = Path(__file__).parent / "report"


@report_page.get(PATH)
def report() -> Response:
    return send_from_directory(_FOLDER, "page.html", mimetype="text/html")


@report_page.get(f"{PATH}/<name>")
def file(name: str) -> Response:
    if name not in FILES:
        raise NoSuchPage
    return send_from_directory(_FOLDER, name)
