"""Recording what auditors are given of people, in the one place that every answer passes."""

from flask import Response, g, request

from govern.domain.refusal import Refusal
from govern.services.personal_reads import record_read
from govern.web.problem import answer_refusal
from govern.web.site import actor, asked_at, site

_OF_NOBODY = frozenset({"log"})
"""Resources whose files hold hashes and signatures, and nothing of anybody."""

_RECORDED_BEFORE = frozenset({"exports"})
"""Resources that record who takes what before they begin to send it."""


def record_reads(response: Response) -> Response:
    """The answer, or the refusal to give it where reading it could not be recorded."""
    if request.method != "GET" or response.status_code != 200 or "actor" not in g:
        return response
    if request.blueprint in _OF_NOBODY | _RECORDED_BEFORE:
        return response
    answer = response.get_json() if response.is_json and not response.is_streamed else None
    try:
        record_read(site().runtime, actor(), request.path, answer, now=asked_at())
    except Refusal as refused:
        response.close()
        return answer_refusal(refused)
    return response
