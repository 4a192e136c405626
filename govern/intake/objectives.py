"""objectives.csv: row by row into strategic objectives."""

from govern.domain.project import Objective
from govern.intake.cells import Cells
from govern.intake.log import Log
from govern.intake.register import Register
from govern.intake.rows import ObjectiveRow
from govern.intake.table import Table
from govern.intake.texts import NAME_LENGTH, TEXT_LENGTH, parse_text


def read_objectives(table: Table, log: Log, register: Register[ObjectiveRow]) -> None:
    """Takes the file's rows into the register."""
    for line, row in table.rows():
        cells = Cells(log, ObjectiveRow.file, table.header, line, row)
        key = cells.identifier("objective_id")
        name = cells.needed("name", lambda text: parse_text(text, NAME_LENGTH))
        objective = Objective(
            id=key or "",
            name=name or "",
            description=cells.text("description", TEXT_LENGTH),
            owner=cells.text("owner"),
        )
        if key is None or cells.refused:
            register.refuse(key, line)
        else:
            register.take(key, ObjectiveRow(line, objective, cells.stated))
