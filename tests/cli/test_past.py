"""`--as-of`: every command that takes it tells what was known then, and the same whenever it is asked."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from govern.cli.main import govern
from govern.domain.decision import Answer
from govern.domain.distribution import Channel, Every
from govern.domain.refusal import InvalidInput, PastIncomplete
from govern.services import (
    as_of,
    lessons,
    report_schedules,
    reviews,
    scope_changes,
    scope_votes,
)
from govern.services.deliverables import add_deliverable
from govern.services.exchange_rates import record_rates
from govern.services.frame_folder import open_frame
from govern.services.kpis import change_kpi, get_kpi
from govern.services.ledger import record_event
from govern.services.objectives import add_objective
from govern.services.outlets import MailServer, Outlets, Tls
from govern.services.people import OPERATOR
from govern.services.status import portfolio_status
from govern.services.sweeps import sweep
from govern.store.transaction import Store
from tests.services import reviewed
from tests.services.house import NOW, House, add_project, build, report, submit
from tests.services.reviewed import rolled_out
from tests.services.test_gates import to_stage, vote
from tests.web.test_as_of import seal

HOUR = timedelta(hours=1)

# Words of the command → what its table tells of then and not of now, and of now and not of then.
COMMANDS = {
    "status": ("Recommendations waiting for an answer (1)", "No gate waits for a decision."),
    "projects": ("monitoring", "P9"),
    "gates": ("value_defined", "No gate waits for a decision."),
    "findings --project P1": ("70%", "There are no such findings."),
    "recommendations --project P1": ("70%", "There are no such recommendations."),
    "recommendations --by-project --project P1": ("sponsor", "No recommendation waits."),
    "history P2": ("gate.submitted", "gate.decided"),
    "history P2 --gate value_defined": ("gate.submitted", "gate.decided"),
    "history P2 --gates": ("Gate value_defined", "Thorough."),
}

_ON = "--project P1 --at 2026-11-20"
COMMANDS |= {
    f"rollup {_ON} --no-forecast": ("70 %", "100 %"),
    f"forecast {_ON}": ("70 %", "100 %"),
    "rates list": ("1.0874", "1.0911"),
}

COMMANDS["alternatives --project P1 --action descope"] = ("Drop P1-D1", "Drop P1-D9")
COMMANDS["baselines P1"] = ("the gate", "scope change 1")
COMMANDS["effects P1"] = ("No effect was named.", "scope change 1")
COMMANDS["rules record"] = ("0/0", "1/1")
COMMANDS["lessons search late"] = ("came too late", "network")
COMMANDS["lessons show 1"] = ("came too late", "network")
COMMANDS["lessons alike P2"] = ("came too late", "network")
COMMANDS["lessons bias"] = ("No signed review knows", "1 KPI reviewed.")
COMMANDS["review list"] = ("missed", "not_known")
COMMANDS["review show 1"] = ("Too early.", "Late enough.")
COMMANDS["due --project P1 --by 2026-11-20"] = ("Revenue", "Turnover")
COMMANDS["schedules due --project P1 --by 2026-11-20"] = ("Revenue", "Turnover")
COMMANDS["schedules list"] = ("2026-12-01", "ended")
COMMANDS["map show P1"] = ("Revenue", "Turnover")
COMMANDS["map check P1"] = ("supports no objective", "P1-D9")

DAYS_TO_NOW = {"today", "days", "days_open", "days_over", "overdue_days", "why"}

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("GOVERN_PUBLISH_RULES", "no")

    def invoke(*words: str) -> Result:
        # As in a process of its own.
        monkeypatch.setattr(as_of, "AT_HAND", as_of.AtHand())
        return CliRunner().invoke(govern, ["--database", database_url, *words])

    return invoke


@pytest.fixture
def house(store: Store) -> House:
    """A project in trouble that is swept, and one that waits for a decision."""
    house = build(store)
    to_stage(house, add_project(house), "monitoring")
    report(house, "P1-K1", {"2026-10-31": 700})
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    submit(house, add_project(house, "P2"), "value_defined")
    quote(house, "1.0874")
    _have_sent(house)
    review(house)
    said = {"title": "It came too late", "happened": "x", "because": "x", "next_time": "x"}
    lessons.add_lesson(house.runtime, house.pia, "P1", said, now=NOW)
    return house


def review(house: House) -> None:
    rolled_out(house, "P7")
    reviews.open_review(house.runtime, house.pia, "P7", now=NOW)
    rate(house, "missed", "Too early.")


def rate(house: House, rating: str, summary: str) -> None:
    said = {"rating": rating, "summary": summary}
    reviews.change(house.runtime, house.pia, 1, said, version=None, now=NOW)


def conclude(house: House) -> None:
    """The review is signed, with a figure for its KPI."""
    report(house, "P7-K1", {"2026-10-31": 600})
    rate(house, "not_known", "Late enough.")
    kept = {"kpis": [{**reviewed.KEPT, "kpi": "P7-K1"}]}
    reviews.change(house.runtime, house.pia, 1, kept, version=None, now=NOW)
    reviewed.sign(house, house.sam, 1, day=NOW.date().isoformat(), reason="Too early to tell.")


def _have_sent(house: House) -> None:
    by_mail = Outlets(MailServer("127.0.0.1", 25, Tls.NONE, "govern@example.org"))
    report_schedules.add(
        replace(house.runtime, outlets=by_mail),
        OPERATOR,
        report="portfolio-value",
        every=Every.MONTHLY,
        channel=Channel.EMAIL,
        address="board@example.org",
        first_on=date(2026, 12, 1),
        now=NOW,
    )


def quote(house: House, rate: str) -> None:
    given = {"currency": "EUR", "to_currency": "USD", "rate_on": date(2026, 10, 30)}
    record_rates(house.runtime, OPERATOR, [{**given, "rate": Decimal(rate)}], now=NOW)


def rescope(house: House) -> None:
    """What was agreed of P1 becomes its second baseline."""
    found = scope_changes.propose(
        house.runtime,
        house.pia,
        "P1",
        title="A better name",
        reason="Nobody understood the first.",
        changes=[{"kind": "kpi", "kpi": "P1-K1", "fields": {"name": "Turnover"}}],
        effects=[{"kpi": "P1-K1", "size": Decimal(20), "by": date(2026, 12, 31)}],
        now=NOW,
    )
    for name in ("sam", "fay"):
        scope_votes.vote(
            house.runtime,
            house.actors[name],
            found["id"],
            decision=Answer.GO,
            reason="Better.",
            version=None,
            now=NOW,
        )


def correct(house: House) -> None:
    """The figure is corrected, what waited is decided, and another project comes."""
    report(house, "P1-K1", {"2026-10-31": 1000})
    (waiting,) = portfolio_status(house.runtime, OPERATOR, now=NOW)["gates"]
    vote(house, "sam", {"id": waiting["submission"]}, "go", reason="Thorough.")
    add_project(house, "P9")
    remap(house)
    report_schedules.end(house.runtime, OPERATOR, 1, reason="Read.", version=None, now=NOW)
    quote(house, "1.0911")
    conclude(house)
    said = {"title": "Late by the network"}
    lessons.change_lesson(house.runtime, house.pia, 1, said, version=None, now=NOW)
    rescope(house)
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)


def remap(house: House) -> None:
    """The KPI supports an objective, and something is delivered that serves nothing."""
    add_objective(house.runtime, OPERATOR, {"id": "GROW", "name": "Grow"}, now=NOW)
    version = get_kpi(house.runtime, house.pia, "P1-K1")["version"]
    supports = {"supports": {"GROW": None}}
    change_kpi(house.runtime, house.pia, "P1-K1", supports, version=version, now=NOW)
    spare = {"id": "P1-D9", "project": "P1", "name": "Spare part"}
    add_deliverable(house.runtime, house.pia, spare, now=NOW)


def told(result: Result) -> str:
    # A check that finds something ends with 1.
    assert result.exception is None or result.exit_code == 1, result.output
    return result.stdout


def undated(answer: str) -> Any:
    """An answer without its counts of days up to now, and without `why` something is unknown by now: a
    past one tells them of its own moment."""
    return json.loads(
        answer,
        object_hook=lambda fields: {k: v for k, v in fields.items() if k not in DAYS_TO_NOW},
    )


def _commands(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        each = group.get_command(context, name)
        assert each is not None
        if isinstance(each, click.Group):
            yield from _commands(each, (*words, name))
        elif any(option.type.name == "time or size" for option in each.params):
            yield " ".join((*words, name))


def test_every_command_that_looks_back_is_tried() -> None:
    # Which have tests of their own.
    looking_back = set(_commands(govern)) - {"export csv", "export parquet", "report"}
    tried = {
        words for words in looking_back for each in COMMANDS if f"{each} ".startswith(f"{words} ")
    }
    assert tried == looking_back


def test_every_command_tells_what_was_known_then(run: Run, house: House) -> None:
    live = {words: told(run(*words.split(), "--format", "json")) for words in COMMANDS}
    size = seal(house, NOW - 3 * HOUR)
    # By its size in one form and by its time in the other: the log stood at that size then.
    asked = {"json": str(size), "table": (NOW - 2 * HOUR).isoformat()}
    first = {
        (words, form): told(run(*words.split(), "--as-of", when, "--format", form))
        for words in COMMANDS
        for form, when in asked.items()
    }
    correct(house)
    seal(house, NOW - HOUR)
    for words, (then, now) in COMMANDS.items():
        assert now in told(run(*words.split())), words
        again = {
            form: run(*words.split(), "--as-of", when, "--format", form)
            for form, when in asked.items()
        }
        for form, result in again.items():
            assert told(result) == first[words, form], (words, form)
            assert f"As of log size {size}, 2026-11-24T0" in result.stderr, (words, form)
        data, shown = again["json"].stdout, again["table"].stdout
        if words == "status":
            assert json.loads(data)["as_of_size"] == size
        else:
            assert undated(data) == undated(live[words]), words
        assert then in shown, (words, shown)
        assert now not in shown, words


def test_an_export_holds_what_was_known_then(run: Run, house: House, tmp_path: Path) -> None:
    told(run("export", str(tmp_path / "live")))
    size = seal(house, NOW - 3 * HOUR)
    correct(house)
    seal(house, NOW - HOUR)
    told(run("export", str(tmp_path / "then"), "--as-of", str(size)))
    told(run("export", str(tmp_path / "now")))
    live, then, now = (
        {path.name: path.read_text() for path in (tmp_path / name).iterdir()}
        for name in ("live", "then", "now")
    )
    assert then == live
    assert "P9" in now["projects.csv"]
    assert ",700," in now["readings.csv"]
    assert ",1000," in now["readings.csv"].replace(then["readings.csv"], "")


def test_an_export_as_parquet_holds_what_was_known_then(
    run: Run, house: House, tmp_path: Path
) -> None:
    told(run("export", "parquet", str(tmp_path / "live")))
    size = seal(house, NOW - 3 * HOUR)
    correct(house)
    seal(house, NOW - HOUR)
    said = told(run("export", "parquet", str(tmp_path / "then"), "--as-of", str(size)))
    assert f"exactly the log's first {size} events" in said
    told(run("export", "parquet", str(tmp_path / "now")))
    live, then, now = (open_frame(tmp_path / name).manifest for name in ("live", "then", "now"))
    assert then.parts == live.parts != now.parts
    assert (then.log_size, then.exact) == (size, True)
    assert (now.log_size > size, now.exact) == (True, False)


def test_a_past_that_cannot_be_told_is_refused_by_every_command(run: Run, house: House) -> None:
    with house.runtime.store.writing() as connection:
        for project in ("P1", "P2", "P7"):
            record_event(connection, project, OPERATOR, "vote.cast", {"decision": "go"}, NOW)
    size = seal(house, NOW - 3 * HOUR)
    for words in COMMANDS:
        for when, refusal in (
            (str(size), PastIncomplete),
            ((NOW - 2 * HOUR).isoformat(), PastIncomplete),
            (str(size + 1), InvalidInput),
            ((NOW - 4 * HOUR).isoformat(), InvalidInput),
        ):
            refused = run(*words.split(), "--as-of", when)
            assert isinstance(refused.exception, refusal), (words, when, refused.output)


@pytest.mark.parametrize("when", ["yesterday", "2026-11-24", "2026-11-24T10:00:00", "0", "-1"])
def test_what_is_no_moment_and_no_size_is_called_wrongly(run: Run, when: str) -> None:
    result = run("status", f"--as-of={when}")
    assert result.exit_code == 2
    assert "nor a size of the log" in result.stderr
