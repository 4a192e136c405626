"""The example portfolio: loaded once through the same use cases as any other."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import BadConfiguration
from govern.domain.role import Role
from govern.intake.example import (
    ReviewRow,
    read_grants,
    read_lessons,
    read_reviews,
    read_submissions,
)
from govern.services import gates, people, reviews, sign_in_links
from govern.services.import_report import ImportReport
from govern.services.importing import import_folder
from govern.services.lessons import add_lesson
from govern.services.rate_files import import_rates
from govern.services.review_signature import sign
from govern.services.runtime import Runtime
from govern.services.sweeps import SweepResult, sweep
from govern.store import lessons as stored_lessons
from govern.store import people as stored_people
from govern.store import reviews as stored_reviews
from govern.store import submissions
from govern.store.paging import PageRequest

TODAY = date(2026, 11, 24)
"""The day that the example's last figures were reported by; later, they would only grow stale."""

TOKEN_LIFETIME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Example:
    report: ImportReport
    sweep: SweepResult


def load_example(runtime: Runtime, actor: Actor, folder: Path, *, now: datetime) -> Example:
    """Imports the portfolio, adds its people, reviews what is over, submits gates, sweeps. Twice changes
    nothing.

    Raises BadConfiguration if the example's own files cannot be taken.
    """
    report = import_folder(runtime, actor, folder / "portfolio", now=now)
    if report.refusals:
        raise BadConfiguration(
            f"The example portfolio cannot be taken: {report.refusals[0]}",
            refusals=[str(each) for each in report.refusals],
        )
    _add_rates(runtime, actor, folder, now)
    _add_people(runtime, actor, folder, now)
    _review(runtime, folder, now)
    _tell_lessons(runtime, folder, now)
    _submit_gates(runtime, folder, now)
    return Example(report, sweep(runtime, actor, as_of=min(TODAY, now.date()), now=now))


def example_links(runtime: Runtime, actor: Actor, folder: Path, *, now: datetime) -> list[Record]:
    """A one-time link, good for a day, for the first person of each role: role, name, email, address."""
    return [
        {
            **each,
            "address": f"{runtime.public_url}/sign-in/"
            + sign_in_links.issue(
                runtime, actor, email=each["email"], lifetime=TOKEN_LIFETIME, now=now
            ).secret,
        }
        for each in _first_of_each_role(folder)
    ]


def example_tokens(runtime: Runtime, actor: Actor, folder: Path, *, now: datetime) -> list[Record]:
    """A fresh token, good for a day, for the first person of each role: role, name, email, token."""
    return [
        {
            **each,
            "token": people.issue_token(
                runtime,
                actor,
                email=each["email"],
                label="example",
                lifetime=TOKEN_LIFETIME,
                now=now,
            ),
        }
        for each in _first_of_each_role(folder)
    ]


def _first_of_each_role(folder: Path) -> list[Record]:
    first: dict[Role, Record] = {}
    for grant in read_grants(folder / "people.csv"):
        first.setdefault(grant.role, {"name": grant.name, "email": grant.email})
    return [{"role": role.value, **first[role]} for role in Role if role in first]


def _add_rates(runtime: Runtime, actor: Actor, folder: Path, now: datetime) -> None:
    brought = import_rates(runtime, actor, folder / "rates.csv", now=now)
    if brought["refusals"]:
        first = brought["refusals"][0]
        raise BadConfiguration(
            f"The example's rates cannot be taken: {first['place']}: {first['problem']}"
        )


def _add_people(runtime: Runtime, actor: Actor, folder: Path, now: datetime) -> None:
    with runtime.store.reading() as connection:
        known = {each["email"] for each in stored_people.everyone(connection)}
    for grant in read_grants(folder / "people.csv"):
        if grant.email not in known:
            people.add_person(runtime, actor, email=grant.email, name=grant.name, now=now)
            known.add(grant.email)
        people.grant_role(
            runtime,
            actor,
            email=grant.email,
            role=grant.role,
            portfolio=grant.portfolio,
            project=grant.project,
            now=now,
        )


def _person(runtime: Runtime, email: str, now: datetime) -> Actor:
    with runtime.store.reading() as connection:
        found = stored_people.by_email(connection, email)
        actor = stored_people.actor_of_person(connection, found["id"], now) if found else None
    if actor is None:
        raise BadConfiguration(f"The example has no person with the address {email}.")
    return actor


def _review(runtime: Runtime, folder: Path, now: datetime) -> None:
    for row in read_reviews(folder / "reviews.csv"):
        with runtime.store.reading() as connection:
            known = stored_reviews.of_project(connection, row.project)
        if not known:
            _written_and_signed(runtime, row, now)


def _written_and_signed(runtime: Runtime, row: ReviewRow, now: datetime) -> None:
    writer = _person(runtime, row.writer, now)
    opened = reviews.open_review(runtime, writer, row.project, now=now)
    fields = {
        "rating": row.rating,
        "summary": row.summary,
        "went_well": row.went_well,
        "went_badly": row.went_badly,
        "kpis": [asdict(each) for each in row.follow_ups],
    }
    written = reviews.change(
        runtime, writer, opened["id"], fields, version=opened["version"], now=now
    )
    signer = _person(runtime, row.signer, now)
    sign(
        runtime,
        signer,
        opened["id"],
        reason=row.reason,
        currency="EUR",
        version=written["version"],
        now=now,
    )


def _tell_lessons(runtime: Runtime, folder: Path, now: datetime) -> None:
    for row in read_lessons(folder / "lessons.csv"):
        with runtime.store.reading() as connection:
            known = stored_lessons.of_project(connection, row.project)
            made = stored_reviews.of_project(connection, row.project)
        if any(each["label"] == row.title for each in known):
            continue
        fields = {
            name: getattr(row, name) for name in ("title", "happened", "because", "next_time")
        }
        fields |= {"categories": list(row.categories), "tags": list(row.tags)}
        fields |= {"review": made[-1]["id"] if made else None}
        add_lesson(runtime, _person(runtime, row.email, now), row.project, fields, now=now)


def _submit_gates(runtime: Runtime, folder: Path, now: datetime) -> None:
    for row in read_submissions(folder / "submissions.csv"):
        submitter = _person(runtime, row.email, now)
        with runtime.store.reading() as connection:
            earlier = submissions.page(
                connection, submitter, PageRequest(limit=1), project_id=row.project, gate=row.gate
            )
        if not earlier.items:
            gates.submit(
                runtime,
                submitter,
                row.project,
                row.gate,
                note=row.note,
                provided=[{"name": n, "link": link} for n, link in row.evidence.items()],
                now=now,
            )
