"""What rules would have done to the stored portfolio, on both databases."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from govern.domain.actor import Actor, Grant
from govern.domain.decision import Decision
from govern.domain.refusal import InvalidInput, NotAllowed, NotFound
from govern.domain.role import Role
from govern.services import judging, moves
from govern.services.backtests import backtest, outcomes_given, outcomes_of_file
from govern.services.differences import difference
from govern.services.judging import draft_of
from govern.services.people import OPERATOR
from govern.services.rulebooks import published
from govern.store.projects import find
from tests.services.house import NOW, RULES, House, add_project, publish_rules, report

STRICT = RULES.replace("act: 80%", "act: 89%")
ON = date(2026, 10, 31)


@pytest.fixture
def portfolio(house: House) -> House:
    for project, actuals in {
        "P1": (800, 630, 700),
        "P2": (800, 800, 850),
        "P3": (800, 900, 1000),
    }.items():
        add_project(house, project)
        months = ("2026-08-31", "2026-09-30", "2026-10-31")
        report(house, f"{project}-K1", dict(zip(months, actuals, strict=True)))
    return house


def test_what_fired_when_and_for_how_long(portfolio: House) -> None:
    seen: list[tuple[int, int]] = []
    told = backtest(
        portfolio.runtime,
        OPERATOR,
        first=date(2026, 8, 1),
        last=ON,
        progress=lambda done, total: seen.append((done, total)),
        at_once=2,
        now=NOW,
    )
    assert seen == [(0, 3), (2, 3), (3, 3)]
    assert told["projects"] == 3
    assert told["rulebook_digest"] == published(portfolio.runtime)["digest"]
    (rule,) = told["rules"]
    assert (rule["subjects"], rule["periods"], rule["fired"]) == (3, 9, 2)
    assert (rule["episodes"], rule["ongoing"], rule["flapping"]) == (1, 1, 0)
    assert (rule["unknown_share"], rule["median_periods"]) == (Decimal(0), Decimal(2))
    assert rule["accuracy"] is None
    (episode,) = told["episodes"]
    assert (episode["kpi"], episode["start"], episode["end"]) == ("P1-K1", date(2026, 9, 30), ON)


@pytest.mark.parametrize("at_once", [1, 2, 3, 100])
def test_the_size_of_a_piece_changes_nothing(portfolio: House, at_once: int) -> None:
    draft = draft_of({"a.yaml": STRICT})
    asked = {
        "draft": draft,
        "outcomes": outcomes_given([{"project": "P2", "on": NOW.date()}]),
        "now": NOW,
    }
    whole = backtest(portfolio.runtime, OPERATOR, **asked)  # type: ignore[arg-type]
    cut = backtest(portfolio.runtime, OPERATOR, at_once=at_once, **asked)  # type: ignore[arg-type]
    assert whole == cut
    compared = [
        difference(portfolio.runtime, OPERATOR, None, draft, at_once=size, now=NOW)
        for size in (at_once, 100)
    ]
    assert compared[0] == compared[1]


def test_alarms_against_projects_that_were_ended(portfolio: House) -> None:
    with portfolio.runtime.store.reading() as connection:
        version = (find(connection, "P1") or {})["version"]
    moves.move(
        portfolio.runtime,
        portfolio.max,
        "P1",
        to_do=Decision.KILL,
        reason="It brings nothing.",
        version=version,
        now=NOW,
    )
    told = backtest(portfolio.runtime, OPERATOR, stage="terminated", now=NOW)
    accuracy = told["rules"][0]["accuracy"]
    assert (accuracy["outcomes"], accuracy["warned"], accuracy["false_alarms"]) == (1, 1, 0)
    assert (accuracy["precision"], accuracy["recall"]) == (Decimal(1), Decimal(1))
    assert accuracy["lead_days"] == (NOW.date() - date(2026, 9, 30)).days
    assert told["together"] == accuracy
    with pytest.raises(InvalidInput, match="no stage 'terminatd'"):
        backtest(portfolio.runtime, OPERATOR, stage="terminatd", now=NOW)


def test_a_file_of_outcomes(portfolio: House, tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text(
        "project_id,date,rating,notes\nP1,2026-10-15,Red,x\nP1,2026-11-15,Red,x\n"
        "P2,2026-10-15,red,x\nP3,2026-10-15,On track,x\nP3,2026-10-16,,x\n"
    )
    outcomes = outcomes_of_file(path, ["RED"])
    assert outcomes.on == {"P1": date(2026, 10, 15), "P2": date(2026, 10, 15)}
    told = backtest(portfolio.runtime, OPERATOR, outcomes=outcomes, now=NOW)
    assert told["against"] == "reviews.csv"
    accuracy = told["rules"][0]["accuracy"]
    assert (accuracy["outcomes"], accuracy["warned"], accuracy["recall"]) == (2, 1, Decimal("0.5"))
    with pytest.raises(InvalidInput) as several:
        outcomes_of_file(path)
    assert "name those that count: On track, Red, red" in str(several.value.facts)
    with pytest.raises(InvalidInput) as unknown:
        outcomes_of_file(path, ["amber"])
    assert "is an outcome of no row" in str(unknown.value.facts)
    path.write_text("project_id,date\nP1,2026-10-15\n")
    with pytest.raises(InvalidInput):
        outcomes_of_file(path)
    path.write_text("project_id,date,outcome\nP1,15.10.2026,Ended\n,2026-10-15,Ended\n")
    with pytest.raises(InvalidInput) as rows:
        outcomes_of_file(path)
    assert len(rows.value.facts["errors"]["reviews.csv"]) == 2
    path.write_text("project_id,date,outcome\nP1,2026-10-15,Ended\n")
    assert outcomes_of_file(path).on == {"P1": date(2026, 10, 15)}


def test_rules_by_name_an_earlier_revision_and_a_limit(portfolio: House) -> None:
    first = published(portfolio.runtime)["digest"]
    publish_rules(portfolio.runtime, STRICT)
    asked = {"rules": ["behind-plan"], "last": ON, "now": NOW}
    strict = backtest(portfolio.runtime, OPERATOR, **asked, most_episodes=1)  # type: ignore[arg-type]
    assert (strict["rules"][0]["episodes"], len(strict["episodes"]), strict["left_off"]) == (
        2,
        1,
        1,
    )
    before = backtest(portfolio.runtime, OPERATOR, revision=first, **asked)  # type: ignore[arg-type]
    assert before["rules"][0]["episodes"] == 1
    with pytest.raises(NotFound, match="no rule 'behind'"):
        backtest(portfolio.runtime, OPERATOR, rules=["behind"], now=NOW)


def test_a_range_that_cannot_be(portfolio: House) -> None:
    with pytest.raises(InvalidInput, match="future"):
        backtest(portfolio.runtime, OPERATOR, last=date(2026, 11, 25), now=NOW)
    with pytest.raises(InvalidInput, match="begins before it ends"):
        backtest(portfolio.runtime, OPERATOR, first=date(2026, 11, 24), last=ON, now=NOW)
    leap = backtest(portfolio.runtime, OPERATOR, last=date(2024, 2, 29), now=NOW)
    assert leap["from"] == date(2021, 2, 28)


def test_only_the_projects_that_an_author_works_for(portfolio: House) -> None:
    author = Actor("a", "A", (Grant(Role.RULE_AUTHOR, project_id="P2"), Grant(Role.SPONSOR)))
    assert backtest(portfolio.runtime, author, last=ON, now=NOW)["projects"] == 1
    with pytest.raises(NotAllowed, match="rule_author"):
        backtest(portfolio.runtime, portfolio.sam, last=ON, now=NOW)


def test_what_two_rulebooks_say_differently(portfolio: House) -> None:
    draft = draft_of({"a.yaml": STRICT})
    told = difference(portfolio.runtime, OPERATOR, None, draft, as_of=ON, now=NOW)
    assert (told["a"], told["b"]) == (published(portfolio.runtime)["digest"], draft.digest)
    (change,) = told["changes"]
    assert [(each["name"], each["after"]) for each in change["fields"]] == [("params.act", "0.89")]
    (only,) = told["only"]
    assert (only["project_id"], only["fires_in"], only["other"]) == ("P2", "B", "silent")
    assert only["message"] == "Revenue at 85% of plan"
    over = difference(
        portfolio.runtime, OPERATOR, None, draft, first=date(2026, 9, 1), as_of=ON, now=NOW
    )
    assert [(each["project_id"], each["periods"]) for each in over["only"]] == [("P2", 2)]
    same = difference(portfolio.runtime, OPERATOR, told["a"], None, as_of=ON, now=NOW)
    assert (same["same"], same["changes"], same["only"]) == (True, [], [])
    assert not told["same"]


@pytest.mark.parametrize(
    ("count", "values", "at_once"),
    [
        (10_000, 10_000 * 8 * 24, 1_406),
        (2, 10 * judging.ROWS_AT_ONCE, 1),
        (0, 0, 1),
        (50_000, 0, 10_000),
        (50_000, 50_000, 10_000),
    ],
)
def test_a_piece_has_about_as_many_rows_in_any_portfolio(
    count: int, values: int, at_once: int
) -> None:
    assert judging.projects_at_once(count, values) == at_once
