"""The full figures of the bundled model on dev, as `biomed-ner evaluate` prints them."""

import pytest
from rich.console import Console

from gateway.cli.scores import print_report
from models.ner.evaluation.report import report
from models.ner.recogniser import load
from tests.data import corpus


@pytest.mark.bench
def test_the_bundled_model_on_dev() -> None:
    """Entities, calibration, assertion, links: printed, and held by `make test`."""
    found = report(corpus("maccrobat/dev"), load("bundled"))
    print_report(found, Console(width=80), markdown=False)
    assert found.calibration.mentions > 0
