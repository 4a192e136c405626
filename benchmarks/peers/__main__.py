"""`python -m benchmarks.peers`: the table of all sides on ready facts, then from the database."""

import argparse

from benchmarks.peers import from_database, ours
from benchmarks.peers.compare import SIZES, compare, tell
from benchmarks.peers.measured import NotMeasuredError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", nargs="?", choices=ours.SIDES, help="one side, told as JSON")
    parser.add_argument("--projects", type=int, help="one size instead of all")
    given = parser.parse_args()
    sizes = SIZES if given.projects is None else (given.projects,)
    if given.side is not None:
        print(ours.SIDES[given.side](sizes[0]).told())
        return
    try:
        for line in tell(compare(sizes)):
            print(line)
        for line in from_database.tell(from_database.compare(sizes)):
            print(line)
    except NotMeasuredError as why:
        raise SystemExit(str(why)) from why


if __name__ == "__main__":
    main()
