"""Words as they are searched, and the part of a text that is shown."""

from govern.domain.words import all_words, excerpt, found, words


def test_case_accents_and_signs_make_no_other_word() -> None:
    assert words("Zürich's STRASSE, Straße_2") == ["zurich", "s", "strasse", "strasse", "2"]
    assert words("Café Cafe\u0301 CAFÉ") == ["cafe"] * 3
    assert words('"*" AND -!') == ["and"]
    assert words("Ж") == ["x436z"]
    assert words("\u0130stanbul") == ["istanbul"]


def test_all_words_stand_once_and_in_order() -> None:
    assert all_words(["b a", "A c"]) == "a b c"


def test_a_word_is_found_by_its_beginning() -> None:
    assert found("Training came late", ["train", "la", "ame"]) == 2


def test_an_excerpt_begins_with_a_word_and_marks_what_was_found() -> None:
    text = "one " * 40 + "TRAÍNING came\n late " + "two " * 100
    part = excerpt(text, ["train", "late"], 100)
    assert len(part.text) == 100
    assert part.text.startswith("one ")
    shown = [part.text[start : start + length] for start, length in part.marks]
    assert shown == ["TRAÍNING", "late"]
    assert excerpt("Short.", ["x"]).text == "Short."
