"""Evidence: files handed in and read back, and what is brought to an open submission."""

from hashlib import sha256
from io import BytesIO
from typing import Any

from flask import Response, request, send_file, url_for

from govern.documents.media import TYPES
from govern.domain.token_scope import TokenScope
from govern.services import brought
from govern.services import evidence_files as use
from govern.web.etags import TAG_LENGTH
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.evidence import (
    BroughtEvidence,
    EvidenceFile,
    EvidenceFilePage,
    EvidenceFileQuery,
    NewFileQuery,
)
from govern.web.schemas.gates import Submission
from govern.web.site import actor, now, runtime
from govern.web.version import tagged

evidence = Resource("evidence", "Documents that gates are decided on.", writes=TokenScope.PLAN)
UPLOAD = "evidence.hand_in_evidence"
"""The endpoint whose bodies are files, and may be larger than others."""


@evidence.upload(
    "/projects/<id:project>/evidence-files",
    EvidenceFile,
    query=NewFileQuery,
    types=TYPES,
    headers=["Location"],
)
def hand_in_evidence(project: str, query: dict[str, Any]) -> Any:
    """Hand in a file: its content is the body, its type the Content-Type, its name in the query.

    For the roles that submit to the project's gates or decide them. The content has to be what its
    type says. A content that the project has already is not kept twice: the answer is the file that
    stands.
    """
    made = use.hand_in(
        runtime(),
        actor(),
        project,
        filename=query["filename"],
        media_type=request.headers.get("Content-Type", ""),
        content=request.get_data(cache=False),
        now=now(),
    )
    return made, {"Location": url_for("evidence.get_evidence_file", file=made["id"])}


@evidence.read(
    "/projects/<id:project>/evidence-files",
    EvidenceFilePage,
    query=EvidenceFileQuery,
    headers=["Link"],
    past=True,
)
def list_evidence_files(project: str, query: dict[str, Any]) -> Any:
    """List the files of a project, the newest first."""
    return page_answer(use.list_files(runtime(), actor(), page_request(query), project))


@evidence.read("/evidence-files/<number:file>", EvidenceFile)
def get_evidence_file(file: int) -> Any:
    """Read what is known of a file: name, type, size, digest, who handed it in."""
    return use.get_file(runtime(), actor(), file)


@evidence.download("/evidence-files/<number:file>/content", types=TYPES)
def download_evidence_file(file: int) -> Response:
    """Download a file as it was handed in; its content is held against its digest first."""
    found = use.read_file(runtime(), actor(), file)
    return send_file(
        BytesIO(found.content),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.filename,
        conditional=False,
        etag=sha256(found.content).hexdigest()[:TAG_LENGTH],
    )


@evidence.write(
    "POST",
    "/submissions/<number:submission>/evidence",
    Submission,
    body=BroughtEvidence,
    status=201,
    versioned=True,
    headers=["ETag"],
)
def bring_evidence(submission: int, body: dict[str, Any], version: int) -> Any:
    """Add evidence to an open submission, or replace what has the same name.

    `If-Match` names the version of the submission. For the roles that submit to the gate or decide
    it. The submission is judged again: votes cast before count no more, and `changed` says why.
    """
    return tagged(
        brought.bring(runtime(), actor(), submission, body["evidence"], version=version, now=now())
    )
