"""The quick way to read a body says yes to nothing that the slow way refuses, and to all that is usual."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.ledger.canonical import NotCanonical, canonical, read_canonical, slowly
from govern.ledger.quick import parse, surely_canonical, surely_written

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


def _slow(body: bytes) -> bool:
    try:
        read_canonical(body)
    except NotCanonical:
        return False
    return True


def _quick(body: bytes) -> bool:
    try:
        fields: Any = parse(body)
    except ValueError:
        return False
    return isinstance(fields, dict) and surely_canonical(body, fields)


@given(st.dictionaries(st.text(max_size=3), _values, max_size=4))
def test_yes_is_never_wrong(value: dict[str, Any]) -> None:
    written = [json.dumps(value, separators=(",", ":"), sort_keys=sort) for sort in (True, False)]
    written.append(json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False))
    bodies = [text.encode("utf-8", "surrogatepass") for text in written]
    with suppress(TypeError):
        bodies.append(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))
    for body in bodies:
        assert _slow(body) or not _quick(body), body


@given(st.dictionaries(st.text(max_size=3), _values, max_size=4))
def test_what_is_canonical_and_within_the_plane_is_seen_to_be(value: dict[str, Any]) -> None:
    try:
        body = canonical(value)
    except NotCanonical:
        return
    if all(byte < 0xF0 for byte in body):
        assert _quick(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1.0}',
        b'{"a":[{"b":1e16}]}',
        b'{"a":9007199254740992}',
        b'{"a":-0}',
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"a":"\\u00e9"}',
        b'{"a":"\\/"}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\\ud800"}',
        '{"\ue000":1,"\U00010000":1}'.encode(),
        b'{"a":' + b"[" * 100 + b"]" * 100 + b"}",
    ],
)
def test_what_the_slow_way_refuses_is_left_to_it(body: bytes) -> None:
    assert not _slow(body)
    assert not _quick(body)


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
