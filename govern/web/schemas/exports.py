"""What an auditor asks for when they take a bundle."""

from govern.web.fields import Day, Flag, Identifier, Whole
from govern.web.patterns import LARGEST_INTEGER
from govern.web.schemas.base import Given


class ExportQuery(Given):
    project = Identifier("All of this project.")
    gate = Identifier("Only what concerns this gate of the project.")
    first = Day("What was sealed from this day on (UTC), of all projects.", data_key="from")
    last = Day("What was sealed up to and with this day.", data_key="to")
    continues = Whole(
        "The size of a checkpoint that you kept: the bundle shows that the log goes on from it.",
        least=1,
        most=LARGEST_INTEGER,
        in_query=True,
    )
    cosigned = Flag("The log as a witness signed it last, without what came since.", in_query=True)
