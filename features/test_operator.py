"""What the operator comes for."""

from pytest_bdd import scenarios

scenarios("operator")
