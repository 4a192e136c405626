"""The header `Idempotency-Key` (IETF draft httpapi-idempotency-key-header): one place for every write."""

import re
from http import HTTPStatus

from flask import Response, g, request

from govern.domain.refusal import BadRequest, Refusal
from govern.services import idempotency as use
from govern.web.site import actor, now, site

HEADER = "Idempotency-Key"
WRITES = frozenset({"POST", "PATCH"})
KEY = r'^("[ !#-\[\]-~]{1,255}"|[!#-+\--\[\]-~]{1,255})$'
"""A string of RFC 8941 without escapes, or the same without its quotes and blanks."""

_KEY = re.compile(KEY)
_OF_THE_MOMENT = frozenset({"content-length", "date"})
"""Headers that every answer has anew."""


def answer_again() -> Response | None:
    """Before a write that has a key: the answer that it had, or None to let it be done."""
    given = request.headers.get(HEADER)
    if given is None or request.method not in WRITES:
        return None
    if not _KEY.fullmatch(given.strip()):
        raise BadRequest(
            f"The header {HEADER} is one text of 1 to 255 printable ASCII characters, in double quotes, "
            'such as "8e03978e-40d5-43dd-bc93-6894a57f9324".'
        )
    asked = (
        request.method,
        request.full_path,
        request.headers.get("If-Match", ""),
        request.headers.get("Content-Type", ""),
    )
    parts = [*(each.encode() for each in asked), request.get_data(cache=True)]
    found = use.begin(site().runtime, actor(), given.strip().strip('"'), parts, now=now())
    if isinstance(found, use.Answer):
        answer = Response(found.body, status=found.status)
        answer.headers.clear()
        answer.headers.extend(found.headers)
        return answer
    g.keyed = found
    return None


def keep_no_answer() -> None:
    """What this request is answered holds a secret, which is told once and kept nowhere."""
    g.tells_a_secret = True


def keep_answer(response: Response) -> Response:
    """After a write that has a key: its answer is kept. After a fault the key is free again."""
    keyed = g.pop("keyed", None)
    if keyed is None:
        return response
    try:
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or "tells_a_secret" in g:
            use.give_up(keyed)
        else:
            headers = [each for each in response.headers if each[0].lower() not in _OF_THE_MOMENT]
            body = response.get_data(as_text=True)
            use.keep(keyed, use.Answer(response.status_code, headers, body))
    except Refusal:
        # The answer is given all the same. Who asks again is told that it was done, or may do it.
        pass
    return response
