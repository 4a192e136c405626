"""What the approver comes for."""

from pytest_bdd import scenarios

scenarios("approver")
