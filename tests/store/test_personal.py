"""References that stand for personal texts."""

from govern.domain.personal import ERASED, REFERENCE, personal_texts, with_personal
from govern.store import personal
from govern.store.transaction import Store
from tests.databases import only_postgresql
from tests.store.rows import AT


def test_an_equal_text_has_an_equal_reference_until_it_is_erased(store: Store) -> None:
    with store.writing() as connection:
        first = personal.references_of(connection, ["Ann", "Bob"], AT)
        assert all(REFERENCE.fullmatch(ref) for ref in first.values())
        assert personal.references_of(connection, ["Bob"], AT) == {"Bob": first["Bob"]}
        assert personal.texts_of(connection, [first["Ann"], "unknown"]) == {first["Ann"]: "Ann"}
        left = personal.references_of(connection, ["(erased)'s"], AT)["(erased)'s"]
        personal.erase(connection, {first["Ann"]: None, first["Bob"]: left}, AT)
        assert personal.texts_of(connection, first.values()) == {
            first["Ann"]: ERASED,
            first["Bob"]: "(erased)'s",
        }
        assert personal.references_of(connection, ["Ann"], AT)["Ann"] != first["Ann"]


@only_postgresql
def test_nobody_waits_for_a_text_that_somebody_else_brings_in(store: Store) -> None:
    with store.writing() as one:
        first = personal.references_of(one, ["Ann"], AT)
        with store.writing() as other:
            second = personal.references_of(other, ["Ann"], AT)
    assert first != second
    with store.writing() as connection:
        assert personal.references_of(connection, ["Ann"], AT) == first
        both = {*first.values(), *second.values()}
        assert set(personal.texts_of(connection, both).values()) == {"Ann"}


def test_which_texts_are_personal() -> None:
    data = {
        "owner": {"from": "Ann", "to": None},
        "name": "Shop",
        "evidence": [{"name": "plan", "link": "https://example.org/ann", "digest": "sha256:0"}],
        "values": {"owner": "Ann", "every d: d.owner": "Bob", "budget": "7"},
        "kpis": [{"source": "SAP", "values": [{"period": "2026-01-31", "actual": "1"}]}],
        "advice_because": ["Ann says so.", ERASED, ""],
    }
    assert [*personal_texts(data)] == [
        "Ann",
        "https://example.org/ann",
        "Ann",
        "Bob",
        "SAP",
        "Ann says so.",
    ]
    assert with_personal(data, lambda text: text) == data
    assert [*personal_texts(with_personal({"evidence": "Ann"}, str.upper))] == ["ANN"]
