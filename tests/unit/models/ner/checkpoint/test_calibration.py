"""Calibration: scores become probabilities, keep their order, and belong to one set of weights."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CheckpointError
from models.ner.checkpoint import calibration
from models.ner.checkpoint.calibration import FILE, UNCALIBRATED, Calibration, fit
from models.ner.checkpoint.files import weights_sha256
from models.ner.checkpoint.loading import BUNDLED, DEFAULT, bundled
from models.ner.recogniser import load

FITTED = Calibration(low=0.5, high=1.1, offset=-1.2)
TEXT = "Metformin 500 mg BID and aspirin 81 mg daily were continued; INR was 2.5 today. " * 20

scores = st.floats(0, 1)
slopes = st.floats(0, 3)


@given(slopes, slopes, st.floats(-3, 3), scores, scores)
def test_order_is_kept(low: float, high: float, offset: float, one: float, other: float) -> None:
    """A higher score never becomes the lower probability, and both stay within 0 and 1."""
    given_by = Calibration(low, high, offset)
    less, more = given_by(min(one, other)), given_by(max(one, other))
    assert 0 <= less <= more <= 1


def test_bold_scores_are_taken_down() -> None:
    """Of the mentions with 0.9 six in ten are right, of those with 0.5 two: the scores say so."""
    seen = [(0.9, True)] * 600 + [(0.9, False)] * 400 + [(0.5, True)] * 200 + [(0.5, False)] * 800
    fitted = fit(*zip(*seen, strict=True))
    assert fitted(0.9) == pytest.approx(0.6, abs=0.01)
    assert fitted(0.5) == pytest.approx(0.2, abs=0.01)


def test_scores_against_the_truth_lose_their_meaning_not_their_order() -> None:
    """Where high scores are wrong, no score says more than another."""
    fitted = fit([0.9] * 500 + [0.1] * 500, [False] * 400 + [True] * 400 + [False] * 200)
    assert fitted.low == fitted.high == 0
    assert fitted(0.9) == pytest.approx(0.4, abs=0.01)


def test_nothing_is_learned_from_nothing() -> None:
    """Without mentions, scores stay as they are."""
    assert fit([], []) == UNCALIBRATED
    assert UNCALIBRATED(0.123456789) == 0.123456789


@given(st.lists(st.tuples(scores, st.booleans()), min_size=1, max_size=30))
def test_whatever_was_seen_can_be_fitted(seen: list[tuple[float, bool]]) -> None:
    """A handful of mentions, all right, all wrong or neatly parted, gives usable scores."""
    fitted = fit(*zip(*seen, strict=True))
    assert 0 <= fitted(0.0) <= fitted(0.5) <= fitted(1.0) <= 1


@pytest.fixture
def model(checkpoint: Path, tmp_path: Path) -> Path:
    """A copy of a small checkpoint."""
    shutil.copytree(checkpoint, tmp_path / "model")
    return tmp_path / "model"


def test_a_reader_uses_what_lies_beside_its_weights(model: Path) -> None:
    """With a calibration file the scores are its, mentions and all else stay as decoded."""
    calibration.write(FITTED, model, weights_sha256(model))
    reader = load(str(model), device="cpu")
    (decoded,), (read,) = reader.read_decoded([TEXT]), reader.read([TEXT])
    assert decoded == load(str(model), device="cpu").read_decoded([TEXT])[0]
    assert read == FITTED.of(decoded)
    assert [m.score for m in read.mentions] == [FITTED(m.score) for m in decoded.mentions]
    assert Counter(m.label for m in read.mentions) == Counter(m.label for m in decoded.mentions)


def test_other_weights_take_no_part_in_it(model: Path) -> None:
    """A calibration left over from other weights is not used."""
    calibration.write(FITTED, model, "0" * 64)
    reader = load(str(model), device="cpu")
    assert reader.calibration == UNCALIBRATED
    assert reader.read([TEXT]) == reader.read_decoded([TEXT])


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "no JSON",
        "[1]",
        json.dumps({"low": -1, "high": 1, "offset": 0, "weights_sha256": ""}),
        json.dumps({"low": 1, "high": float("nan"), "offset": 0, "weights_sha256": ""}),
    ],
)
def test_a_broken_file_is_said(model: Path, content: str) -> None:
    """A file that is no calibration, or that would turn the order round, is refused."""
    (model / FILE).write_text(content, "utf-8")
    with pytest.raises(CheckpointError, match=FILE):
        load(str(model), device="cpu")


def test_a_folder_that_takes_no_file_is_said(tmp_path: Path) -> None:
    """Where nothing can be written, the sentence names the file."""
    with pytest.raises(CheckpointError, match=FILE):
        calibration.write(FITTED, tmp_path / "nowhere", "0" * 64)


def test_a_link_is_replaced_not_followed(model: Path, tmp_path: Path) -> None:
    """What the hub's cache links to, other revisions may share: it keeps its bytes."""
    shared = tmp_path / "blob"
    shared.write_text("shared")
    (model / FILE).symlink_to(shared)
    calibration.write(FITTED, model, weights_sha256(model))
    assert shared.read_text() == "shared"
    assert calibration.read(model, weights_sha256(model)) == FITTED


@pytest.mark.skipif(DEFAULT not in bundled(), reason="no model is bundled in this checkout")
def test_the_bundled_model_is_calibrated() -> None:
    """New weights need a new calibration: `biomed-ner calibrate MACCROBAT/dev --in-place`."""
    folder = BUNDLED / DEFAULT
    assert calibration.read(folder, weights_sha256(folder)) != UNCALIBRATED
