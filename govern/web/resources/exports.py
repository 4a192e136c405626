"""Exports for auditors: a bundle that verifies without govern."""

from typing import Any

from flask import Response

from govern.domain.token_scope import TokenScope
from govern.services.export_selection import Query
from govern.services.exporting import export
from govern.web.resource import Resource
from govern.web.schemas.exports import ExportQuery
from govern.web.site import actor, now, runtime

exports = Resource(
    "exports", "What an auditor takes away and verifies elsewhere.", reads=TokenScope.AUDIT
)


@exports.download(
    "/audit/export", types=["application/zip"], query=ExportQuery, refuses=[409], streamed=True
)
def export_for_audit(query: dict[str, Any]) -> Response:
    """Export a project, a gate or a period as a .zip that verifies with Python and `cryptography` alone.

    Takes the role auditor on the project, or on the installation for a period. What is not sealed yet is
    sealed first; that you took it is recorded. The .zip is sent as it is written: one that breaks off
    has no end and is refused by its verifier.
    """
    continues = query.pop("continues", None)
    cosigned = query.pop("cosigned", False)
    made = export(
        runtime(),
        actor(),
        Query(**query),
        continues=() if continues is None else (continues,),
        cosigned=cosigned,
        now=now(),
    )
    answer = Response(made.parts, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=made.filename)
    return answer
