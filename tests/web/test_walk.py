"""The walk with curl in docs/api.md, command by command."""

import json
import re
import shlex
from pathlib import Path

from tests.web.caller import API, Callers, good

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def _commands() -> list[list[str]]:
    """The words of each curl command, without its variables resolved."""
    walk = PAGE.read_text().partition("## One gate, with curl")[2]
    found = re.search(r"^```sh\n(.*?)^```", walk, re.MULTILINE | re.DOTALL)
    assert found is not None
    starts = re.split(r"^(?=curl )", found[1], flags=re.MULTILINE)[1:]
    return [shlex.split(each.partition(" | ")[0], comments=True) for each in starts]


def _run(people: Callers, words: list[str]) -> object:
    headers: dict[str, str] = {}
    body: str | None = None
    who, path = people.nobody, ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-H":
            value = next(rest)
            if value in ("$pm", "$sponsor"):
                who = people.pia if value == "$pm" else people.sam
            elif value == "$json":
                headers["Content-Type"] = "application/json"
            else:
                name, _, told = value.partition(": ")
                headers[name] = told
        elif word == "-d":
            body = next(rest)
        elif word.startswith("$api"):
            path = word.removeprefix("$api")
        else:
            assert word in ("-s", "-si"), word
    response = who.call(
        "GET" if body is None else "POST",
        path,
        raw=None if body is None else body.encode(),
        headers=headers,
    )
    told = good(response, response.status_code)
    assert response.status_code < 300, told
    return told


def test_the_walk_in_the_docs_works_as_it_stands(people: Callers) -> None:
    answers = [_run(people, words) for words in _commands()]
    assert len(answers) == 8
    kinds = [each["kind"] for each in json.loads(json.dumps(answers[-1]))["items"]]
    assert kinds == ["gate.submitted", "vote.cast", "gate.decided", "stage.moved"]
    project = good(people.pia.get("/projects/CRM-RELAUNCH"))
    assert project["stage"] == "value_defined"
    assert API in PAGE.read_text()
