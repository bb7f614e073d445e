"""What the worker relies on in a recogniser; the fake and the real one obey it alike."""

from collections.abc import Iterator, Sequence

import pytest

from models.clinical import Reading
from models.errors import CheckpointError
from models.ner.batched_recogniser import SharedRecogniser
from models.ner.recogniser import load
from tests.fakes.keyword_recogniser import KeywordRecogniser
from worker.reading import PROBE, Reader

TEXTS = [
    "Fever and cough for two days. Chest film shows pneumonia.",
    "",
    "   \n",
    "Pneumonia \U0001f912 treated; aspirin continued. Débuté à l'hôpital: fever.",
]


@pytest.fixture(scope="module", params=["keywords", "bundled", "shared"])
def recogniser(request: pytest.FixtureRequest) -> Iterator[Reader]:
    if request.param == "keywords":
        yield KeywordRecogniser()
        return
    try:
        bundled = load("bundled", device="cpu")
    except CheckpointError as error:
        pytest.skip(f"no bundled model: {error}")
    if request.param == "bundled":
        yield bundled
    else:
        with SharedRecogniser(bundled, threads=2, patience=60) as shared:
            yield shared


@pytest.fixture(scope="module")
def readings(recogniser: Reader) -> list[Reading]:
    return read(recogniser, TEXTS)


def read(recogniser: Reader, texts: Sequence[str]) -> list[Reading]:
    """Return the readings; there are no errors among them."""
    found = recogniser.read(texts)
    assert all(isinstance(one, Reading) for one in found)
    return [one for one in found if isinstance(one, Reading)]


def test_each_text_has_its_reading(readings: list[Reading]) -> None:
    """One reading comes back for each text, in order, empty texts included."""
    assert len(readings) == len(TEXTS)
    assert readings[0].mentions
    assert readings[1].mentions == readings[2].mentions == ()


def test_mentions_are_the_words_of_their_text(readings: list[Reading]) -> None:
    """A mention's words stand at its offsets, counted in code points, in reading order."""
    for text, reading in zip(TEXTS, readings, strict=True):
        assert [text[m.start : m.end] for m in reading.mentions] == [
            m.text for m in reading.mentions
        ]
        assert [m.start for m in reading.mentions] == sorted(m.start for m in reading.mentions)


def test_labels_and_scores_are_the_models(recogniser: Reader, readings: list[Reading]) -> None:
    """Labels are among those the model names, scores are probabilities, and the model is named."""
    for reading in readings:
        assert reading.model == recogniser.identity
        assert {m.label for m in reading.mentions} <= set(recogniser.identity.labels)
        assert all(0 <= m.score <= 1 for m in reading.mentions)


def test_every_mention_has_an_assertion(readings: list[Reading]) -> None:
    """There is one assertion for each mention, and links point at mentions."""
    for reading in readings:
        assert len(reading.assertions) == len(reading.mentions)
        assert all(
            0 <= end < len(reading.mentions)
            for link in reading.links
            for end in (link.source, link.target)
        )


def test_all_characters_are_read(readings: list[Reading]) -> None:
    """Every text is read to its last character."""
    assert [reading.coverage.given for reading in readings] == [len(text) for text in TEXTS]
    assert all(reading.coverage.complete for reading in readings)


def test_company_changes_nothing(recogniser: Reader, readings: list[Reading]) -> None:
    """A text read alone has the mentions it has among others."""
    alone = [read(recogniser, [text])[0] for text in TEXTS]
    assert [_spans(reading) for reading in alone] == [_spans(reading) for reading in readings]


def test_nothing_and_the_probe_can_be_read(recogniser: Reader) -> None:
    """No texts give no readings, and the worker's probe text is readable."""
    assert list(recogniser.read([])) == []
    assert len(recogniser.read([PROBE])) == 1


def test_the_card_is_not_empty(recogniser: Reader) -> None:
    """A recogniser says what it is."""
    assert recogniser.card.strip()


def _spans(reading: Reading) -> list[tuple[int, int, str]]:
    return [(m.start, m.end, m.label) for m in reading.mentions]
