import base64
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

import pytest

from fhir_mapping.extraction import extract
from fhir_mapping.resources.device import device
from fhir_mapping.resources.model_card import model_card
from fhir_mapping.resources.provenance import provenance
from fhir_mapping.resources.retraction import retracted
from tests.golden.markup import MODEL, RUN, read
from tests.validity.check import problems

AI = "http://hl7.org/fhir/uv/aitransparency/"


def records(marked: str = "[gout|Disease_disorder] [aspirin|Medication]") -> list[dict[str, Any]]:
    one, reading = read(marked)
    return [dict(each) for each in extract([one], [reading], (), run=RUN, card="# Kärte").records]


def test_provenance_tells_who_of_what_and_when() -> None:
    """The Provenance follows the guide's AI-Provenance and leads to everything involved."""
    told, machine, card = records()
    assert [target["reference"].split("/")[0] for target in told["target"]] == [
        "Condition",
        "MedicationStatement",
    ]
    assert datetime.fromisoformat(told["recorded"]) == datetime.fromisoformat(RUN.finished)
    assert told["activity"]["coding"][0]["code"] == "CREATE"
    assert told["reason"][0]["coding"][0]["code"] == "AIAST"
    (agent,) = told["agent"]
    assert agent["type"]["coding"][0]["code"] == "assembler"
    assert agent["role"][0]["coding"][0]["system"] == AI + "CodeSystem/AIdeviceTypeCS"
    assert agent["who"] == {"reference": f"Device/{machine['id']}"}
    assert [(entity["role"], entity["what"]["reference"]) for entity in told["entity"]] == [
        ("source", "DocumentReference/doc/_history/1"),
        ("derivation", f"DocumentReference/{card['id']}"),
    ]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-01-02T03:04:05.678901+00:00", "2026-01-02T03:04:05.678Z"),
        ("2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05.000Z"),
        ("2026-01-02T05:04:05.9999+02:00", "2026-01-02T03:04:05.999Z"),
    ],
)
@pytest.mark.parametrize("activity", ["CREATE", "NULLIFY"])
def test_times_of_a_provenance_have_milliseconds(
    moment: str, told: str, activity: Literal["CREATE", "NULLIFY"]
) -> None:
    """Three digits, never more and never none, in UTC, for what was made and what was retracted."""
    run = replace(RUN, started=moment, finished=moment)
    made: dict[str, Any] = provenance(run, targets=["Condition/1"], source="x", activity=activity)
    assert made["recorded"] == told
    assert made["occurredPeriod"] == {"start": told, "end": told}


def test_nothing_made_needs_no_provenance() -> None:
    """Provenance.target is 1..*: a note in which nothing was found has none."""
    assert [each["resourceType"] for each in records("Well.")] == ["Device", "DocumentReference"]


def test_a_retraction_has_its_own_provenance() -> None:
    """NULLIFY in the same run is another Provenance than CREATE, and valid."""
    targets, source = ["Condition/1"], "DocumentReference/doc/_history/2"
    made = provenance(RUN, targets=targets, source=source)
    undone = provenance(RUN, targets=targets, source=source, activity="NULLIFY")
    assert made["id"] != undone["id"]
    assert problems(undone) == []


def test_the_device_names_its_model_and_card() -> None:
    """The Device has name, three versions and the way to the model card."""
    made: dict[str, Any] = device(MODEL)
    assert made["deviceName"] == [{"name": "test-model", "type": "model-name"}]
    assert [version["value"] for version in made["version"]] == ["r1", "ab" * 32, "0.1.0"]
    (extension,) = made["extension"]
    assert extension["url"] == AI + "StructureDefinition/aitransparency.modelCardDescription"
    card = model_card(MODEL, "x")
    assert extension["valueReference"] == {"reference": f"DocumentReference/{card['id']}"}


def test_another_model_is_another_device() -> None:
    """Revision, weights and code version each make another Device; the card follows the weights."""
    changed = [
        replace(MODEL, revision="r2"),
        replace(MODEL, weights_sha256="cd" * 32),
        replace(MODEL, code_version="0.2.0"),
    ]
    assert len({device(model)["id"] for model in (MODEL, *changed)}) == 4
    assert [model_card(model, "")["id"] == model_card(MODEL, "")["id"] for model in changed] == [
        True,
        False,
        True,
    ]


def test_a_model_without_revision_is_a_valid_device() -> None:
    """A version that is not known is left out, and an empty card has no data."""
    bare = replace(MODEL, revision="", code_version="", weights_sha256="")
    assert problems(device(bare)) == []
    assert "version" not in device(bare)
    assert problems(model_card(bare, "")) == []


def test_the_card_is_carried_whole() -> None:
    """The model card is Markdown in UTF-8, as it was shipped."""
    _, _, card = records()
    (content,) = card["content"]
    assert content["attachment"]["contentType"] == "text/markdown"
    assert base64.b64decode(content["attachment"]["data"]).decode() == "# Kärte"


def test_a_retracted_condition_loses_its_clinical_status() -> None:
    """con-5: entered-in-error and clinicalStatus exclude each other; twice is as once."""
    one, reading = read("[gout|Disease_disorder] [aspirin|Medication]")
    findings = extract([one], [reading], (), run=RUN, card="c").findings
    condition, drug = (found.resource for found in findings)
    assert condition is not None
    assert drug is not None
    undone = retracted(condition)
    assert "clinicalStatus" in condition
    assert "clinicalStatus" not in undone
    assert undone["id"] == condition["id"]
    assert problems(undone) == []
    assert retracted(undone) == undone
    assert retracted(drug)["status"] == "entered-in-error"
