"""A long text is scored and labelled a portion at a time: the scores of one fit into memory.

The scores of two million words would take 664 MB. How a text is cut depends on nothing but the
text, so that it reads the same in any company.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.clinical import Mention
from models.errors import Unscored
from models.ner.checkpoint.bigrams import Follows
from models.ner.decoding.mentions_of_path import decode
from models.ner.decoding.priors.apply import effects
from models.ner.decoding.viterbi import settled
from models.ner.inference.passages import Passage, passages_of
from models.ner.inference.scoring import Outcome
from models.ner.text.encoding import NO_PIECE, Encoding, Scores, word_scores
from models.ner.text.words import Words

WORDS = 32_768  # scored before they are labelled


@dataclass(frozen=True, slots=True)
class Portion:
    """The words `start` to `stop` of the text number `text`, and the passages that score them."""

    text: int
    start: int
    stop: int
    passages: Sequence[Passage]


def together(encodings: Sequence[Encoding], words: int = WORDS) -> Iterator[list[Portion]]:
    """Yield what is scored together: all short texts, then portion after portion of each long one.

    Args:
        encodings: the texts.
        words: how many a portion has, but for its last window.
    """
    every = [list(portions(text, each, words)) for text, each in enumerate(encodings)]
    yield [some[0] for some in every if len(some) == 1]
    yield from ([portion] for some in every if len(some) > 1 for portion in some)


def portions(text: int, encoding: Encoding, words: int) -> Iterator[Portion]:
    """Cut a text where its windows end; the portions cover each word once."""
    start, some = 0, list[Passage]()
    for passage in passages_of(text, encoding):
        if some and len(passage.rows) and passage.rows[0] >= start + words:
            stop = int(passage.rows[0])
            yield Portion(text, start, stop, some)
            start, some = stop, []
        some.append(passage)
    yield Portion(text, start, len(encoding.words), some)


class Labelling:
    """The mentions of one text, whose scores come portion by portion.

    `error` is why there are none.
    """

    def __init__(
        self,
        encoding: Encoding,
        types: tuple[str, ...],
        follows: Follows | None,
        words: int = WORDS,
    ) -> None:
        """Begin with a text; `words` are scored before some are labelled."""
        self.encoding = encoding
        self.mentions = list[Mention]()
        self.error: Exception | None = None
        self._types, self._follows, self._words = types, follows, words
        self._effects = effects(encoding, types)
        self._labelled = 0  # words
        self._waiting: Scores = np.zeros((0, 1 + 2 * len(types)), np.float32)

    def add(self, portion: Portion, found: Sequence[tuple[Passage, Outcome]]) -> None:
        """Take what came of the next portion, and label what no later word can change."""
        for start in range(portion.start, portion.stop, self._words):
            self._take(start, min(start + self._words, portion.stop), found)
            if self.error:
                return
            if self._labelled + len(self._waiting) == len(self.encoding.words):
                self._label(len(self._waiting))
            elif len(self._waiting) >= self._words:
                self._label(settled(self._waiting, self._follows))

    def _take(self, start: int, stop: int, found: Sequence[tuple[Passage, Outcome]]) -> None:
        """Let the scores of words wait for a label: log probabilities, with what is expected."""
        scores = _unscored(self.encoding, start, stop, self._waiting.shape[1])
        for passage, outcome in found:
            if isinstance(outcome, Exception):
                self.error = outcome
                return
            inside = slice(*np.searchsorted(passage.rows, (start, stop)))
            scores[passage.rows[inside] - start] = outcome[inside]
        if np.isnan(scores[:, 0]).any():  # some never came, or are no numbers
            self.error = Unscored()
            return
        scores = self._effects.on(word_scores(self.encoding, scores, start), start)
        self._waiting = np.concatenate((self._waiting, scores)) if len(self._waiting) else scores

    def _label(self, count: int) -> None:
        """Decode so many of the waiting words."""
        words = slice(self._labelled, self._labelled + count)
        scores, self._waiting = self._waiting[:count], self._waiting[count:]
        every = self.encoding.words
        some = Words(every.starts[words], every.ends[words])
        decoded = decode(self.encoding.text, some, scores, self._follows)
        self.mentions += decoded.mentions(self._types)
        self._labelled += count


def _unscored(encoding: Encoding, start: int, stop: int, labels: int) -> Scores:
    """Return the scores of words before they are read: NaN, 0 where there is nothing to read."""
    scores = np.zeros((stop - start, labels), np.float32)
    scores[encoding.first[start:stop] != NO_PIECE, 0] = np.nan
    return scores
