"""The example of the seed model's card, as a user would type it."""

import orjson
import pytest

from gateway.demo.samples import SAMPLES, document
from models.ner.recogniser import load
from tests.acceptance.cli import ROOT, biomed_ner

EXAMPLE = ROOT / "gateway" / "demo" / "notes" / "model_card_example.txt"


@pytest.fixture(scope="module")
def text() -> str:
    """The two sentences of the card."""
    return EXAMPLE.read_text("utf-8")


def test_the_command_line_gives_true_offsets(text: str) -> None:
    """The card prints 63 to 80 for the carcinoma, which stands elsewhere; we print where it is."""
    [line] = biomed_ner("annotate", EXAMPLE).stdout.splitlines()
    mentions = orjson.loads(line)["mentions"]
    assert all(text[m["start"] : m["end"]] == m["text"] for m in mentions)
    found = {(m["text"], m["label"]): m["start"] for m in mentions}
    assert found["SCC", "Disease_disorder"] == text.index("SCC of the cervix") == 122
    assert found["hysterectomy", "Therapeutic_procedure"] == text.index("hysterectomy")


def test_python_gives_the_same(text: str) -> None:
    """Two lines of Python read a text."""
    reading = load("bundled").read([text])[0]
    assert reading.coverage.complete
    assert ("SCC", 122, 125) in [(m.text, m.start, m.end) for m in reading.mentions]


def test_its_fhir_holds_the_disease_and_the_operation() -> None:
    """`extract` makes a Condition of the carcinoma and a Procedure of the hysterectomy."""
    number = next(n for n, one in enumerate(SAMPLES, 1) if one.file == EXAMPLE.name)
    done = biomed_ner("extract", "-", stdin=document(SAMPLES[number - 1], number))
    resources = [orjson.loads(line) for line in done.stdout.splitlines()]
    said = {(r["resourceType"], r["code"]["text"]) for r in resources if "code" in r}
    named = {("Condition", "invasive non-keratinizing SCC"), ("Procedure", "radical hysterectomy")}
    assert named <= said
