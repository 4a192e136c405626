"""Canonical JSON: one value, one sequence of bytes; what has none is refused by its path."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.ledger.canonical import LARGEST, NotCanonical, canonical, read_canonical

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts,
    lambda children: st.lists(children) | st.dictionaries(texts, children),
    max_leaves=20,
)


@given(values)
def test_what_is_written_reads_back(value: Any) -> None:
    assert read_canonical(canonical(value)) == value


@given(st.dictionaries(texts, st.integers(0, 9), min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    turned = dict(reversed(list(value.items())))
    assert canonical(turned) == canonical(value)


def test_keys_are_sorted_by_utf_16_as_the_rfc_says() -> None:
    # RFC 8785, section 3.2.3: a surrogate pair sorts before U+FB33, though its code point is above.
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "1": 3}) == (
        '{"1":3,"\U0001f600":2,"\ufb33":1}'.encode()
    )


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (1.5, "$"),
        (float("nan"), "$"),
        (float("inf"), "$"),
        ({"data": {"items": [1, 2, 3.0]}}, "$.data.items[2]"),
        ({1: "a"}, "$"),
        ({"a": {None: "a"}}, "$.a"),
        ("\ud800", "$"),
        ({"\udfff": 1}, "$"),
        ([b"bytes"], "$[0]"),
        ([{1, 2}], "$[0]"),
        (LARGEST + 1, "$"),
        (-LARGEST - 1, "$"),
    ],
)
def test_what_has_no_canonical_form_is_refused_by_its_path(value: Any, where: str) -> None:
    with pytest.raises(NotCanonical) as refused:
        canonical(value)
    assert refused.value.at == where


def test_what_is_nested_without_end_is_refused() -> None:
    value: Any = []
    for _ in range(100):
        value = [value]
    with pytest.raises(NotCanonical, match="nested too deep"):
        canonical(value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": 1}',
        b'{"b":1,"a":1}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":-0}',
        b'"\\u0041"',
        b"NaN",
        b"Infinity",
        b'"\\ud800"',
        b"\xff",
        b"\xef\xbb\xbf{}",
        b'{"a":1}\n',
        b"[" * 100_000,
        b"9" * 5_000,
    ],
)
def test_bytes_that_are_not_canonical_are_refused(body: bytes) -> None:
    with pytest.raises(NotCanonical):
        read_canonical(body)
