"""What unit tests and features share: the databases they run on, and how properties are searched."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.databases"]

# The same examples on every run, and no verdict on speed: that is measured, not tested.
# `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile(
    "repeatable", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")
