"""Whether a forward pass says what the reference says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.ner.text.encoding import Ids, Scores, encode

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

LENGTHS = (254, 1, 100, 37, 254, 8, 64, 62)  # pieces: a full window, one tile, a tile and a bit
LEAST_LABELS = 0.995
FURTHEST = 0.1  # of a probability; rounding to bfloat16 moves one by a fifth of that

TEXT = """\
Discharge summary. 71-year-old woman with a history of type 2 diabetes mellitus and COPD, admitted
with three days of productive cough, fever to 38.9 °C and dyspnoea. She denied chest pain.
Chest X-ray showed a right lower lobe consolidation; CT ruled out pulmonary embolism. WBC 14.2,
CRP 86 mg/L, creatinine 1.1 mg/dL. Treated with ceftriaxone 1 g IV daily and azithromycin 500 mg PO
for five days, metformin 500 mg BID was continued. Her mother had breast cancer. Echocardiogram
showed mild mitral regurgitation, ejection fraction 55 %. Follow-up in two weeks with Dr. Example.
"""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How near two answers are.

    `labels` is the share of pieces with the same best label, a tie within the tolerance counted
    as the same; `furthest` the largest difference of two probabilities, NaN if one is not finite.
    """

    labels: float
    furthest: float

    @property
    def good(self) -> bool:
        """Say whether the difference is that of rounding to bfloat16."""
        return self.labels >= LEAST_LABELS and self.furthest <= FURTHEST

    def __str__(self) -> str:
        """Return both figures, for the log."""
        return f"{self.labels:.2%} of labels alike, probabilities within {self.furthest:.2g}"


def compare(expected: Sequence[Scores], found: Sequence[Scores]) -> Agreement:
    """Compare the log probabilities of the same windows by the reference and by another forward."""
    ours, own = np.exp(np.concatenate(found)), np.exp(np.concatenate(expected))
    rows = np.arange(len(own))
    lost = own.max(-1) - own[rows, ours.argmax(-1)]
    apart = float(np.abs(ours - own).max())
    return Agreement(float(np.mean(lost <= FURTHEST / 2)), apart)


def windows(tokenizer: "PreTrainedTokenizerFast") -> Iterator[Ids]:
    """Yield windows of a made-up note in every length that the kernels treat differently."""
    pieces = encode(TEXT, tokenizer).ids
    for number, length in enumerate(LENGTHS):
        yield np.resize(np.roll(pieces, -17 * number), length)
