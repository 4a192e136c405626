"""Webhooks, what was sent to them, what people want by mail, and their calendars."""

from marshmallow import fields

from govern.domain.distribution import LONGEST_URL
from govern.domain.mail_choice import MailChoice
from govern.services.news_kinds import MOST_PATTERNS
from govern.store.news import STATES as DELIVERED
from govern.store.webhooks import STATES
from govern.web.fields import Flag, Identifier, Instant, Text, Word
from govern.web.fields.several import Several
from govern.web.patterns import TAG_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import Given, PageQuery, Told, listed, next_page, sort_by, texts
from govern.web.schemas.past import Moment

_SECRET = {
    "description": "What each POST is signed with (Standard Webhooks), told this once: `whsec_` and "
    "base64."
}


class Webhook(Told):
    id = fields.Integer()
    url = fields.String()
    label = fields.String(allow_none=True)
    kinds = texts("Kinds of events, or `gate.*` for all of gates; empty for every kind.")
    portfolio = fields.String(allow_none=True)
    project = fields.String(allow_none=True)
    state = Word(STATES)
    because = fields.String(
        allow_none=True, metadata={"description": "Why it was disabled, or has ended."}
    )
    failures = fields.Integer(
        metadata={"description": "How many tries failed since one was taken."}
    )
    failing_since = Instant(allow_none=True)
    sent_at = Instant("When something was taken last.", allow_none=True)
    rotated_at = Instant(
        "When it got its present secret; for a day the one before signs too.", allow_none=True
    )
    waiting = fields.Integer(metadata={"description": "How many events wait to be sent."})
    recorded_by = fields.String(metadata={"description": "Who has it sent, with whose rights."})
    recorded_by_name = fields.String(allow_none=True)
    recorded_at = Instant()
    version = fields.Integer()


class WebhookWithSecret(Webhook):
    secret = fields.String(metadata=_SECRET)


class WebhookPage(Told):
    items = listed(Webhook)
    next = next_page()


class WebhookQuery(PageQuery):
    state = Word(STATES, "Only those in this state.")
    sort = sort_by("id", "state", default="-id")


class NewWebhook(Given):
    url = Text(LONGEST_URL, "Where to, over https.", required=True)
    kinds = Several(
        Text(TAG_LENGTH),
        "Only these kinds of events: `gate.decided`, or `gate.*` for all of gates.",
        most=MOST_PATTERNS,
    )
    portfolio = Identifier("Only of this portfolio.")
    project = Identifier("Only of this project.")
    label = Text(TAG_LENGTH, "What it is for, in your words.")


class WebhookChange(Given):
    url = Text(LONGEST_URL, "Where to from now on, over https.")
    kinds = Several(
        Text(TAG_LENGTH),
        "Only these kinds from now on; all where the list is empty.",
        most=MOST_PATTERNS,
    )
    label = Text(TAG_LENGTH, "What it is for, in your words.", allow_none=True)


class WebhookPause(Given):
    """Nothing is to be said."""


class WebhookResume(Given):
    drop = Flag("Whether what waits is left out; it is sent unless said.")


class WebhookEnd(Given):
    reason = Text(TEXT_LENGTH, "Why; it stands in the history.", lines=True, required=True)


class WebhookReplay(Given):
    since = Moment(
        "Every event since this moment is sent again, those too that were there before the webhook.",
        required=True,
    )


class WebhookReplayed(Told):
    webhook = fields.Integer()
    since = Instant()
    events = fields.Integer(metadata={"description": "How many wait to be sent for that."})


class WebhookPing(Told):
    taken = fields.Boolean()
    status = fields.Integer(allow_none=True, metadata={"description": "The status answered."})
    duration_ms = fields.Integer()
    failure = fields.String(allow_none=True, metadata={"description": "What went wrong."})


class WebhookDelivery(Told):
    id = fields.Integer()
    webhook = fields.Integer()
    project = fields.String(
        metadata={"description": "The project of the event; `@service` for one of none."}
    )
    seq = fields.Integer(metadata={"description": "The number of the event in its project."})
    kind = fields.String()
    state = Word(DELIVERED)
    tries = fields.Integer()
    status = fields.Integer(
        allow_none=True, metadata={"description": "The status answered to the last try."}
    )
    duration_ms = fields.Integer(allow_none=True)
    failure = fields.String(
        allow_none=True, metadata={"description": "What went wrong with the last try."}
    )
    ended_at = Instant(allow_none=True)
    recorded_at = Instant()


class WebhookAttempt(Told):
    tried_at = Instant()
    status = fields.Integer(allow_none=True)
    duration_ms = fields.Integer(allow_none=True)
    failure = fields.String(allow_none=True)


class WebhookDeliveryWithAttempts(WebhookDelivery):
    attempts = listed(WebhookAttempt, "Each try, in order.")


class WebhookDeliveryPage(Told):
    items = listed(WebhookDelivery)
    next = next_page()


class WebhookDeliveryQuery(PageQuery):
    state = Word(DELIVERED, "Only those in this state.")
    project = Identifier("Only of this project.")
    sort = sort_by("id", "state", default="-id")


class ChosenMail(Told):
    choice = Word(MailChoice)
    version = fields.Integer(metadata={"description": "0 where nothing was chosen."})


class MailToChoose(Given):
    choice = Word(
        MailChoice,
        "`all`: each notice at once. `gates`: those of gates that wait for you. `daily`: one letter a "
        "day with all of them. `none`: no letters.",
        required=True,
    )


class CalendarAddress(Told):
    made_at = Instant("When its address was made; null where there is none.", allow_none=True)
    expires_at = Instant("Until when it is good.", allow_none=True)


class NewCalendarAddress(CalendarAddress):
    address = fields.String(
        metadata={
            "description": "Where a calendar program gets it, told this once: whoever has the address "
            "sees what is due for you, and can do nothing else with it."
        }
    )


class CalendarToMake(Given):
    """Nothing is to be said."""
