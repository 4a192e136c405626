"""Every number of a report, asked for again: `trace` fetches the reads that a report names."""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from urllib.parse import quote

from tests.web.caller import Caller, good

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


def trace(caller: Caller, report: dict[str, Any]) -> int:
    """Asserts that each number of each section stands in an answer of the API or follows from such ones.
    Returns how many there are."""
    found = 0
    answers: dict[tuple[str, bool], Any] = {}
    for section in report["sections"]:
        covered = set(_sourced(caller, section, answers))
        for each in section["derived"]:
            assert derive(section["content"], each) == at(section["content"], each["path"]), each
            covered.add(each["path"])
        for path, value in numbers(section["content"]):
            found += 1
            assert any(path == one or path.startswith(f"{one}/") for one in covered), (
                f"{section['name']}: nobody says where {value} at {path} is from"
            )
    return found


def _sourced(
    caller: Caller, section: dict[str, Any], answers: dict[tuple[str, bool], Any]
) -> Iterator[str]:
    for source in section["sources"]:
        key = (source["query"], source["every_page"])
        if key not in answers:
            answers[key] = fetched(caller, *key)
        for figure in source["figures"]:
            told = at(section["content"], figure["path"])
            answered = at(answers[key], figure["pointer"])
            same(told, answered, f"{section['name']}{figure['path']} of {source['query']}")
            yield figure["path"]


def fetched(caller: Caller, query: str, every_page: bool) -> Any:
    answer = good(caller.get(query))
    while every_page and answer["next"] is not None:
        joint = "&" if "?" in query else "?"
        more = good(caller.get(f"{query}{joint}cursor={quote(answer['next'])}"))
        answer = {**more, "items": [*answer["items"], *more["items"]]}
    return answer


def same(told: Any, answered: Any, where: str) -> None:
    """What is told is as it was answered, as far as it is told."""
    if isinstance(told, dict):
        for name, value in cast("dict[str, Any]", told).items():
            assert name in answered, f"{where}: the answer has no {name}"
            same(value, answered[name], f"{where}/{name}")
    elif isinstance(told, list):
        some = cast("list[Any]", told)
        assert len(some) == len(answered), where
        for nth, (one, other) in enumerate(zip(some, answered, strict=True)):
            same(one, other, f"{where}/{nth}")
    elif told != answered:
        assert _moment(told) == _moment(answered) is not None, f"{where}: {told} is not {answered}"


def derive(content: Any, rule: dict[str, Any]) -> Any:
    values = [at(content, path) for path in rule["of"]]
    if rule["function"] == "count":
        return sum(
            all(each.get(name) == value for name, value in rule["where"].items())
            for listed in values
            for each in listed
        )
    amounts = [Decimal(str(each)) for each in values]
    whole = rule["function"] == "sum" and all(isinstance(each, int) for each in values)
    total = {
        "sum": lambda: sum(amounts),
        "negated": lambda: -sum(amounts),
        "difference": lambda: amounts[0] - sum(amounts[1:]),
    }[rule["function"]]()
    return int(total) if whole else _plain(Decimal(total))


def at(content: Any, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) leads to."""
    found = content
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        found = found[int(name)] if isinstance(found, list) else found[name]
    return found


def numbers(content: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every number of some content, with the JSON pointer to it."""
    if isinstance(content, dict):
        for name, value in cast("dict[str, Any]", content).items():
            escaped = name.replace("~", "~0").replace("/", "~1")
            yield from numbers(value, f"{path}/{escaped}")
    elif isinstance(content, list):
        for nth, value in enumerate(cast("list[Any]", content)):
            yield from numbers(value, f"{path}/{nth}")
    elif isinstance(content, bool):
        return
    elif isinstance(content, int) or (isinstance(content, str) and NUMBER.fullmatch(content)):
        yield path, content


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
