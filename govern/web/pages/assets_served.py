"""The files that pages are made with."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, send_from_directory
from werkzeug.exceptions import NotFound as NoSuchPage

assets = Blueprint("assets", __name__)

FOLDER = Path(__file__).parent / "assets"
FILES = frozenset(each.name for each in FOLDER.iterdir())


@assets.get("/favicon.ico")
def icon() -> Any:
    """What a browser asks for beside an answer that names no icon of its own."""
    return send_from_directory(FOLDER, "icon.svg", max_age=3600)


@assets.get("/assets/<name>")
def file(name: str) -> Response:
    if name not in FILES:
        raise NoSuchPage
    return send_from_directory(FOLDER, name, max_age=3600)
