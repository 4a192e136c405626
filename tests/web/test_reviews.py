"""Reviews over HTTP: from opening to signature, and what was known before."""

from datetime import timedelta

import pytest

from tests.services.house import NOW, House
from tests.services.reviewed import KPI, rolled_out
from tests.web.caller import Callers, everybody, good, problem
from tests.web.test_as_of import seal

WRITTEN = {
    "rating": "not_known",
    "summary": "It is too early to say.",
    "went_well": "Everybody was trained.",
    "kpis": [
        {
            "kpi": KPI,
            "follow_up": "keep_measuring",
            "owner": "Olga",
            "until": "2028-06-30",
        }
    ],
}


@pytest.fixture
def people(house: House) -> Callers:
    rolled_out(house)
    return everybody(house)


def test_a_review_is_opened_written_answered_and_signed(people: Callers) -> None:
    made = people.pia.post("/projects/P1/reviews", {})
    opened = good(made, 201)
    assert made.headers["Location"].endswith(f"/reviews/{opened['id']}")
    assert (opened["rolled_out_on"], opened["due_on"]) == ("2026-11-24", "2027-11-24")
    assert opened["suggested"]["rating"] == "not_known"
    path = f"/reviews/{opened['id']}"
    changed = good(people.pia.patch(path, WRITTEN, version=1))
    assert changed["missing"] == []
    assert changed["kpis"][0]["until"] == "2028-06-30"
    asked = {"question": "used", "score": 4, "said": "By most."}
    answered = good(people.fay.post(f"{path}/answers", asked), 201)
    assert (answered["survey"][0]["n"], answered["survey"][0]["median"]) == (1, "4")
    assert answered["signers"] == ["Ali", "Max", "Sam"]
    problem(people.pia.post(f"{path}/signature", {}, version=2), 403, "not-allowed")
    signed = good(people.sam.post(f"{path}/signature", {"currency": "EUR"}, version=2), 201)
    assert (signed["state"], signed["signed_by_name"]) == ("signed", "Sam")
    assert signed["survey"][0]["answers"][0]["said"] == "By most."
    dossier = good(people.aud.get(f"{path}/dossier"))
    assert (dossier["currency"], dossier["value"]["kpis"][0]["first"]["target"]) == ("EUR", "1200")
    assert dossier["gates"][0]["decisions"][0]["votes"][0]["person_name"] == "Sam"
    problem(people.pia.patch(path, {"rating": "met"}, version=3), 409, "review-signed")
    (one,) = good(people.aud.get("/projects/P1/reviews?state=signed"))["items"]
    assert one["dossier_digest"].startswith("sha256:")
    told = [each["told"] for each in good(people.aud.get("/projects/P1/history"))["items"]]
    assert told[-4:] == [
        "review 1, number 1, is opened, due by 2027-11-24",
        f"review 1 is written: summary, went well, rating not_known, {KPI} keep_measuring",
        "review 1: 'used' is answered with 4",
        "review 1, number 1, is signed off: not_known",
    ]


def test_what_was_known_before_the_signature_is_read_again(people: Callers, house: House) -> None:
    good(people.pia.post("/projects/P1/reviews", {}), 201)
    paths = ("/reviews/1", "/reviews/1/dossier", "/projects/P1/dossier", "/reviews")
    before = {path: good(people.aud.get(path)) for path in paths}
    size = seal(house, NOW)
    good(people.pia.patch("/reviews/1", WRITTEN, version=1))
    good(people.sam.post("/reviews/1/signature", {}, version=2), 201)
    later = seal(house, NOW + timedelta(hours=1))
    for path in paths:
        assert good(people.aud.get(f"{path}?as_of_size={size}")) == before[path], path
        now = good(people.aud.get(path))
        assert good(people.aud.get(f"{path}?as_of_size={later}")) == now, path
    assert good(people.aud.get("/reviews/1"))["state"] == "signed"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rating": "good"}, "rating"),
        ({"kpis": [{"kpi": KPI, "follow_up": "forget"}]}, "kpis"),
        ({"signed_by": "pia"}, "signed_by"),
    ],
)
def test_what_is_no_review_is_refused(people: Callers, body: object, field: str) -> None:
    good(people.pia.post("/projects/P1/reviews", {}), 201)
    refused = problem(people.pia.patch("/reviews/1", body, version=1), 422, "invalid-input")
    assert [each.partition(".")[0] for each in refused["errors"]] == [field]
    score = {"question": "used", "score": 6}
    problem(people.dan.post("/reviews/1/answers", score), 422, "invalid-input")
