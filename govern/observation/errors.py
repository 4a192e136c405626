"""What makes observation tables unusable. Intake and the store's constraints keep these away from
users; one that is raised points at a fault in whatever filled the tables."""


class ObservationError(Exception):
    """`table` is the name of the observation table that is at fault."""

    def __init__(self, table: str, message: str) -> None:
        super().__init__(f"observation table {table}: {message}")
        self.table = table


class WrongColumnsError(ObservationError):
    """A column is missing, is not declared, or has another type than declared."""


class NotUniqueError(ObservationError):
    """Two rows stand for the same thing, so that which of them holds cannot be told."""


class BrokenReferenceError(ObservationError):
    """A row names a project, KPI or deliverable that is not there, or of another project."""


class UnknownCadenceError(ObservationError):
    """A KPI's cadence is missing or none of `Cadence`."""


class UnknownProjectError(ObservationError):
    """Facts were asked for a project that the tables do not hold."""


class UnknownFactsError(ObservationError):
    """Facts are in a format that this version cannot read."""
