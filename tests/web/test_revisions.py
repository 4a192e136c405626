"""Rulebooks over HTTP: proposed, read, put in force; a running service judges by the new one."""

from tests.services import house as made
from tests.services.house import RULES, House
from tests.web.caller import Callers, good, problem

STRICTER = {"benefits.yaml": RULES.replace("act: 80%", "act: 70%")}


def test_a_running_service_judges_by_what_is_published(
    people: Callers, house: House, project: str
) -> None:
    made.report(house, f"{project}-K1", {"2026-10-31": 750})
    swept = good(people.ron.post("/sweeps", {"as_of": "2026-10-31"}))
    assert swept["counts"]["fires"] == 1

    proposed = people.rae.post("/rulebook/revisions", {"sources": STRICTER, "note": "Board: 70 %"})
    told = good(proposed, 201)
    assert (told["state"], told["author_name"], told["note"]) == ("proposed", "Rae", "Board: 70 %")
    assert proposed.headers["Location"] == f"/api/v1/rulebook/revisions/{told['digest']}"
    tag = proposed.headers["ETag"]
    before = people.ron.get("/rulebook")

    address = f"/rulebook/revisions/{told['digest']}"
    problem(people.rae.post(f"{address}/publish", {}, version=tag), 403, "not-allowed")
    problem(people.ron.post(f"{address}/publish", {}), 428, "version-needed")
    published = people.ron.post(f"{address}/publish", {"note": "Tested"}, version=tag)
    assert (good(published)["state"], published.headers["ETag"]) == ("in_force", '"v2"')
    problem(people.ron.post(f"{address}/publish", {}, version=tag), 412, "stale-version")

    in_force = people.ron.get("/rulebook")
    assert good(in_force)["digest"] == told["digest"]
    assert in_force.headers["ETag"] != before.headers["ETag"]
    known = {"If-None-Match": in_force.headers["ETag"]}
    assert people.ron.get("/rulebook", headers=known).status_code == 304
    swept = good(people.ron.post("/sweeps", {"as_of": "2026-10-31"}))
    assert (swept["counts"]["fires"], swept["rulebook_digest"]) == (0, told["digest"])


def test_errors_in_the_files_are_told_with_their_places_and_change_nothing(
    people: Callers,
) -> None:
    before = good(people.rae.get("/rulebook"))
    broken = {"a/b.yaml": RULES.replace(" when: attainment", " when: atainment")}
    refused = people.rae.post("/rulebook/revisions", {"sources": broken, "note": "x"})
    problems = problem(refused, 422, "faulty-rules")["problems"]
    [error] = [each for each in problems if each["level"] == "error"]
    assert error == {
        "code": "E210",
        "level": "error",
        "path": "a/b.yaml",
        "line": 10,
        "column": 11,
        "message": "unknown name `atainment`",
        "help": "did you mean 'attainment'?",
    }
    assert good(people.rae.get("/rulebook")) == before


def test_paths_lead_nowhere_else(people: Callers) -> None:
    for path in ("../a.yaml", "/a.yaml", "a.txt", ".hidden/a.yaml", "a\\b.yaml", "a//b.yaml", ""):
        refused = people.rae.post("/rulebook/revisions", {"sources": {path: RULES}, "note": "x"})
        problem(refused, 422, "invalid-input")


def test_who_proposed_never_publishes(people: Callers) -> None:
    told = good(people.ali.post("/rulebook/revisions", {"sources": STRICTER, "note": "x"}), 201)
    refused = people.ali.post(f"/rulebook/revisions/{told['digest']}/publish", {}, version=1)
    problem(refused, 403, "separation-of-duties")


def test_revisions_are_listed_and_read(people: Callers) -> None:
    told = good(people.rae.post("/rulebook/revisions", {"sources": STRICTER, "note": "x"}), 201)
    listed = good(people.eve.get("/rulebook/revisions"))["items"]
    assert [each["state"] for each in listed] == ["proposed", "in_force"]
    assert listed[1]["author"] == "directory"
    assert good(people.eve.get("/rulebook/revisions?state=proposed"))["items"] == listed[:1]
    assert good(people.eve.get(f"/rulebook/revisions/{told['digest']}")) == told
    problem(people.eve.get(f"/rulebook/revisions/sha256:{'0' * 64}"), 404, "not-found")
