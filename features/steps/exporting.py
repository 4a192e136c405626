"""A bundle on the auditor's desk: verified there, and what somebody did to it on the way."""

import json
import zipfile
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path

from pytest_bdd import given, parsers, then

from features.house import House
from govern.audit_bundle import verify as verifier
from govern.ledger.note import Verifier, generate


def _verify(house: House, bundle: str, key: Verifier) -> tuple[int, str]:
    policy = house.folder / "policy.txt"
    policy.write_text(f"log {key}\nquorum none\n", encoding="utf-8")
    told = TextIOWrapper(BytesIO(), encoding="utf-8")
    with redirect_stdout(told):
        code = verifier.main([str(house.folder / bundle), "--policy", str(policy)])
    told.seek(0)
    return code, told.read()


def _key(house: House) -> Verifier:
    return Verifier.read((house.folder / "keys" / "log.pub").read_text(encoding="utf-8"))


def _rewrite(path: Path, seq: int, project: str, instead: list[bytes] | None) -> None:
    """Puts other lines in place of an event's; None changes its moment."""
    with zipfile.ZipFile(path) as opened:
        held = {name: opened.read(name) for name in opened.namelist()}
    lines: list[bytes] = []
    for line in held["events.jsonl"].splitlines():
        body = json.loads(line)
        if (body["project"], body["seq"]) != (project, seq):
            lines.append(line)
        elif instead is None:
            lines.append(line.replace(body["at"].encode(), b"2020-01-01T00:00:00.000000Z"))
        else:
            lines += instead
    held["events.jsonl"] = b"".join(line + b"\n" for line in lines)
    with zipfile.ZipFile(path, "w") as written:
        for name, content in held.items():
            written.writestr(name, content)


@given(
    parsers.re(
        r"somebody changes event (?P<seq>\d+) of (?P<project>\S+) in the bundle (?P<name>\S+)"
    )
)
def _(house: House, seq: str, project: str, name: str) -> None:
    _rewrite(house.folder / name, int(seq), project, None)


@given(
    parsers.re(
        r"somebody takes event (?P<seq>\d+) of (?P<project>\S+) out of the bundle (?P<name>\S+)"
    )
)
def _(house: House, seq: str, project: str, name: str) -> None:
    _rewrite(house.folder / name, int(seq), project, [])


@then(parsers.re(r"the bundle (?P<name>\S+) holds under the log's key"))
def _(house: House, name: str) -> None:
    code, told = _verify(house, name, _key(house))
    assert code == verifier.HOLDS, told


@then(parsers.re(r"the bundle (?P<name>\S+) does not hold under another key"))
def _(house: House, name: str) -> None:
    code, told = _verify(house, name, generate("govern.example.org/log").verifier)
    assert code == verifier.KEYS, told


@then(
    parsers.re(
        r"the bundle (?P<name>\S+) does not hold, and event (?P<seq>\d+) of (?P<project>\S+) is named"
    )
)
def _(house: House, name: str, seq: str, project: str) -> None:
    code, told = _verify(house, name, _key(house))
    assert code in {verifier.EVENT, verifier.PROOF}, told
    assert f"First bad event: event {seq} of {project}" in told
