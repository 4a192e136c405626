"""Each operation has an example, which is what the service answers; and each read of the story an ETag."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from govern.web.etags import READ_TAG
from govern.web.recorded import FOLDER, example_of
from tests.web.operations import description, operations
from tests.web.record import by_subject, settled, told
from tests.web.teller import Teller

ANEW = "tell it in tests/web/story, then: python -m tests.web.record"


@pytest.fixture(scope="module")
def teller() -> Iterator[Teller]:
    with told() as found:
        yield found


def test_every_operation_is_done_in_the_story(teller: Teller) -> None:
    assert sorted(set(operations()) - set(teller.told)) == [], ANEW


def test_what_is_shown_is_what_is_answered(teller: Teller) -> None:
    shown = {
        file.stem: json.loads(file.read_text(encoding="utf-8")) for file in FOLDER.glob("*.json")
    }
    answered = by_subject(teller.told)
    assert sorted(shown) == sorted(answered), ANEW
    for subject, examples in answered.items():
        for name, example in examples.items():
            assert settled(shown[subject].get(name)) == settled(example), (name, ANEW)


def test_what_is_read_has_a_tag_and_is_not_sent_again(teller: Teller) -> None:
    reads = {name: (who, path) for name, who, path in teller.reads}
    assert len(reads) > 80
    for name, (who, path) in reads.items():
        if name == "exportForAudit":
            continue
        # As it is now: what came after it in the story may have changed it, and who may see it.
        first = teller.lindmark[who].get(path)
        if first.status_code != 200:
            continue
        tag = first.headers["ETag"]
        assert re.fullmatch(READ_TAG, tag), (name, tag)
        again = teller.lindmark[who].get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b""), (name, path)


def _media(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    operation = operations()[name][2]
    parts = [operation["requestBody"]] if "requestBody" in operation else []
    parts += [each for code, each in operation["responses"].items() if code in ("200", "201")]
    for part in parts:
        yield from part.get("content", {}).items()


@pytest.mark.parametrize("name", sorted(operations()))
def test_the_description_shows_an_example_as_it_describes_it(name: str) -> None:
    for kind, media in _media(name):
        # Of bytes JSON can show nothing.
        if media["schema"].get("format") == "binary" or kind == "text/html":
            continue
        assert "example" in media, (name, kind, ANEW)
        whole = {**media["schema"], "components": description()["components"]}
        errors = [
            each.message for each in Draft202012Validator(whole).iter_errors(media["example"])
        ]
        assert not errors, (name, kind, errors)
    assert example_of(name), (name, ANEW)
