"""Addresses without a sign-in: schemas of events, a calendar and an end to letters by their secrets."""

import json

from flask import Blueprint, Response, request
from markupsafe import escape
from werkzeug.exceptions import NotFound as NoSuchPage

from govern.domain.refusal import NotFound
from govern.services import calendar_addresses, calendar_feed, notice_mail
from govern.services.cloud_events import SCHEMAS
from govern.services.event_schemas import schema_of
from govern.services.notice_letters import STOP
from govern.web.site import now, runtime

news_pages = Blueprint("news_pages", __name__)

CALENDAR = "text/calendar; charset=utf-8"
_DAY_S = 86_400

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


@news_pages.get(f"{SCHEMAS}<kind>.json")
def event_schema(kind: str) -> Response:
    """The JSON Schema of the data of a kind of event."""
    found = schema_of(kind, runtime().public_url)
    if found is None:
        raise NoSuchPage
    return Response(json.dumps(found, indent=2), mimetype="application/schema+json")


@news_pages.get(f"{calendar_addresses.PATH}<secret>.ics")
def calendar(secret: str) -> Response:
    """What is due for whoever made this address."""
    moment = now()
    whose = calendar_addresses.whose(runtime(), secret, now=moment)
    found = calendar_feed.entries(runtime(), whose, now=moment)
    public_url = runtime().public_url
    tag = calendar_feed.tag_of(found, public_url)
    if request.if_none_match.contains_weak(tag):
        return Response(status=304, headers={"ETag": f'"{tag}"'})
    text = calendar_feed.write(found, public_url, now=moment)
    disposition = 'inline; filename="govern.ics"'
    headers = {"ETag": f'"{tag}"', "Content-Disposition": disposition}
    return Response(text, content_type=CALENDAR, headers=headers)


@news_pages.get(f"{STOP}<secret>")
def ask_to_stop(secret: str) -> Response:
    """A button: a program that looks at links must not end anything."""
    body = (
        f'<form method="post" action="{escape(STOP + secret)}">'
        "<p>You will get no more notices of govern by mail. You can choose otherwise at any time.</p>"
        '<p><button type="submit">No more letters</button></p></form>'
    )
    return _html("Letters of govern", body)


@news_pages.post(f"{STOP}<secret>")
def stop(secret: str) -> Response:
    """Ends letters: by the button, or by the one click of a mail program (RFC 8058)."""
    try:
        notice_mail.stop(runtime(), secret, now=now())
    except NotFound as refused:
        return _html("Letters of govern", f"<p>{escape(refused.detail)}</p>", 404)
    return _html("Letters of govern", "<p>You get no more notices by mail.</p>")


def _html(title: str, body: str, status: int = 200) -> Response:
    made = Response(_PAGE.format(title=title, body=body), status=status, mimetype="text/html")
    made.headers["Content-Security-Policy"] = (
        "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return made
