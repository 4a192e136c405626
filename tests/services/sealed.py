"""A house whose log has a key."""

from dataclasses import replace
from pathlib import Path

from govern.services.log_keys import new_key
from govern.services.people import OPERATOR
from govern.store.key_folder import KeyFolder
from tests.services.house import NOW, House

ORIGIN = "govern.example.org/log"


def with_key(house: House, folder: Path, origin: str = ORIGIN) -> House:
    """The house with a key made in a folder."""
    keyed = with_keys(house, folder)
    new_key(keyed.runtime, OPERATOR, origin, now=NOW)
    return keyed


def with_keys(house: House, folder: Path) -> House:
    """The house with a folder for keys, whatever is in it."""
    return replace(house, runtime=replace(house.runtime, keys=KeyFolder(folder)))
