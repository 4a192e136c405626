"""The files that pages are made with."""

from pathlib import Path

from flask import Blueprint, Response, send_from_directory
from werkzeug.exceptions import NotFound as NoSuchPage

assets = Blueprint("assets", __name__)

FOLDER = Path(__file__).parent / "assets"
FILES = frozenset(each.name for each in FOLDER.iterdir())


@assets.get("/assets/<name>")
def file(name: str) -> Response:
    if name not in FILES:
        raise NoSuchPage
    return send_from_directory(FOLDER, name, max_age=3600)
