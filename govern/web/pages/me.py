"""Oneself: the roles one has, where one is signed in, how one is told of what waits, and the tokens of
one's own programs."""

from datetime import timedelta
from typing import Any

from flask import request

from govern.domain.mail_choice import MailChoice
from govern.domain.refusal import InvalidInput
from govern.domain.token_scope import TokenScope
from govern.services import calendar_addresses, notice_mail, roles, sessions, tokens
from govern.web.pages import access_shown, cookie
from govern.web.pages.form import Form, read_form
from govern.web.pages.page import Pages, go_on
from govern.web.pages.render import render
from govern.web.schemas.access import OwnToken
from govern.web.schemas.news import MailToChoose
from govern.web.site import actor, now, runtime

pages = Pages("me")

DAYS = 90
"""How long a token is good for where nobody says otherwise."""

_DIGITS = 6

_LETTERS = (
    (
        MailChoice.GATES.value,
        "Gates",
        "At once, those of gates and value checks that wait for you.",
    ),
    (MailChoice.ALL.value, "All", "Every notice, at once."),
    (
        MailChoice.DAILY.value,
        "Daily",
        "One letter a day with all of them, at six in the morning, UTC.",
    ),
    (
        MailChoice.NONE.value,
        "None",
        "No letters. What waits for you still stands on your first page.",
    ),
)


@pages.page("/me")
def me() -> Any:
    return _show(Form())


@pages.form("/me/tokens")
def make_token() -> Any:
    """The token stands on the answer, once: nothing keeps it."""
    form = read_form(OwnToken, scopes=request.form.getlist("scopes"), **_days())
    if form.data is None or form.errors:
        return _show(form, status=422)
    days: int = form.data["days"]
    try:
        secret = tokens.make_own(
            runtime(),
            actor(),
            label=form.data["label"],
            lifetime=timedelta(days=days),
            scopes=[TokenScope(each) for each in form.data["scopes"]],
            now=now(),
        )
    except InvalidInput as refusal:
        return _show(form.refused(refusal), status=refusal.status)
    return render(
        "token-made.html",
        title="Your new token",
        token=secret,
        label=form.data["label"],
        expires_at=now() + timedelta(days=days),
        address=runtime().public_url,
    )


def _days() -> dict[str, int]:
    """A form sends text; what is no number stays one, and is refused as that."""
    text = request.form.get("days", "").strip()
    return {"days": int(text)} if text.isascii() and text.isdigit() and len(text) < _DIGITS else {}


@pages.form("/me/tokens/<int:token>/revoke")
def revoke_token(token: int) -> Any:
    tokens.revoke_token(runtime(), actor(), token, now=now())
    return go_on("/me?done=token")


@pages.form("/me/mail")
def choose_mail() -> Any:
    form = read_form(MailToChoose)
    if form.data is None:
        return _show(form, status=422)
    choice = MailChoice(form.data["choice"])
    notice_mail.choose(runtime(), actor(), choice, version=None, now=now())
    return go_on("/me?done=mail")


@pages.form("/me/calendar")
def make_calendar_address() -> Any:
    """The address stands on the answer, once: nothing keeps it."""
    made = calendar_addresses.make_address(runtime(), actor(), now=now())
    return render("calendar-made.html", title="The address of your calendar", made=made)


@pages.form("/me/calendar/revoke")
def revoke_calendar_address() -> Any:
    calendar_addresses.revoke_address(runtime(), actor(), now=now())
    return go_on("/me?done=calendar")


@pages.form("/me/sign-out-everywhere")
def sign_out_everywhere() -> Any:
    sessions.end_everywhere(runtime(), actor(), actor().person_id, now=now())
    answer = go_on("/sign-in")
    cookie.forget(answer)
    return answer


def _show(form: Form, *, status: int = 200) -> Any:
    who, at = actor(), now()
    answer = render(
        "me.html",
        title=who.name,
        grants=access_shown.grants(roles.own_grants(runtime(), who, at)),
        sessions=access_shown.sessions(sessions.own_sessions(runtime(), who, at)),
        tokens=access_shown.tokens(tokens.own_tokens(runtime(), who, at)),
        letters=_LETTERS,
        letter=notice_mail.get_choice(runtime(), who)["choice"],
        mail=runtime().outlets.mail is not None,
        calendar=calendar_addresses.get_address(runtime(), who, now=at),
        scopes=access_shown.SCOPES,
        chosen=request.form.getlist("scopes") or [TokenScope.READ.value],
        days=DAYS,
        form=form,
        done=access_shown.DONE.get(request.args.get("done", "")),
    )
    answer.status_code = status
    return answer
