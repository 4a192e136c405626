"""Results as JUnit XML, which every CI server reads (the subset that Jenkins and GitLab share)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was looked at. `failure` says what is wrong with it, `kind` of which kind that
    is, `notes` what else there is to say."""

    suite: str
    name: str
    file: str
    line: int
    failure: str | None = None
    kind: str = ""
    notes: str = ""


def junit(name: str, cases: Iterable[Case]) -> str:
    """The XML of all cases, in suites in the order of the cases."""
    found = list(cases)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {_counts(name, found)}>"]
    for suite, group in groupby(found, key=lambda case: case.suite):
        inside = list(group)
        lines.append(f"  <testsuite {_counts(suite, inside)}>")
        lines += [line for case in inside for line in _case(case)]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"])


def _counts(name: str, cases: list[Case]) -> str:
    failed = sum(case.failure is not None for case in cases)
    return f'name={_quoted(name)} tests="{len(cases)}" failures="{failed}" errors="0"'


def _case(case: Case) -> Iterable[str]:
    where = f'file={_quoted(case.file)} line="{case.line}"'
    head = f"    <testcase classname={_quoted(case.suite)} name={_quoted(case.name)} {where}"
    if case.failure is None and not case.notes:
        yield head + "/>"
        return
    yield head + ">"
    if case.failure is not None:
        first = _quoted(case.failure.splitlines()[0] if case.failure else "")
        yield f"      <failure message={first} type={_quoted(case.kind)}>{_text(case.failure)}</failure>"
    if case.notes:
        yield f"      <system-out>{_text(case.notes)}</system-out>"
    yield "    </testcase>"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))
