"""What a page must be, whatever it tells: `well_made` reads it as a browser would."""

import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from govern.reports import shown
from tests.reports.traced import NUMBER

VOID = {"meta", "link", "br", "hr", "img", "input", "path", "use", "col"}
ADDRESSES = {"src", "href", "action", "srcset", "poster", "data", "xlink:href"}
TOKEN = re.compile(r"[−-]?[0-9][0-9,]*(?:\.[0-9]+)?")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.labelled: list[str] = []
        self.told: list[tuple[str, str]] = []
        """Each `data` element: its value, and how it is shown."""
        self.texts: list[str] = []
        self._value: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name in ADDRESSES & set(given):
            assert given[name].startswith("#"), (tag, name, given[name])
        for name, value in given.items():
            assert not name.startswith("on"), f"{tag} has a script: {name}"
            assert "url(" not in value or "url(#" in value, (tag, name, value)
        if "id" in given:
            self.ids.append(given["id"])
        self.labelled += given.get("aria-labelledby", "").split()
        if tag == "svg":
            assert given["role"] == "img"
            assert given["aria-labelledby"]
        if tag == "data":
            self._value = given["value"]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> where {self.open[-3:]} is open"
        self.open.pop()
        if tag == "data":
            self._value = None

    def handle_data(self, data: str) -> None:
        if self._value is not None:
            self.told.append((self._value, data))
        elif not {"svg", "style", "code", "title", "data"} & set(self.open):
            self.texts.append(data)


def well_made(page: str, report: dict[str, Any]) -> None:
    """Asserts that a page is one whole file, and that each of its numbers is one of the report."""
    assert page.startswith("<!DOCTYPE html>")
    assert not re.search(r"(?:https?:)?//[a-z]", page), "an address from elsewhere"
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    assert not reader.tags & {"script", "iframe", "object", "embed", "form", "link", "base", "img"}
    assert len(set(reader.ids)) == len(reader.ids)
    assert set(reader.labelled) <= set(reader.ids)
    known = {str(each) for each in _values(report)}
    for value, text in reader.told:
        assert value in known, f"{value} is not in the report"
        assert text in {shown.number(value), shown.percent(value)}, (value, text)
    # Outside of these, digits stand only in dates, in texts of the report, and where things are counted.
    told = {match for each in known for match in TOKEN.findall(_dated(each))}
    told |= {str(length) for length in _lengths(report)}
    for text in reader.texts:
        for token in TOKEN.findall(text):
            plain = token.replace("−", "-").strip("-").rstrip(",").lstrip("0") or "0"
            assert plain in {each.strip("-").lstrip("0") or "0" for each in told} | {"4", "80"}, (
                token,
                text,
            )


def _dated(text: str) -> str:
    return text.replace("-", " ").replace("T", " ").replace(":", " ").replace("_", " ")


def _values(data: Any) -> list[Any]:
    if isinstance(data, dict):
        return [one for name, each in data.items() for one in (name, *_values(each))]
    if isinstance(data, list):
        return [one for each in data for one in _values(each)]
    return [] if data is None else [data]


def _lengths(data: Any) -> list[int]:
    """How long the lists are, and how many more there are than the first or the first three."""
    found: list[int] = []
    if isinstance(data, dict):
        found += [one for each in data.values() for one in _lengths(each)]
    elif isinstance(data, list):
        found += [len(data), len(data) - 1, len(data) - 3]
        found += [one for each in data for one in _lengths(each)]
    return found


def decimals(report: Any) -> list[Decimal]:
    return [Decimal(each) for each in map(str, _values(report)) if NUMBER.fullmatch(each)]
