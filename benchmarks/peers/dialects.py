"""Formulas in the languages of the peers that read text, and in Python."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.peers.formula import All, Among, Any, Fact, Formula, Missing, Plain, Test


@dataclass(frozen=True)
class Dialect:
    """`missing` and `there` stand behind a fact; `equal` is how its equality is written."""

    conjunction: str
    disjunction: str
    equal: str
    missing: str
    there: str
    truths: tuple[str, str]
    not_in: str = "not ({fact} in {constants})"
    fact: Callable[[str], str] = str

    def write(self, formula: Formula) -> str:
        match formula:
            case All(parts):
                return self._joined(self.conjunction, parts)
            case Any(parts):
                return self._joined(self.disjunction, parts)
            case Missing(fact, negated):
                return f"{self.fact(fact.name)} {self.there if negated else self.missing}"
            case Among(fact, constants, negated):
                among = f"[{', '.join(self._side(each) for each in constants)}]"
                form = self.not_in if negated else "{fact} in {constants}"
                return form.format(fact=self.fact(fact.name), constants=among)
            case Test(operator, left, right):
                sign = self.equal if operator == "=" else operator
                return f"{self._side(left)} {sign} {self._side(right)}"

    def _joined(self, word: str, parts: tuple[Formula, ...]) -> str:
        return f"({f' {word} '.join(self.write(part) for part in parts)})"

    def _side(self, side: Fact | Plain) -> str:
        match side:
            case Fact(name):
                return self.fact(name)
            case bool(truth):
                return self.truths[not truth]
            case str(text):
                return f'"{text}"'
            case number:
                return repr(number)


ZEN = Dialect("and", "or", "==", "== null", "!= null", ("true", "false"))
CEL = Dialect("&&", "||", "==", "== null", "!= null", ("true", "false"), "!({fact} in {constants})")
RULE_ENGINE = Dialect("and", "or", "==", "== null", "!= null", ("true", "false"))
PYTHON = Dialect("and", "or", "==", "is None", "is not None", ("True", "False"))
