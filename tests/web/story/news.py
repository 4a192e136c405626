"""What happens is sent out: reports, webhooks, letters, a calendar."""

from tests.web.story.cast import MARGIT
from tests.web.teller import Teller


def informs(teller: Teller) -> None:
    do = teller.do
    do("listReports", MARGIT)
    do("getReport", MARGIT, kind="portfolio-value", portfolio="main", currency="EUR")
    schedule = {
        "report": "portfolio-value",
        "portfolio": "main",
        "every": "monthly",
        "channel": "email",
        "address": "margit.solberg@lindmark.example, henrik.dahl@lindmark.example",
        "currency": "EUR",
        "first_on": "2026-11-24",
    }
    made = do("addReportSchedule", MARGIT, schedule)
    do("getReportSchedule", MARGIT, schedule=made["id"])
    do("listReportSchedules", MARGIT)
    teller.lindmark.tick()
    [delivery, *_] = do("listDeliveries", MARGIT, limit=2)["items"]
    do("getDelivery", MARGIT, delivery=delivery["id"])
    ended = {"reason": "The board reads the page itself now."}
    do("endReportSchedule", MARGIT, ended, schedule=made["id"])
    do("listNotices", MARGIT, limit=2)


def subscribes(teller: Teller) -> None:
    do = teller.do
    new = {
        "url": teller.hook,
        "kinds": ["gate.decided", "recommendation.*"],
        "portfolio": "main",
        "label": "Chat of the project office",
    }
    made = do("addWebhook", MARGIT, new)
    number = made["id"]
    do("changeWebhook", MARGIT, {"kinds": ["gate.*"]}, webhook=number)
    do("pauseWebhook", MARGIT, {}, webhook=number)
    do("resumeWebhook", MARGIT, {}, webhook=number)
    do("rotateWebhookSecret", MARGIT, {}, webhook=number)
    do("getWebhook", MARGIT, webhook=number)
    do("listWebhooks", MARGIT)
    do("pingWebhook", MARGIT, {}, webhook=number)
    do("replayWebhook", MARGIT, {"since": "2026-11-23T00:00:00Z"}, webhook=number)
    teller.lindmark.pass_on()
    [sent, *_] = do("listWebhookDeliveries", MARGIT, webhook=number)["items"]
    do("getWebhookDelivery", MARGIT, delivery=sent["id"])
    do("replayWebhookDelivery", MARGIT, {}, delivery=sent["id"])
    do("endWebhook", MARGIT, {"reason": "The chat is gone."}, webhook=number)


def is_told(teller: Teller) -> None:
    do = teller.do
    do("chooseMail", MARGIT, {"choice": "daily"})
    do("getMailChoice", MARGIT)
    do("makeCalendarAddress", MARGIT, {})
    do("getCalendarAddress", MARGIT)
    do("revokeCalendarAddress", MARGIT, {})
    do("listOwnTokens", MARGIT)
