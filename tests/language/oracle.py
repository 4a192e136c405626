"""The language held against FEEL as another interpreter has it: `make oracle`.

Generates expressions of the part that both have, on generated rows with missing values, and compares
the values with those of the npm package feelin. Where the two languages differ on purpose, the FEEL
side is written out (`unless_missing` and the like); `DIFFERENCES` are shown in docs/language.md.

feelin computes in binary floats, so that the numbers here are ones that these carry exactly.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from govern.language.explain import explain
from govern.language.meaning import Value
from govern.observation.frame import Observations
from tests.language.portfolio import checked, kpi, month, observed

SCRIPT = Path(__file__).with_suffix(".mjs")


class Difference(NamedTuple):
    """A condition on the rows of `example`, and its value here and in feelin."""

    text: str
    here: str
    feel: str


DIFFERENCES = (
    Difference("tolerance = 1", "unknown", "false"),
    Difference('unit != "red"', "unknown", "true"),
    Difference("tolerance in (1, 2)", "unknown", "false"),
    Difference("actual between 90 and tolerance", "false", "unknown"),
    Difference("every d in deliverables satisfies d.cost > 5", "unknown", "false"),
    Difference("some d in deliverables satisfies d.cost > 50", "unknown", "false"),
    Difference("actual in [planned..5]", "false", "true"),
    Difference("start + 30", "2026-01-31", "unknown"),
    Difference("period - start", "30", '"P30D"'),
    Difference("1 / 3", "0.333333333", "0.3333333333333333"),
    Difference("mean([1 / 3, 0])", "0.1666665", "0.16666666666666666"),
    Difference("0.1 + 0.2 = 0.3", "true", "false"),
)
"""The last one is a difference of feelin, not of FEEL, which computes in decimals as govern does."""


class Pair(NamedTuple):
    """An expression of this language, and what it is in FEEL."""

    here: str
    feel: str


def unless_missing(pair: Pair, *parts: Pair) -> Pair:
    """FEEL says `null = 1` is false; here it is unknown."""
    missing = " or ".join(f"({part.feel}) = null" for part in parts)
    return Pair(pair.here, f"(if {missing} then null else {pair.feel})")


def same(text: str) -> Pair:
    return Pair(text, text)


def joined(form: str, *parts: Pair) -> Pair:
    return Pair(
        form.format(*(part.here for part in parts)), form.format(*(part.feel for part in parts))
    )


class Generator:
    """Writes one expression after another; `depth` bounds the operators within each other."""

    def __init__(self, pick: Random) -> None:
        self.pick = pick

    def constant(self) -> Pair:
        number = self.pick.choice((same("0"), same("84"), same("0.5"), same("-3"), same("105")))
        return self.pick.choice((number, Pair("50%", "0.5"), Pair("125%", "1.25")))

    def number(self, depth: int, element: bool = False) -> Pair:
        names = ("cost", "contribution") if element else NUMBERS
        leaf = same(self.pick.choice(names))
        if depth <= 0:
            return self.pick.choice((leaf, leaf, self.constant()))

        def below() -> Pair:
            return self.number(depth - 1, element)

        forms: list[Callable[[], Pair]] = [
            lambda: joined(f"({{}} {self.pick.choice('+-')} {{}})", below(), below()),
            lambda: joined(f"({{}} * {self.pick.choice(('2', '0.5', 'weight'))})", below()),
            lambda: joined(f"({{}} / {self.pick.choice(('2', '4', '0', 'weight'))})", below()),
            lambda: joined("-{}", leaf),
            lambda: joined("abs({})", below()),
            lambda: joined(
                "(if {} then {} else {})", self.truth(depth - 1, element), below(), below()
            ),
            lambda: joined(
                self.pick.choice(("sum", "min", "max", "mean", "median")) + "([{}, {}])",
                below(),
                below(),
            ),
        ]
        if not element:
            forms += [
                lambda: joined("count({})", self.rows(depth - 1)),
                lambda: joined(
                    self.pick.choice(("sum", "min", "max", "mean", "median"))
                    + "({}."
                    + self.pick.choice(("cost)", "contribution)", "cost[item != null])")),
                    self.rows(depth - 1),
                ),
                self.days,
            ]
        return self.pick.choice(forms)()

    def days(self) -> Pair:
        one, other = self.pick.choice(DATES), self.pick.choice(DATES)
        return Pair(f"({one} - {other})", f"({one} - {other}).days")

    def rows(self, depth: int) -> Pair:
        if depth <= 0 or self.pick.random() < 0.3:
            return same("deliverables")
        kept = self.truth(depth - 1, element=True)
        return Pair(f"deliverables[{kept.here}]", f"deliverables[({kept.feel}) = true]")

    def truth(self, depth: int, element: bool = False) -> Pair:
        simple: list[Callable[[], Pair]] = [
            lambda: self.compared(depth, element),
            lambda: self.equal(depth, element),
            lambda: joined(
                f"({{}} {self.pick.choice(('=', '!='))} null)", self.number(depth - 1, element)
            ),
            lambda: self.text(element),
            self.day,
            lambda: self.within(depth, element),
            lambda: same(self.pick.choice(("true", "false", "cumulative"))),
        ]
        if depth <= 0:
            return self.pick.choice(simple)()

        def below() -> Pair:
            return self.truth(depth - 1, element)

        forms: list[Callable[[], Pair]] = [
            *simple,
            lambda: joined(f"({{}} {self.pick.choice(('and', 'or'))} {{}})", below(), below()),
            lambda: joined("({} or {} and {})", below(), below(), below()),
            lambda: joined("not({})", below()),
            lambda: joined("(if {} then {} else {})", below(), below(), below()),
            lambda: joined(
                self.pick.choice(("any", "all")) + "([{}, {}, {}])", below(), below(), below()
            ),
        ]
        if not element:
            forms += [self.quantified] * 3
        return self.pick.choice(forms)()

    def compared(self, depth: int, element: bool) -> Pair:
        operator = self.pick.choice(("<", "<=", ">", ">="))
        sides = self.number(depth - 1, element), self.number(depth - 1, element)
        return joined(f"({{}} {operator} {{}})", *sides)

    def equal(self, depth: int, element: bool) -> Pair:
        sides = self.number(depth - 1, element), self.number(depth - 1, element)
        operator = self.pick.choice(("=", "!="))
        return unless_missing(joined(f"({{}} {operator} {{}})", *sides), *sides)

    def text(self, element: bool) -> Pair:
        name = same("state" if element else self.pick.choice(("category", "unit")))
        words = ('"done"', '"planned"') if element else ('"revenue"', '"EUR"')
        form = self.pick.choice(("({{}} = {0})", "({{}} != {0})", "({{}} in ({0}, {1}))"))
        return unless_missing(joined(form.format(*words), name), name)

    def day(self) -> Pair:
        one, other = (
            same(self.pick.choice(DATES)),
            same(self.pick.choice((*DATES, '@"2026-01-31"'))),
        )
        operator = self.pick.choice(("<", "<=", ">", ">=", "=", "!="))
        found = joined(f"({{}} {operator} {{}})", one, other)
        return (
            unless_missing(found, one, other) if "=" in (operator, operator[0] + "=")[0] else found
        )

    def within(self, depth: int, element: bool) -> Pair:
        value = self.number(depth - 1, element)
        tests = "[0..84]", "(0..84)", "[-3..105)", "(< 0, 84)", "(1, 84, 105)", "(> 84)", "[84, 5]"
        return unless_missing(joined(f"({{}} in {self.pick.choice(tests)})", value), value)

    def quantified(self) -> Pair:
        operator = self.pick.choice(("<", ">=", ">"))
        field = self.pick.choice(("cost", "contribution"))
        other = self.number(0)
        rows = self.rows(1)
        quantifier = self.pick.choice(("some", "every"))
        body = joined(f"d.{field} {operator} {{}}", other)
        feel = "any" if quantifier == "some" else "all"
        return Pair(
            f"({quantifier} d in {rows.here} satisfies {body.here})",
            f"{feel}(for d in {rows.feel} return {body.feel})",
        )


NUMBERS = ("actual", "planned", "baseline", "target", "tolerance", "weight")
DATES = ("start", "end", "period")
_AMOUNTS = (None, 0.0, 84.0, 105.0, -3.0, 0.5, 1.25, 2.0, 1024.0)


def portfolio(pick: Random, projects: int = 20) -> tuple[Observations, list[Mapping[str, Any]]]:
    """Projects with one KPI each, in one period, and the same rows as FEEL contexts."""
    kpis: list[Mapping[str, Any]] = []
    rows: dict[str, list[Mapping[str, object]]] = {"projects": [], "deliverables": [], "serves": []}
    contexts: list[Mapping[str, Any]] = []
    for number in range(projects):
        name = f"P{number:02}"
        own = {field: pick.choice(_AMOUNTS) for field in ("baseline", "target", "tolerance")}
        own["weight"] = pick.choice((None, 0.0, 2.0, 0.5))
        words = {
            "category": pick.choice((None, "revenue", "cost")),
            "unit": pick.choice((None, "EUR")),
            "cumulative": pick.random() < 0.5,
        }
        actual, planned = pick.choice(_AMOUNTS), pick.choice(_AMOUNTS)
        kpis.append(kpi(f"K{number:02}", [actual], [planned], project=name, **own, **words))
        start, end = pick.choice((None, date(2026, 1, 1))), pick.choice((None, date(2026, 3, 31)))
        rows["projects"].append({"project": name, "name": name, "start": start, "end": end})
        served = []
        for index in range(pick.choice((0, 1, 2, 3))):
            one = {"cost": pick.choice(_AMOUNTS), "state": pick.choice(("done", None))}
            link = pick.choice(_AMOUNTS)
            deliverable = f"D{number:02}{index}"
            rows["deliverables"].append(
                {"project": name, "deliverable": deliverable, "name": deliverable, **one}
            )
            rows["serves"].append(
                {"deliverable": deliverable, "kpi": f"K{number:02}", "contribution": link}
            )
            served.append({**one, "contribution": link})
        days = {"start": start, "end": end, "period": month(0)}
        contexts.append(
            {
                **own,
                **words,
                "actual": actual,
                "planned": planned,
                "deliverables": served,
                **{key: day and {"date": day.isoformat()} for key, day in days.items()},
            }
        )
    return observed(kpis, 1, **rows), contexts


def example() -> tuple[Observations, list[Mapping[str, Any]]]:
    """The row that `DIFFERENCES` are told of: 84 of 105; tolerance and unit are missing."""
    deliverables = [{"cost": 10.0}, {"cost": None}]
    observations = observed(
        [kpi("A", [84], 105)],
        projects=[{"project": "P1", "name": "One", "start": date(2026, 1, 1)}],
        deliverables=[
            {"project": "P1", "deliverable": str(at), "name": str(at), **one}
            for at, one in enumerate(deliverables)
        ],
        serves=[{"deliverable": str(at), "kpi": "A", "contribution": None} for at in range(2)],
    )
    context = {
        **{"actual": 84, "planned": 105, "tolerance": None, "unit": None},
        **{"start": {"date": "2026-01-01"}, "period": {"date": "2026-01-31"}},
        "deliverables": deliverables,
    }
    return observations, [context]


def feelin(
    folder: str, contexts: Sequence[Mapping[str, Any]], tests: Sequence[tuple[str, int]]
) -> list[Any]:
    """What feelin, installed below `folder`, says of each expression in its context."""
    asked = json.dumps({"contexts": contexts, "tests": tests})
    command = ["node", str(SCRIPT), str(Path(folder).resolve())]
    answer = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def agree(here: Value, feel: Any) -> bool:
    """Numbers agree to a millionth: that is what sums and means count in here."""
    if isinstance(here, Decimal) and isinstance(feel, int | float) and not isinstance(feel, bool):
        return abs(float(here) - feel) <= 1e-6 * max(1.0, abs(feel))
    return type(here) is type(feel) and here == feel


def shown(value: Any) -> str:
    return "unknown" if value is None else json.dumps(value)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", help="where feelin is installed")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=5_000)
    asked = options.parse_args()
    pick = Random(asked.seed)  # noqa: S311
    observations, contexts = portfolio(pick)
    write = Generator(pick)
    pairs = [
        write.truth(pick.choice((1, 2, 3))) if pick.random() < 0.6 else write.number(2)
        for _ in range(asked.count)
    ]
    conditions = [checked(pair.here) for pair in pairs]
    rows = range(len(contexts))
    told = feelin(asked.folder, contexts, [(pair.feel, row) for pair in pairs for row in rows])
    counts: Counter[str] = Counter()
    for at, (pair, condition) in enumerate(zip(pairs, conditions, strict=True)):
        for row in rows:
            here = explain(condition, observations, row).value
            feel = told[at * len(contexts) + row]
            counts["true" if here is True else "false" if here is False else
                   "unknown" if here is None else "a number"] += 1  # fmt: skip
            if not agree(here, feel):
                counts["differ"] += 1
                if counts["differ"] <= 20:
                    sys.stdout.write(f"row {row}: {pair.here}\n    {here} here, {feel} in feelin\n")
    _, contexts = example()
    known = feelin(asked.folder, contexts, [(each.text, 0) for each in DIFFERENCES])
    for each, feel in zip(DIFFERENCES, known, strict=True):
        if shown(feel) != each.feel:
            counts["differ"] += 1
            sys.stdout.write(f"{each.text}: {shown(feel)} in feelin, not {each.feel}\n")
    sys.stdout.write(f"seed {asked.seed}: {asked.count} expressions on {len(rows)} rows each: ")
    sys.stdout.write(", ".join(f"{count} {what}" for what, count in counts.items()) + "\n")
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
