"""Evidence: files handed in, brought later, read back; and the record of a project's gates."""

from dataclasses import replace
from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House, Refused, rows, word
from govern.domain.record import Record
from govern.services.keeping import MB, Keeping
from govern.store.folder import Folder
from govern.web.app import create_app
from govern.web.openapi import PREFIX
from tests.documents.contents import PDF, PNG, XLSX

CASE = PDF + b"% the case of the web shop"

FILES: dict[str, tuple[str, str, bytes]] = {
    "an empty file": ("case.pdf", "application/pdf", b""),
    "a program that is called case.pdf": ("case.pdf", "application/pdf", b"MZ\x90\x00\x03"),
    "a picture that is called case.pdf": ("case.pdf", "application/pdf", PNG),
    "a PDF that was cut off": ("case.pdf", "application/pdf", PDF[:20]),
    "a workbook that is called case.docx": (
        "case.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        XLSX,
    ),
    "a web page": ("case.html", "text/html", b"<script>alert(1)</script>"),
    "an archive": ("case.zip", "application/zip", b"PK\x03\x04"),
    "a file of 26 MB": ("case.pdf", "application/pdf", PDF.ljust(26 * MB, b"%")),
    "a file that is called ../case.pdf": ("../case.pdf", "application/pdf", PDF),
}


def _hand_in(
    house: House, name: str, project: str, filename: str, kind: str, content: bytes
) -> Record:
    with house.web.test_client() as client:
        answer = client.post(
            f"{PREFIX}/projects/{project}/evidence-files",
            query_string={"filename": filename},
            data=content,
            headers={"Authorization": f"Bearer {house.tokens[name]}", "Content-Type": kind},
        )
    told = answer.get_json(force=True)
    if answer.status_code != 201:
        raise Refused(told)
    return told


def _read(house: House, name: str, number: int) -> bytes:
    with house.web.test_client() as client:
        answer = client.get(
            f"{PREFIX}/evidence-files/{number}/content",
            headers={"Authorization": f"Bearer {house.tokens[name]}"},
        )
    if answer.status_code != 200:
        raise Refused(answer.get_json(force=True))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return answer.data


@given(parsers.re(r'(?P<name>\w+) has handed in the file "(?P<filename>[^"]+)" for (?P<p>\S+)'))
def _(house: House, name: str, filename: str, p: str) -> None:
    made = _hand_in(house, name, p, filename, "application/pdf", CASE)
    house.noted[f"file {filename}"] = made["id"]


@when(parsers.re(r"(?P<name>\w+) tries to hand in (?P<what>an? .+) for (?P<project>\S+)"))
def _(house: House, name: str, what: str, project: str) -> None:
    house.refused(lambda: _hand_in(house, name, project, *FILES[what]))


@given("evidence is kept on disk")
def _(house: House) -> None:
    folder = house.folder / "evidence"
    house.runtime = replace(house.runtime, keeping=Keeping(Folder(folder)))
    house.web = create_app(house.runtime, lambda: house.now)
    house.environment["GOVERN_EVIDENCE_DIR"] = str(folder)


@given(parsers.re(r"somebody changes the file on the disk"))
def _(house: House) -> None:
    (file,) = (each for each in (house.folder / "evidence").rglob("*") if each.is_file())
    file.chmod(0o600)
    file.write_bytes(PDF + b"% another case")


@given(parsers.re(r"somebody deletes the file on the disk"))
def _(house: House) -> None:
    (file,) = (each for each in (house.folder / "evidence").rglob("*") if each.is_file())
    file.unlink()


def _entry(house: House, what: str) -> dict[str, Any]:
    """`the file "case.pdf"` or `the link "https://…"`."""
    kind, _, named = what.removeprefix("the ").partition(" ")
    text = named.strip('"')
    return {"file": house.noted[f"file {text}"]} if kind == "file" else {"link": text}


def _bring(house: House, name: str, document: str, what: str) -> None:
    path = f"/submissions/{house.submission}"
    version = house.ask(name, "GET", path)["version"]
    body = {"evidence": [{"name": word(document), **_entry(house, what)}]}
    house.ask(name, "POST", f"{path}/evidence", body, version)


_AS = r'(?P<what>the (?:file|link) "[^"]+") as the (?P<document>[\w ]+)'


@given(parsers.re(rf"(?P<name>\w+) brings {_AS}"))
@when(parsers.re(rf"(?P<name>\w+) brings {_AS}"))
def _(house: House, name: str, what: str, document: str) -> None:
    _bring(house, name, document, what)


@when(parsers.re(rf"(?P<name>\w+) tries to bring {_AS}"))
def _(house: House, name: str, what: str, document: str) -> None:
    house.refused(lambda: _bring(house, name, document, what))


@then(parsers.re(r"(?P<name>\w+) reads the (?P<document>[\w ]+) as it was handed in"))
def _(house: House, name: str, document: str) -> None:
    found = {each["name"]: each for each in house.current()["evidence"]}[word(document)]
    assert _read(house, name, found["file"]) == CASE


@when(parsers.re(r'(?P<name>\w+) tries to read the file "(?P<filename>[^"]+)"'))
def _(house: House, name: str, filename: str) -> None:
    house.refused(lambda: _read(house, name, house.noted[f"file {filename}"]))


# --- the record -----------------------------------------------------------------------------------


@then(parsers.re(r"(?P<name>\w+) reads what the voters saw as the (?P<document>[\w ]+)"))
def _(house: House, name: str, document: str, datatable: list[list[str]]) -> None:
    found = house.current()
    told: list[list[str]] = []
    for each in found["votes"]:
        seen = house.ask(name, "GET", f"/submissions/{found['id']}/votes/{each['id']}/seen")
        evidence = {brought["name"]: brought for brought in seen["seen"]["evidence"]}
        brought = evidence[word(document)]
        told.append([seen["person"], brought.get("filename") or brought["link"]])
    assert told == datatable[1:]


def _gates(house: House, name: str, project: str) -> Record:
    return house.ask(name, "GET", f"/projects/{project}/gates")


@then(parsers.re(r'(?P<name>\w+) reads of the gate "(?P<gate>[^"]*)" of (?P<project>\S+)'))
def _(house: House, name: str, gate: str, project: str, datatable: list[list[str]]) -> None:
    gates = {each["gate"]: each for each in _gates(house, name, project)["gates"]}
    told = [
        {
            "iteration": str(each["iteration"]),
            "rounds": str(each["round"]),
            "votes": ", ".join(
                f"{vote['person']} {vote['decision']}{'' if vote['counts'] else ' (stale)'}"
                for vote in each["votes"]
            ),
            "advice": each["advice"],
            "decision": each["decision"],
            "days": str(each["days_open"]),
        }
        for each in gates[word(gate)]["iterations"]
    ]
    assert told == rows(datatable)


@then(parsers.re(r"(?P<name>\w+) reads how long (?P<project>\S+) was in each stage"))
def _(house: House, name: str, project: str, datatable: list[list[str]]) -> None:
    told = [
        [
            each["stage"].replace("_", " "),
            "unknown" if each["days"] is None else str(each["days"]),
        ]
        for each in _gates(house, name, project)["days_in_stage"]
    ]
    assert told == datatable[1:]


@then("beside it stands the iteration before, which differs in")
def _(house: House, datatable: list[list[str]]) -> None:
    (earlier,) = house.current()["earlier"]
    assert earlier["iteration"] == house.current()["iteration"] - 1
    for (sentence,) in datatable:
        assert sentence in earlier["differs"], earlier["differs"]
