"""Events: the exact bytes of the format, and what cannot become one."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.instant import read_instant, write_instant
from govern.ledger.canonical import NotCanonical
from govern.ledger.event import GENESIS, compose, leaf_hash

AT = datetime(2026, 11, 24, 10, 0, 0, 25, tzinfo=UTC)


def _first(**changes: Any) -> Any:
    given = {
        "project": "LIRR",
        "seq": 1,
        "prev": GENESIS,
        "at": AT,
        "actor": "sponsor@example.org",
        "kind": "gate.submitted",
        "data": {"gate": "planned", "attainment": "0.8", "note": None},
    }
    return compose(**(given | changes))


def test_the_bytes_of_an_event_are_these() -> None:
    event = _first()
    assert event.body == (
        b'{"actor":"sponsor@example.org","at":"2026-11-24T10:00:00.000025Z",'
        b'"data":{"attainment":"0.8","gate":"planned","note":null},"kind":"gate.submitted",'
        b'"prev":"' + b"0" * 64 + b'","project":"LIRR","seq":1,"v":1}'
    )
    assert event.leaf == hashlib.sha256(b"\x00" + event.body).hexdigest()
    assert (event.actor, event.data["gate"], event.recorded_at) == (
        "sponsor@example.org",
        "planned",
        AT,
    )


def test_the_leaf_is_that_of_rfc_6962() -> None:
    # The leaf hash of an empty input, from the test vectors of Certificate Transparency.
    assert leaf_hash(b"") == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_an_instant_in_another_zone_is_written_in_utc() -> None:
    local = AT.astimezone(timezone(timedelta(hours=-5)))
    assert _first(at=local) == _first()


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        _first(at=datetime(2026, 11, 24))  # noqa: DTZ001 - what is refused here


def test_a_float_in_the_data_is_refused_by_its_path() -> None:
    with pytest.raises(NotCanonical, match=r"\$\.data\.attainment: 0\.8 is a float"):
        _first(data={"attainment": 0.8})


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_instants_sort_as_their_texts_do(one: datetime, other: datetime) -> None:
    assert (write_instant(one) < write_instant(other)) == (one < other)
    assert read_instant(write_instant(one)) == one


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-24",
        "2026-11-24T10:00:00Z",
        "2026-11-24T10:00:00.000000+00:00",
        "2026-11-24 10:00:00.000000Z",
        "2026-11-24T10:00:00.0000000",
        "2026-13-24T10:00:00.000000Z",
    ],
)
def test_only_instants_as_written_are_read(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of its messages
        read_instant(text)
