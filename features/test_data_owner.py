"""What the data owner comes for."""

from pytest_bdd import scenarios

scenarios("data_owner")
