"""Every resource that the bundled model's reading makes is valid R4."""

from collections import Counter
from collections.abc import Iterator, Sequence

import orjson
import pytest

from gateway.cli import file_pipeline
from gateway.demo.sending import samples
from models.errors import BiomedError
from models.ner.recogniser import Recogniser, load
from tests.data import corpus, synthea_notes
from tests.validity.check import problems
from worker.attachments import Attachments
from worker.settings import Settings

ATTACHMENTS = Attachments(Settings())


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    """The bundled model."""
    return load("bundled", device="cpu")


def _emitted(raws: Sequence[bytes], recogniser: Recogniser) -> Iterator[file_pipeline.Resource]:
    """Read documents as `biomed-ner extract` does; give the resources of those that can be read."""
    for raw in raws:
        try:
            document = file_pipeline.opened(raw, ATTACHMENTS, tenant="test")
        except BiomedError:
            continue
        for one in file_pipeline.extracted([document], recogniser):
            yield from file_pipeline.resources(one)


def _assert_valid(resources: Iterator[file_pipeline.Resource]) -> Counter[str]:
    """Check each different resource and return how many of each type there were."""
    counts: Counter[str] = Counter()
    for resource in resources:
        counts[str(resource["resourceType"])] += 1
        assert problems(resource) == [], (resource["resourceType"], resource["id"])
    return counts


def test_the_samples_give_valid_resources(recogniser: Recogniser) -> None:
    """All resources of the demo's notes pass the parser, the binding tables and the invariants."""
    counts = _assert_valid(_emitted([letter.raw for letter in samples()], recogniser))
    assert min(counts[kind] for kind in ("Condition", "MedicationStatement", "Procedure")) > 50


def test_the_synthea_notes_give_valid_resources(recogniser: Recogniser) -> None:
    """So do all of the 221 notes of five synthetic patients."""
    corpus("synthea")
    raws = [orjson.dumps(one) for one in synthea_notes()]
    counts = _assert_valid(_emitted(raws, recogniser))
    assert len(raws) == 221
    assert counts["Provenance"] > 200
