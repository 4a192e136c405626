"""Files of figures, as finance, sales and operations send them."""

from dataclasses import asdict
from typing import Any, cast

from flask import request

from govern.documents.media import BYTES
from govern.domain.refusal import FileNotTaken, UnsupportedMediaType
from govern.domain.token_scope import TokenScope
from govern.intake.foreign.csv_file import LARGEST
from govern.services.reading_files import take_file
from govern.web.resource import Resource
from govern.web.schemas.reading_files import TYPES, FileResult, ReadingFileQuery
from govern.web.site import actor, now, runtime

reading_files = Resource("reading-files", "Figures that come as files.", writes=TokenScope.READINGS)
FILES = "reading-files.take_reading_file"
"""The endpoint whose bodies are files of figures."""
LARGEST_FILE = LARGEST


@reading_files.upload(
    "/readings/files",
    FileResult,
    query=ReadingFileQuery,
    types=TYPES,
    status=200,
)
def take_reading_file(query: dict[str, Any]) -> Any:
    """Bring in a CSV or XLSX file of figures; it is the body, its name is in the query.

    What may mean two things is asked, and nothing is guessed. If any cell is refused or asked about,
    nothing goes in, and the problem tells the outcome of each cell; unless `keep_good`. Actual values
    take the roles of one reading, planned ones those of a plan, on every project concerned.
    """
    if request.mimetype not in (*TYPES, BYTES):
        raise UnsupportedMediaType(f"The body must be of one of the types {', '.join(TYPES)}.")
    accept = query.pop("accept", "")
    report = take_file(
        runtime(),
        actor(),
        content=request.get_data(cache=False),
        accept=[each.strip() for each in accept.split(",") if each.strip()],
        now=now(),
        **query,
    )
    told = asdict(report)
    if not (report.written or report.whole or query.get("dry_run")):
        facts = cast("dict[str, Any]", FileResult().dump(told))
        raise FileNotTaken("Nothing was written: cells are refused or asked about.", **facts)
    return told
