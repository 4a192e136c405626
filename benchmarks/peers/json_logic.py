"""Formulas as JSON-Logic."""

from benchmarks.peers.formula import All, Among, Any, Fact, Formula, Missing, Plain, Test

_OPERATORS = {"=": "===", "!=": "!=="}
Logic = dict[str, object] | Plain | None


def write(formula: Formula) -> Logic:
    match formula:
        case All(parts):
            return {"and": [write(part) for part in parts]}
        case Any(parts):
            return {"or": [write(part) for part in parts]}
        case Missing(fact, negated):
            return {"!==" if negated else "===": [_side(fact), None]}
        case Among(fact, constants, negated):
            among: Logic = {"in": [_side(fact), list(constants)]}
            return {"!": [among]} if negated else among
        case Test(operator, left, right):
            return {_OPERATORS.get(operator, operator): [_side(left), _side(right)]}


def _side(side: Fact | Plain) -> Logic:
    return {"var": side.name} if isinstance(side, Fact) else side
