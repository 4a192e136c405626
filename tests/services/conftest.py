from collections.abc import Iterator

import pytest

from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state
from govern.store.transaction import Store
from tests.services.house import House, build

ONLY_USE_CASES = frozenset(
    f"tests.services.{name}"
    for name in (
        "test_conditional_go",
        "test_deadlines",
        "test_effects",
        "test_erasing",
        "test_gate_tables",
        "test_lessons",
        "test_reviews",
        "test_recommendation_life",
        "test_rule_records",
        "test_rulebooks",
        "test_scope_amending",
        "test_scope_changes",
        "test_scope_kinds",
        "test_raising",
        "test_snoozes",
        "test_sweeps",
        "test_telling",
        "test_trajectories",
        "test_value_checks",
        "test_voting",
    )
)
"""Tests that change the state by use cases alone; others put projects where they need them by hand."""


@pytest.fixture
def house(store: Store, request: pytest.FixtureRequest) -> Iterator[House]:
    """Whatever a test did in it by use cases: in the end every row follows from the events."""
    built = build(store)
    yield built
    if request.module.__name__ in ONLY_USE_CASES:
        assert audit_state(built.runtime, OPERATOR).differences == ()
