"""Two million characters of anything are read and mapped in three minutes and 1.5 GiB."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.growth import PATTERNS

pytestmark = [
    pytest.mark.soak,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc"),
]
ROOT = Path(__file__).parents[3]
LENGTH = 2_000_000
SECONDS = 180  # of a processor
MEBIBYTES = 1536

# In a process of its own, whose memory and time are then those of the one note.
READ = """
import sys, time
from models.ner.recogniser import load
from tests.benchmarks.measuring import mebibytes
from tests.growth import PATTERNS, extracted, text_of

text = text_of(PATTERNS[sys.argv[1]], int(sys.argv[2]))[: int(sys.argv[2])]
recogniser = load("bundled", threads=1)
begun = time.process_time()
(reading,) = recogniser.read([text])
read = time.process_time() - begun
extracted(text, reading)
whole = time.process_time() - begun
print(reading.coverage.given, len(reading.mentions), read, whole, mebibytes("self", "VmHWM"))
"""


@pytest.mark.parametrize("pattern", PATTERNS)
def test_two_million_characters_are_read(pattern: str) -> None:
    """With the bundled model, from the text to its resources."""
    work = [sys.executable, "-W", "ignore", "-c", READ, pattern, str(LENGTH)]
    done = subprocess.run(work, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
    given, _, _, seconds, peak = map(float, done.stdout.split())
    assert LENGTH - given < len(PATTERNS[pattern])  # the last repetition is whole or left out
    assert seconds <= SECONDS
    assert peak <= MEBIBYTES
