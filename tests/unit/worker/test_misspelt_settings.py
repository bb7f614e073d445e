"""A variable that looks like a setting and is none is named, with the setting it may mean."""

import pytest

from worker.misspelt_settings import unknown_variables


@pytest.mark.parametrize(
    ("name", "nearly"),
    [
        ("BIOMED_BROKER_ULR", "BIOMED_BROKER_URL"),
        ("biomed_databse_url", "BIOMED_DATABASE_URL"),
        ("BIOMED_LOGLEVEL", "BIOMED_LOG_LEVEL"),
        ("BIOMED_MODELS", "BIOMED_MODEL"),
        ("BIOMED_PROT", "BIOMED_PORT"),
        ("BIOMED_DELIVER_RETRY_SECONDS", None),
        ("BIOMED_COLOUR", None),
    ],
)
def test_a_variable_that_is_no_setting_is_named(name: str, nearly: str | None) -> None:
    """With the setting that it nearly names; settings in any case and the tests' own are known."""
    others = ["PATH", "BIOMED_PORT", "biomed_port", "BIOMED_TEST_DATA", "BIOMED_TEST_POTR"]
    assert unknown_variables([*others, name]) == {name: nearly}
