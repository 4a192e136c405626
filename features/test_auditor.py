"""What the auditor comes for."""

from pytest_bdd import scenarios

scenarios("auditor")
