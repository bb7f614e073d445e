"""A model of another annotation scheme is read by what its labels mean, or refused."""

import json
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from fhir_mapping.findings.labels import require_resources
from fhir_mapping.findings.policy import Policy
from gateway.cli.main import application
from models.errors import LabelsWithoutResource, UnknownLabels, WrongSettings
from models.ner.checkpoint.label_schemes import SCHEMES, meanings
from models.ner.checkpoint.labels import TYPES
from models.ner.checkpoint.loading import load as load_checkpoint
from models.ner.recogniser import load
from tests.checkpoints import SENTENCES, bert
from worker.entry_points import load_reader
from worker.settings import Settings

I2B2 = ("PROBLEM", "TEST", "TREATMENT")
N2C2 = ("ADE", "Dosage", "Drug", "Duration", "Form", "Frequency", "Reason", "Route", "Strength")
TEXT = " ".join(SENTENCES)
NOTE = json.dumps(
    {
        "resourceType": "DocumentReference",
        "status": "current",
        "subject": {"reference": "Patient/1"},
        "content": [{"attachment": {"contentType": "text/plain", "data": "Tm8gZmV2ZXIu"}}],
    }
)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint with the labels of i2b2 2010, in capitals."""
    torch.manual_seed(7)
    return bert(tmp_path_factory.mktemp("foreign"), I2B2)


def test_a_model_whose_labels_mean_nothing_is_refused(foreign: Path) -> None:
    """It would read every note as done and find nothing: the error lists its labels."""
    with pytest.raises(UnknownLabels, match=r"PROBLEM, TEST, TREATMENT.*BIOMED_LABELS"):
        load_checkpoint(str(foreign))
    with pytest.raises(UnknownLabels):
        load_reader(Settings(model=str(foreign), device="cpu"))


@pytest.mark.parametrize("command", ["annotate note.txt", "extract note.ndjson", "evaluate ."])
def test_every_command_that_reads_refuses_it(
    command: str, foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a note is read as if nothing stood in it."""
    for name, content in {"note.txt": "No fever.", "note.ann": "", "note.ndjson": NOTE}.items():
        (tmp_path / name).write_text(content)
    monkeypatch.setenv("BIOMED_MODEL", str(foreign))
    name, path = command.split()
    model = ["--model", str(foreign)] if name == "evaluate" else []
    done = CliRunner().invoke(application(), [name, str(tmp_path / path), *model])
    assert isinstance(done.exception, UnknownLabels)
    assert done.stdout == ""


@pytest.mark.parametrize(
    "setting",
    [
        "problem=Disease_disorder, test = diagnostic procedure,TREATMENT=Therapeutic-Procedure",
        "i2b2-2010,treatment=Therapeutic_procedure",
        '{"Problem": "Disease_disorder", "Test": "Diagnostic_procedure",'
        ' "treatment": "Therapeutic_procedure"}',
    ],
)
def test_what_its_labels_mean_can_be_said(foreign: Path, setting: str) -> None:
    """As pairs, as a scheme with one pair more and as JSON, in any case and with any separator."""
    types = ("Disease_disorder", "Diagnostic_procedure", "Therapeutic_procedure")
    identity = load_checkpoint(str(foreign), labels=setting).identity
    assert identity.types == types
    assert identity.labels == tuple(map("=".join, zip(I2B2, types, strict=True)))


def test_mentions_bear_the_types_that_are_meant(foreign: Path) -> None:
    """Same spans, by other names: what is found is what the model marks, called as we call it."""
    (reading,) = load(str(foreign), labels="i2b2-2010", device="cpu").read([TEXT])
    assert reading.mentions
    assert {each.label for each in reading.mentions} <= {
        "Disease_disorder",
        "Diagnostic_procedure",
        "TREATMENT",
    }


def test_another_meaning_is_another_model(foreign: Path) -> None:
    """The same weights with their labels exchanged are not the same model."""
    one, other = (
        load_checkpoint(str(foreign), labels=f"problem={kind},test={other}").identity
        for kind, other in (("Medication", "Age"), ("Age", "Medication"))
    )
    assert one.labels != other.labels


def test_two_labels_may_mean_one_type(tmp_path: Path) -> None:
    """A Strength and a Dosage are both a Dosage, and stay mentions of their own."""
    torch.manual_seed(7)
    folder = bert(tmp_path / "n2c2", N2C2)
    reader = load(str(folder), labels="n2c2-2018", device="cpu")
    assert sorted(reader.identity.types).count("Dosage") == 2
    (reading,) = reader.read([TEXT])
    assert {each.label for each in reading.mentions} <= set(reader.identity.types)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("probelm=Disease_disorder", "probelm is no label of the model x; the nearest is PROBLEM"),
        ("problem=Medicine", "Medicine is no type that is read here; the nearest is Medication"),
        ("i2b2-2011", "i2b2-2011 is no label=type, nor a known scheme; the nearest is i2b2-2010"),
        ('{"problem": 1}', "no JSON object"),
        ("{problem}", "no JSON object"),
        ("problem=", " is no type that is read here"),
    ],
)
def test_a_wrong_meaning_is_refused(setting: str, words: str) -> None:
    """A label, a type or a scheme that is not there is named, with the nearest that is."""
    with pytest.raises(WrongSettings, match=words):
        meanings(setting, I2B2, model="x")


def test_every_scheme_means_types_of_ours() -> None:
    """What the schemes say is one of the 41 types."""
    assert {kind for scheme in SCHEMES.values() for kind in scheme.values()} <= set(TYPES)


def test_a_model_that_becomes_no_resource_is_refused(tmp_path: Path) -> None:
    """Known types are not enough: of ages and doses no resource is ever made."""
    identity = load_checkpoint(str(bert(tmp_path / "ages", ("Age", "Sign_symptom")))).identity
    require_resources(identity, Policy())  # a sign becomes a Condition
    with pytest.raises(LabelsWithoutResource, match="Age, Sign_symptom"):
        require_resources(identity, Policy(sign_symptom="nothing"))
