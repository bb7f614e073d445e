"""A note of a million characters: read whole, in a bounded piece of memory."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
MOST = 220  # megabytes above the loaded model; 300 are allowed with the forward pass's own

# The forward pass reads one window, whose scores are then everybody's: what it needs itself is a
# batch's memory, whatever the note, and its time is not the matter here.
READ = """
import numpy as np
from models.ner.checkpoint.loading import load
from models.ner.inference.engine_choice import forward_for
from models.ner.inference.device import device, use_threads
from models.ner.recogniser import Recogniser
from tests.benchmarks.measuring import mebibytes

class Repeating:
    name = "repeating"

    def __init__(self, forward):
        self.forward, self.found = forward, None

    def __call__(self, windows, wanted):
        if self.found is None:
            self.found = self.forward(windows[:1], wanted[:1])[0]
        return [np.resize(self.found, (len(places), self.found.shape[1])) for places in wanted]

use_threads(1)
checkpoint = load("bundled", plain=True)
recogniser = Recogniser(checkpoint, Repeating(forward_for(checkpoint, device("cpu"))))
del checkpoint
words = "No fever. Pneumonia of the left lung was treated with aspirin 75 mg/d in March 2014.\\n"
long = (words * 12000)[:1_000_000]
recogniser.read([long[:10_000]] * 4)
held = mebibytes("self", "VmRSS")
reading = recogniser.read([long])[0]
peak = mebibytes("self", "VmHWM") - held
print(reading.coverage.read, len(reading.mentions), round(peak * 1.048576))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_a_megabyte_is_read_in_bounded_memory() -> None:
    """Tokenising, scores, decoding, assertion and links of 1 MB stay under the limit."""
    work = [sys.executable, "-W", "ignore", "-c", READ]
    done = subprocess.run(work, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
    read, mentions, peak = map(int, done.stdout.split())
    assert read == 1_000_000
    assert mentions > 10_000
    assert 0 < peak <= MOST
