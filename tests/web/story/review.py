"""A project is looked back on, and what it learnt is kept."""

from tests.web.story.cast import ANA, MARGIT, NEW, SOFIA
from tests.web.teller import Teller


def reviews(teller: Teller) -> None:
    do = teller.do
    made = do("openReview", "tomasz.wrona", {}, project="LE-013")
    changed = {
        "rating": "met",
        "summary": "Callers are called back within the hour; the queue is half as long.",
        "went_well": "The trial with one team.",
        "went_badly": "The first forecast of calls.",
    }
    do("changeReview", "tomasz.wrona", changed, review=made["id"])
    read = do("getReview", MARGIT, review=made["id"])
    question = read["survey"][0]["question"]
    answered = {"question": question, "score": 4, "said": "By all but one branch."}
    do("answerReview", SOFIA, answered, review=made["id"])
    follow_ups = [{"kpi": each["kpi"], "follow_up": "settled"} for each in read["kpis"]]
    do("changeReview", "tomasz.wrona", {"kpis": follow_ups}, review=made["id"])
    signature = {"reason": "The figures of October bear it out.", "currency": "EUR"}
    do("signReview", SOFIA, signature, review=made["id"])
    do("listReviews", MARGIT, limit=2)
    do("listProjectReviews", MARGIT, project="LE-013")
    do("getReviewDossier", MARGIT, review=made["id"])
    do("getProjectDossier", MARGIT, project="LE-015", currency="EUR")


def learns(teller: Teller) -> None:
    do = teller.do
    lesson = {
        "title": "Training came too late",
        "happened": "Two branches worked without the new screens for a month.",
        "because": "Training was planned after the rollout.",
        "next_time": "Train every branch two weeks before its rollout.",
        "categories": ["revenue"],
        "tags": ["rollout", "training"],
        "evidence": [{"kind": "link", "ref": "https://docs.example.org/crm/review"}],
    }
    made = do("addLesson", ANA, lesson, project=NEW)
    do("changeLesson", ANA, {"tags": ["training"]}, lesson=made["id"])
    do("getLesson", ANA, lesson=made["id"])
    do("searchLessons", ANA, q="trial customers")
    do("alike", ANA, project="LE-025")
    withdrawn = {"reason": "It was the network, as the review found."}
    do("withdrawLesson", ANA, withdrawn, lesson=made["id"])
    do("forecastBias", MARGIT)
