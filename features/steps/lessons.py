"""Lessons: noted, found, shown at gates, taken back."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House, rows


@given(parsers.parse("{name} has noted these lessons of {project}"))
def _(house: House, name: str, project: str, datatable: list[list[str]]) -> None:
    for row in rows(datatable):
        body = {
            "title": row["lesson"],
            "happened": row["what happened"],
            "because": row["because"],
            "next_time": row["next time"],
            "categories": [row["categories"]],
        }
        made = house.ask(name, "POST", f"/projects/{project}/lessons", body)
        house.noted[row["lesson"]] = made["id"]


@when(parsers.parse('{name} searches the lessons for "{asked}"'))
def _(house: House, name: str, asked: str) -> None:
    query = asked.replace('\\"', "%22").replace(" ", "%20")
    house.seen = house.ask(name, "GET", f"/lessons?q={query}")


@then("these lessons are found")
def _(house: House, datatable: list[list[str]]) -> None:
    found = [{"lesson": x["title"], "of": x["project"]} for x in house.seen["items"]]
    assert found == rows(datatable)
    assert house.seen["found"] == len(found)


@then("no lesson is found")
def _(house: House) -> None:
    assert house.seen == {"items": [], "found": 0}


@then(parsers.parse('the words "{words}" stand out in "{text}"'))
def _(house: House, words: str, text: str) -> None:
    [found] = house.seen["items"]
    marked = [text[x["start"] : x["start"] + x["length"]] for x in found["marks"]]
    assert (found["excerpt"], " ".join(marked)) == (text, words)


def _shown(house: House, name: str) -> list[dict[str, Any]]:
    return house.ask(name, "GET", f"/submissions/{house.submission}")["lessons"]


@then(parsers.parse("{name} is shown these lessons"))
def _(house: House, name: str, datatable: list[list[str]]) -> None:
    told = [{"lesson": x["title"], "why": x["alike"]} for x in _shown(house, name)]
    assert told == rows(datatable)


@then(parsers.parse("{name} is shown no lessons"))
def _(house: House, name: str) -> None:
    assert _shown(house, name) == []


@then(parsers.parse("the vote of {name} says that these lessons were shown"))
def _(house: House, name: str, datatable: list[list[str]]) -> None:
    votes = house.ask(name, "GET", f"/submissions/{house.submission}")["votes"]
    [cast] = [each for each in votes if each["person"] == name]
    assert cast["lessons_shown"] == [house.noted[row["lesson"]] for row in rows(datatable)]


@given(parsers.parse('{name} has taken the lesson "{title}" back because "{reason}"'))
def _(house: House, name: str, title: str, reason: str) -> None:
    path = f"/lessons/{house.noted[title]}/withdrawal"
    house.ask(name, "POST", path, {"reason": reason}, 1)


@then(parsers.parse('{name} can still read "{title}"'))
def _(house: House, name: str, title: str) -> None:
    found = house.ask(name, "GET", f"/lessons/{house.noted[title]}")
    assert (found["title"], found["state"]) == (title, "withdrawn")


@when(parsers.parse('{name} tries to rewrite the lesson "{title}"'))
def _(house: House, name: str, title: str) -> None:
    path = f"/lessons/{house.noted[title]}"
    house.refused(lambda: house.ask(name, "PATCH", path, {"title": "All went well"}, 1))
