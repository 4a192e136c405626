"""The stages beside the ones a workflow names: where a project can be taken from anywhere."""

ON_HOLD = "on_hold"
TERMINATED = "terminated"
