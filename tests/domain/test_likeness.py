"""Whom a lesson concerns: the best reason counts, and what is not known is like nothing."""

from govern.domain.likeness import Alike, Experience, Measured, likeness

OWN = (Measured("A", "churn", "retention", "%", "decrease"), Measured("B"))


def of(
    *kpis: Measured, categories: tuple[str, ...] = (), tags: tuple[str, ...] = ()
) -> Alike | None:
    return likeness(OWN, ("erp",), Experience(categories, tags, kpis))


def test_a_template_says_more_than_a_measure_and_that_more_than_a_category() -> None:
    category = Measured("X", None, "retention", "days", "decrease")
    measure = Measured("Y", None, "retention", "%", "decrease")
    template = Measured("Z", "churn", None, None, None)
    assert of(category) == Alike(1, "A here is of the category retention, too")
    assert of(category, measure) == Alike(
        2, "A here and Y there are of the category retention, in %, to decrease"
    )
    assert of(category, measure, template) == Alike(
        3, "A here and Z there follow the template churn"
    )


def test_a_shared_tag_is_enough() -> None:
    assert of(tags=("erp", "x")) == Alike(1, "both have the tag erp")
    assert of(tags=("x",)) is None


def test_what_is_not_known_is_like_nothing() -> None:
    assert of(Measured("X")) is None
    assert of(Measured("X", None, None, "%", "decrease")) is None


def test_a_lesson_about_one_category_is_not_about_the_projects_other_kpis() -> None:
    cost = Measured("X", "churn", "cost", "EUR", "decrease")
    assert of(cost) == Alike(3, "A here and X there follow the template churn")
    assert of(cost, categories=("revenue",)) is None
    assert of(cost, categories=("retention",)) == Alike(
        1, "A here is of the category retention, too"
    )
