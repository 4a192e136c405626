"""Webhooks: who is told of events at which address, and what became of each."""

from typing import Any

from flask import url_for

from govern.domain.token_scope import TokenScope
from govern.services import news_replay as sent
from govern.services import webhooks as use
from govern.web.idempotency import keep_no_answer
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.news import (
    NewWebhook,
    Webhook,
    WebhookChange,
    WebhookDeliveryPage,
    WebhookDeliveryQuery,
    WebhookDeliveryWithAttempts,
    WebhookEnd,
    WebhookPage,
    WebhookPause,
    WebhookPing,
    WebhookQuery,
    WebhookReplay,
    WebhookReplayed,
    WebhookResume,
    WebhookWithSecret,
)
from govern.web.site import actor, now, runtime
from govern.web.version import tagged

webhooks = Resource(
    "webhooks", "Events that are sent to other services as they happen.", writes=TokenScope.MANAGE
)


@webhooks.write(
    "POST",
    "/webhooks",
    WebhookWithSecret,
    body=NewWebhook,
    status=201,
    headers=["ETag", "Location"],
)
def add_webhook(body: dict[str, Any]) -> Any:
    """Have events sent to another service as they happen, signed, in order per project.

    For whoever holds a role: what is sent is what you may see when it is sent. The answer has the
    secret; it is told this once.
    """
    made = use.add(runtime(), actor(), **body, now=now())
    keep_no_answer()
    return tagged(made, Location=url_for("webhooks.get_webhook", webhook=made["id"]))


@webhooks.read("/webhooks", WebhookPage, query=WebhookQuery, headers=["Link"])
def list_webhooks(query: dict[str, Any]) -> Any:
    """List what you have sent as it happens; for admin and auditor what everybody has."""
    page = page_request(query)
    return page_answer(use.list_webhooks(runtime(), actor(), page, **query))


@webhooks.read("/webhooks/<number:webhook>", Webhook)
def get_webhook(webhook: int) -> Any:
    """Read a webhook, how it goes, and how much waits for it."""
    return tagged(use.get_webhook(runtime(), actor(), webhook))


@webhooks.write(
    "PATCH",
    "/webhooks/<number:webhook>",
    Webhook,
    body=WebhookChange,
    versioned=True,
    headers=["ETag"],
)
def change_webhook(webhook: int, body: dict[str, Any], version: int) -> Any:
    """Change where a webhook leads, which kinds of events it gets from now on, or its label."""
    return tagged(use.change(runtime(), actor(), webhook, body, version=version, now=now()))


@webhooks.write(
    "POST",
    "/webhooks/<number:webhook>/pause",
    Webhook,
    body=WebhookPause,
    versioned=True,
    headers=["ETag"],
)
def pause_webhook(webhook: int, body: dict[str, Any], version: int) -> Any:
    """Send nothing until it is resumed. What happens meanwhile waits."""
    return tagged(use.pause(runtime(), actor(), webhook, version=version, now=now()))


@webhooks.write(
    "POST",
    "/webhooks/<number:webhook>/resume",
    Webhook,
    body=WebhookResume,
    versioned=True,
    headers=["ETag"],
)
def resume_webhook(webhook: int, body: dict[str, Any], version: int) -> Any:
    """Go on after a pause, or after it was disabled, with what waits or without it."""
    return tagged(use.resume(runtime(), actor(), webhook, **body, version=version, now=now()))


@webhooks.write(
    "POST",
    "/webhooks/<number:webhook>/secret",
    WebhookWithSecret,
    body=WebhookPause,
    versioned=True,
    headers=["ETag"],
)
def rotate_webhook_secret(webhook: int, body: dict[str, Any], version: int) -> Any:
    """Make its secret anew. For a day each POST is signed with the one before, too."""
    made = use.rotate(runtime(), actor(), webhook, version=version, now=now())
    keep_no_answer()
    return tagged(made)


@webhooks.write(
    "POST",
    "/webhooks/<number:webhook>/end",
    Webhook,
    body=WebhookEnd,
    versioned=True,
    headers=["ETag"],
)
def end_webhook(webhook: int, body: dict[str, Any], version: int) -> Any:
    """Send nothing more, nor what waits. For whoever has it sent, or an administrator."""
    ended = use.end(runtime(), actor(), webhook, reason=body["reason"], version=version, now=now())
    return tagged(ended)


@webhooks.write("POST", "/webhooks/<number:webhook>/ping", WebhookPing, body=WebhookPause)
def ping_webhook(webhook: int, body: dict[str, Any]) -> Any:
    """Send one CloudEvent that tells of nothing, now, and tell what became of it."""
    return sent.ping(runtime(), actor(), webhook, now=now())


@webhooks.write(
    "POST",
    "/webhooks/<number:webhook>/replays",
    WebhookReplayed,
    body=WebhookReplay,
)
def replay_webhook(webhook: int, body: dict[str, Any]) -> Any:
    """Send every event since a time again, each under the id that it had."""
    return sent.replay_since(runtime(), actor(), webhook, since=body["since"], now=now())


@webhooks.read(
    "/webhooks/<number:webhook>/deliveries",
    WebhookDeliveryPage,
    query=WebhookDeliveryQuery,
    headers=["Link"],
)
def list_webhook_deliveries(webhook: int, query: dict[str, Any]) -> Any:
    """List what was sent to a webhook, waits to be, or was not taken, of the last 90 days."""
    page = page_request(query)
    return page_answer(sent.list_deliveries(runtime(), actor(), webhook, page, **query))


@webhooks.read("/webhook-deliveries/<number:delivery>", WebhookDeliveryWithAttempts)
def get_webhook_delivery(delivery: int) -> Any:
    """Read what became of one event for one webhook, with each try."""
    return sent.get_delivery(runtime(), actor(), delivery)


@webhooks.write(
    "POST",
    "/webhook-deliveries/<number:delivery>/replay",
    WebhookDeliveryWithAttempts,
    body=WebhookPause,
)
def replay_webhook_delivery(delivery: int, body: dict[str, Any]) -> Any:
    """Send one event again, under the id that it had; what waits after it in its project follows."""
    return sent.replay(runtime(), actor(), delivery, now=now())
