"""The databases that unit tests and features run on; one PostgreSQL serves both."""

pytest_plugins = ["tests.databases"]
