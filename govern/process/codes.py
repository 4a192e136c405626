"""The codes of problems with a workflow that is sound YAML in the right shape."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "E400": "two workflows have one id",
    "E401": "a stage stands twice in the list of stages",
    "E402": "a stage has the name of a stage that every workflow has beside its own",
    "E403": "a gate names a stage that the workflow does not have",
    "E404": "no project can reach a stage",
    "E405": "no project can get from a stage to the last one",
    "E406": "a gate leads out of the last stage",
    "E407": "two gates have one id",
    "E408": "nobody can submit to a gate",
    "E409": "nobody decides at a gate",
    "E410": "everybody who decides at a gate may also submit to it",
    "E411": "a role stands twice among those who decide at a gate",
    "E412": "a gate lets its submitter decide",
    "E413": "two criteria of a gate have one id",
    "E414": "a should-meet criterion weighs nothing",
    "E415": "there is no workflow file",
    "E416": "a criterion has the id of one that govern makes of a gate's evidence",
    "E417": "a gate in use could not be read with the tables of the rules",
    "E420": "a criterion has to say either what is required or that people score it",
    "E421": "a quorum is larger than its panel",
    "E422": "the anchors of a scorecard do not fit",
    "E423": "a gate that repeats leads out of its stage",
    "E424": "the days of a gate's deadlines do not fit each other",
    "E425": "there is no calendar of the name that a workflow counts its days in",
    "E430": "a gate's test names a criterion or evidence that the gate does not have",
    "E431": "a deliverable in a gate's test serves a KPI that the test does not have",
    "E432": "two tests of one gate have the same name",
    "E433": "a gate's test expects nothing",
    "E434": "two must-meet criteria of a gate cannot be met together",
    "E435": "a criterion asks for more scores than its panel has people",
}
"""Code → what it says, in one line. `docs/errors.md` is held against this list."""
