"""The quick ways to read and write a body take nothing that the slow way refuses, and all that is usual."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.ledger.assurance import assure
from govern.ledger.body import NOT_QUICK, Body, read, write_into
from govern.ledger.canonical import NotCanonical, canonical, read_canonical, slowly
from govern.ledger.event import GENESIS, leaf_hash
from govern.ledger.quick import BEYOND, surely_written
from govern.ledger.verify import Audit, StoredHead

_scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text()
    | st.text(alphabet='\ue000\uffff\U00010000\U0001f600\x00\x1f\x7f"\\/é')
)
_values = st.recursive(
    _scalars,
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(st.text(max_size=3), children, max_size=4)
        | st.dictionaries(st.sampled_from(["\ue000", "\U00010000", "a"]), children, max_size=3)
    ),
    max_leaves=12,
)


AT = "2026-11-24T10:00:00.000000Z"


def _body(data: bytes) -> bytes:
    """The only event of a chain, which tells this."""
    before = b'{"actor":"Zo\xc3\xab","at":"%b","data":' % AT.encode()
    after = b',"kind":"k","prev":"%b","project":"LIRR","seq":1,"v":1}' % GENESIS.encode()
    return before + data + after


def _slow(body: bytes) -> bool:
    try:
        read_canonical(body)
    except NotCanonical:
        return False
    return True


def _quick(body: bytes) -> bool:
    try:
        told = read(body)
        again = bytearray()
        write_into(Body(told.actor, AT, told.data, "k", GENESIS, "LIRR", 1, 1), again)
    except NOT_QUICK:
        return False
    return again == body and BEYOND.search(body) is None


def _assured(body: bytes) -> bool:
    """Whether the quick pass says that a ledger of this one event holds."""
    leaf = leaf_hash(body)
    row = ("LIRR", 1, GENESIS, body, leaf, "k", AT)
    found = assure([row], [(0, "LIRR", 1, leaf)], [StoredHead("LIRR", 1, leaf, 1)])
    assert found in (None, Audit(1, 1, (), 1))
    return found is not None


@given(st.dictionaries(st.text(max_size=3), _values, max_size=4))
def test_a_pass_is_sure_of_what_is_canonical_and_of_nothing_else(value: dict[str, Any]) -> None:
    written = [json.dumps(value, separators=(",", ":"), sort_keys=sort) for sort in (True, False)]
    written.append(json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False))
    told = [text.encode("utf-8", "surrogatepass") for text in written]
    with suppress(TypeError):
        told.append(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))
    for data in told:
        body = _body(data)
        assert _assured(body) == _slow(body), body
        assert _slow(body) or not _quick(body), body


@given(st.dictionaries(st.text(max_size=3), _values, max_size=4))
def test_what_is_canonical_and_within_the_plane_is_seen_to_be(value: dict[str, Any]) -> None:
    try:
        data = canonical(value)
    except NotCanonical:
        return
    if all(byte < 0xF0 for byte in data) and _depth(value) < 10:
        assert _quick(_body(data))


def _depth(value: Any) -> int:
    within: Any = value.values() if isinstance(value, dict) else value
    return 1 + max(map(_depth, within), default=0) if isinstance(value, dict | list) else 0


def test_what_is_nested_deeper_than_usual_is_left_to_the_slow_way() -> None:
    for depth in (8, 9, 10, 11, 30):
        body = _body(b'{"a":' + b"[" * depth + b"1" + b"]" * depth + b"}")
        assert _assured(body)
        assert _quick(body) == (depth < 10)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":[{"b":1e16}]}',
        b'{"a":9007199254740992}',
        b'{"a":-0}',
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"a":"\\u00e9"}',
        b'{"a":"\\/"}',
        b' {"a":1}',
        b'{"a":"\\ud800"}',
        '{"\ue000":1,"\U00010000":1}'.encode(),
        b'{"a":' + b"[" * 100 + b"]" * 100 + b"}",
        b'{"a":1},"data":{"a":1}',
        b'{},"extra":1',
    ],
)
def test_nobody_is_sure_of_what_the_slow_way_refuses(data: bytes) -> None:
    body = _body(data)
    assert not _quick(body)
    assert not _assured(body)


@pytest.mark.parametrize("data", [b"[]", b"null", b"1", b'"text"'])
def test_nobody_is_sure_of_an_event_that_tells_nothing(data: bytes) -> None:
    assert not _assured(_body(data))


@pytest.mark.parametrize("version", [b"2", b"true", b"1.0"])
def test_nobody_is_sure_of_another_version(version: bytes) -> None:
    assert not _assured(_body(b"{}").replace(b'"v":1}', b'"v":%b}' % version))


@given(_values | st.lists(_values, max_size=3).map(tuple))
def test_what_is_written_quickly_is_what_the_slow_way_writes(value: Any) -> None:
    quickly = surely_written(value)
    if quickly is not None:
        assert quickly == slowly(value)
    assert _written(canonical, value) == _written(slowly, value)


def _written(way: Callable[[Any], bytes], value: Any) -> bytes | str:
    """The bytes, or where there is what has none."""
    try:
        return way(value)
    except NotCanonical as refused:
        return refused.at


def test_what_is_usual_is_written_quickly() -> None:
    usual = {"b": ["Zoë", 1, None, True, {"\u007f\x00": '"\\/'}], "a": "€", "c": [1, 2]}
    assert surely_written(usual) == slowly(usual)
