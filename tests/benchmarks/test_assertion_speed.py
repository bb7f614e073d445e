"""What assertions cost: milliseconds for a note of usual size, seconds for the longest."""

import re
import sys
import time

import pytest

from models.clinical import Mention
from models.ner.assertion.context import assert_all

SENTENCE = (
    "The patient denies chest pain, nausea or fever but reports cough for three days.\n"
    "Possible pneumonia versus atelectasis at the left base; no effusion was seen.\n"
    "PMH: hypertension, diabetes. Family history: mother had breast cancer.\n\n"
)


def _milliseconds(characters: int, mentions: int) -> float:
    text = (SENTENCE * (characters // len(SENTENCE) + 1))[:characters]
    words = list(re.finditer(r"\w{4,}", text))[:: max(1, characters // 6 // mentions)]
    named = [Mention(w.start(), w.end(), w[0], "Sign_symptom", 1.0) for w in words[:mentions]]
    begun = time.perf_counter()
    assert_all(text, named)
    return 1000 * (time.perf_counter() - begun)


@pytest.mark.bench
def test_a_note_takes_under_five_milliseconds() -> None:
    """2,500 characters with 50 mentions, best of ten; then a megabyte with 20,000."""
    _milliseconds(100, 1)
    usual = min(_milliseconds(2_500, 50) for _ in range(10))
    longest = _milliseconds(1_000_000, 20_000)
    sys.stdout.write(f"\nassertions: {usual:.2f} ms a note, {longest / 1000:.2f} s a megabyte\n")
    assert usual < 5
    assert longest < 400 * 5 * 2
