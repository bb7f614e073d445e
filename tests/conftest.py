"""Fixtures that every test may use."""

from hypothesis import settings

# The same examples in every run: what fails on one machine fails on all.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

pytest_plugins = ["tests.brokers", "tests.databases"]
