"""What events say of webhooks, and of what people want by mail."""

from govern.store.projection.fact import Fact
from govern.store.projection.rows import Rows
from govern.store.tables import mail_choice, webhook
from govern.store.webhooks import ACTIVE, DISABLED, ENDED, PAUSED


def webhook_added(rows: Rows, fact: Fact) -> None:
    values = dict(fact.data)
    rows.add(
        webhook,
        id=values.pop("webhook"),
        **values,
        state=ACTIVE,
        rotation=0,
        recorded_by=fact.actor,
        version=1,
        recorded_at=fact.at,
    )


def webhook_changed(rows: Rows, fact: Fact) -> None:
    """`webhook.changed` and `webhook.rotated` say what is new."""
    values = dict(fact.data)
    rows.change(webhook, values.pop("webhook"), **values)


def webhook_paused(rows: Rows, fact: Fact) -> None:
    rows.change(webhook, fact.data["webhook"], state=PAUSED)


def webhook_resumed(rows: Rows, fact: Fact) -> None:
    rows.change(webhook, fact.data["webhook"], state=ACTIVE, because=None)


def webhook_disabled(rows: Rows, fact: Fact) -> None:
    rows.change(webhook, fact.data["webhook"], state=DISABLED, because=fact.data["because"])


def webhook_ended(rows: Rows, fact: Fact) -> None:
    rows.change(webhook, fact.data["webhook"], state=ENDED, because=fact.data["because"])


def mail_chosen(rows: Rows, fact: Fact) -> None:
    rows.put(mail_choice, person_id=fact.actor, **fact.data, recorded_at=fact.at)
