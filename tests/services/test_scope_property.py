"""Whatever is proposed: it does what it showed and nothing else, and what is refused leaves all as it was."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from govern.domain.refusal import Refusal
from govern.services import plan_content, scope_effects
from govern.services.scope_kinds import Applying
from govern.services.scope_subjects import What, stands, subject_of
from govern.store import events, projects
from tests.services.house import House
from tests.services.test_scope_changes import LATER
from tests.services.test_scope_kinds import with_a_map

DAYS = st.dates(date(2026, 12, 1), date(2028, 12, 31))
MONEY = st.decimals(0, 2000, places=2)
WORKS = st.sampled_from(["P1-D1", "P1-D2", "P1-D3", "P1-D9"])
SHARES = st.dictionaries(
    st.sampled_from(["P1-K1", "P1-K2"]), st.sampled_from([None, Decimal("0.1"), Decimal("0.7")])
)


def fields(**each: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=each).filter(bool)


CHANGES = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("kpi"),
            "kpi": st.sampled_from(["P1-K1", "P1-K2"]),
            "fields": fields(target=MONEY, owner=st.sampled_from(["Ken", "Olga"])),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("plan"),
            "kpi": st.just("P1-K1"),
            "planned": MONEY.map(lambda x: [{"period": date(2026, 12, 31), "planned": x}]),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("deliverable"),
            "deliverable": WORKS,
            "fields": fields(due=DAYS, cost=MONEY, serves=SHARES, state=st.just("in_progress")),
        }
    ),
    st.fixed_dictionaries({"kind": st.just("drop_deliverable"), "deliverable": WORKS}),
    st.fixed_dictionaries(
        {
            "kind": st.just("add_deliverable"),
            "fields": st.fixed_dictionaries(
                {"id": WORKS, "name": st.just("New")}, optional={"serves": SHARES, "due": DAYS}
            ),
        }
    ),
    st.fixed_dictionaries(
        {"kind": st.just("project"), "fields": fields(budget=MONEY, end=DAYS, start=DAYS)}
    ),
    st.fixed_dictionaries({"kind": st.just("hold")}, optional={"until": DAYS}),
    st.fixed_dictionaries({"kind": st.just("terminate")}),
)


class _Back(Exception):  # noqa: N818 - everything is taken back
    pass


def _all(connection: Connection) -> Any:
    project = projects.find(connection, "P1")
    return plan_content.as_it_stands(connection, "P1"), project, events.head_of(connection, "P1")


def test_what_is_applied_is_what_was_shown_and_what_is_refused_leaves_nothing(
    house: House,
) -> None:
    with_a_map(house)
    seen = {"applied": 0, "refused": 0}

    @given(st.lists(CHANGES, min_size=1, max_size=5))
    @settings(max_examples=60)
    def tried(changes: list[dict[str, Any]]) -> None:
        try:
            with house.runtime.store.writing() as connection:
                seen[_try(house, connection, changes)] += 1
                raise _Back
        except _Back:
            pass

    tried()
    assert min(seen.values()) >= 5, seen


def _try(house: House, connection: Connection, changes: list[dict[str, Any]]) -> str:
    before = _all(connection)
    project = projects.locked(connection, "P1")
    applying = Applying(house.runtime, connection, house.pia, house.pia, project, None, None, LATER)
    try:
        kept = scope_effects.tried(applying, changes)
    except Refusal:
        assert _all(connection) == before
        return "refused"
    assert _all(connection) == before
    assert scope_effects.changed_since(connection, "P1", kept, LATER.date()) == []
    scope_effects.write(applying, kept)
    touched = {subject_of("P1", each): each["becomes"] for each in kept}
    for subject, becomes in touched.items():
        assert stands(connection, "P1", subject, kept, becomes) == becomes
    first, last = before[0], plan_content.as_it_stands(connection, "P1")
    for what, was, now in (
        (What.KPI, first.kpis, last.kpis),
        (What.DELIVERABLE, first.deliverables or {}, last.deliverables or {}),
        (What.PROJECT, {"P1": first.project}, {"P1": last.project}),
    ):
        others = {*was, *now} - {each.id for each in touched if each.what is what}
        assert {each: was.get(each) for each in others} == {each: now.get(each) for each in others}
    return "applied"
