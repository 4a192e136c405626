"""What the author comes for."""

from pytest_bdd import scenarios

scenarios("author")
