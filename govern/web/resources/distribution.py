"""Reports that are sent again and again, and what is due next."""

from typing import Any

from flask import url_for

from govern.domain.distribution import Channel, Every
from govern.domain.token_scope import TokenScope
from govern.services import deliveries as sent
from govern.services import report_schedules as use
from govern.services.next_due import due_next
from govern.web.idempotency import keep_no_answer
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.distribution import (
    Delivery,
    DeliveryPage,
    DeliveryQuery,
    DueNext,
    DueNextQuery,
    NewReportSchedule,
    NewReportScheduleTold,
    ReportSchedule,
    ReportSchedulePage,
    ReportScheduleQuery,
    ScheduleEnd,
)
from govern.web.site import actor, now, runtime
from govern.web.version import tagged

distribution = Resource(
    "distribution", "Reports that are sent by mail or webhook.", writes=TokenScope.MANAGE
)


@distribution.write(
    "POST",
    "/report-schedules",
    NewReportScheduleTold,
    body=NewReportSchedule,
    status=201,
    headers=["ETag", "Location"],
)
def add_report_schedule(body: dict[str, Any]) -> Any:
    """Have a report sent, again and again, by mail or to a webhook.

    For whoever may read what it is about: each report is made with your rights of its day. Mail to
    somebody whom govern does not know takes an administrator.
    """
    every, channel = Every(body.pop("every")), Channel(body.pop("channel"))
    made = use.add(runtime(), actor(), every=every, channel=channel, **body, now=now())
    keep_no_answer()
    where = url_for("distribution.get_report_schedule", schedule=made["id"])
    return tagged(made, Location=where)


@distribution.read(
    "/report-schedules",
    ReportSchedulePage,
    query=ReportScheduleQuery,
    headers=["Link"],
    past=True,
)
def list_report_schedules(query: dict[str, Any]) -> Any:
    """List what you have sent; for admin and auditor what everybody has."""
    page = page_request(query)
    return page_answer(use.list_schedules(runtime(), actor(), page, **query))


@distribution.read("/report-schedules/<number:schedule>", ReportSchedule, past=True)
def get_report_schedule(schedule: int) -> Any:
    """Read a schedule, with the next day on which a report is sent."""
    return tagged(use.get_schedule(runtime(), actor(), schedule))


@distribution.write(
    "POST",
    "/report-schedules/<number:schedule>/end",
    ReportSchedule,
    body=ScheduleEnd,
    versioned=True,
    headers=["ETag"],
)
def end_report_schedule(schedule: int, body: dict[str, Any], version: int) -> Any:
    """Send no more reports of a schedule, nor what waits of it.

    `If-Match` names its version. For whoever has it sent, or an administrator.
    """
    ended = use.end(runtime(), actor(), schedule, reason=body["reason"], version=version, now=now())
    return tagged(ended)


@distribution.read("/deliveries", DeliveryPage, query=DeliveryQuery, headers=["Link"])
def list_deliveries(query: dict[str, Any]) -> Any:
    """List what became of each report that you have sent; for admin and auditor of everybody's."""
    page = page_request(query)
    return page_answer(sent.list_deliveries(runtime(), actor(), page, **query))


@distribution.read("/deliveries/<number:delivery>", Delivery)
def get_delivery(delivery: int) -> Any:
    """Read what became of one report."""
    return sent.get_delivery(runtime(), actor(), delivery)


@distribution.read("/due-next", DueNext, query=DueNextQuery, past=True)
def tell_due_next(query: dict[str, Any]) -> Any:
    """Tell what is overdue and what falls due in the next days: readings, gate decisions, answers to
    recommendations, conditions, reviews, value checks."""
    return due_next(runtime(), actor(), **query, now=now())
