"""Tagged corpora in columns: a word, a tab, its IOB tag; an empty line after each sentence.

The form of MTL-Bioinformatics-2016 (Crichton et al., BMC Bioinformatics 2017).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from transformers import PreTrainedTokenizerFast

from models.errors import AnnotationError
from models.ner.training.dataset import IGNORED, Example

_SENTENCES = 8  # read as one text: the corpora do not say where a document ends


@dataclass(frozen=True, slots=True)
class TaggedWord:
    """A word and its tag: O, or B- or I- and a type."""

    word: str
    tag: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus: its name, the types it marks, sorted, and its sentences in order."""

    name: str
    types: tuple[str, ...]
    sentences: tuple[tuple[TaggedWord, ...], ...]

    @property
    def labels(self) -> int:
        """How many labels its words can have: O, and B and I of each type."""
        return 1 + 2 * len(self.types)


def read_corpora(folder: Path) -> list[Corpus]:
    """Read every corpus of a folder: a folder of `.tsv` files each, ordered by name.

    Raises:
        AnnotationError: a line is no word and tag, or there is no corpus.
    """
    found = [_read(each) for each in sorted(folder.iterdir()) if list(each.glob("*.tsv"))]
    if not found:
        raise AnnotationError(path=folder, line=0, reason="no folder in it holds .tsv files")
    return found


def _read(folder: Path) -> Corpus:
    sentences = tuple(s for path in sorted(folder.glob("*.tsv")) for s in _sentences(path))
    tags = {word.tag for sentence in sentences for word in sentence}
    return Corpus(folder.name, tuple(sorted({tag[2:] for tag in tags - {"O"}})), sentences)


def _sentences(path: Path) -> Iterator[tuple[TaggedWord, ...]]:
    sentence: list[TaggedWord] = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
        if line.strip():
            sentence.append(_word(line, path, number))
        elif sentence:
            yield tuple(sentence)
            sentence = []
    if sentence:
        yield tuple(sentence)


def _word(line: str, path: Path, number: int) -> TaggedWord:
    word, _, tag = line.partition("\t")
    if tag != "O" and tag[:2] not in {"B-", "I-"}:
        raise AnnotationError(path=path, line=number, reason="no word, tab and IOB tag")
    return TaggedWord(word, tag)


def examples(corpus: Corpus, tokenizer: PreTrainedTokenizerFast) -> list[Example]:
    """Label the first piece of each word, in the corpus's own labels; some sentences a text."""
    starts = range(0, len(corpus.sentences), _SENTENCES)
    return [_example(corpus, start, tokenizer) for start in starts]


def _example(corpus: Corpus, start: int, tokenizer: PreTrainedTokenizerFast) -> Example:
    words = [word for some in corpus.sentences[start : start + _SENTENCES] for word in some]
    encoded = tokenizer(
        [each.word for each in words],
        is_split_into_words=True,
        add_special_tokens=False,
        split_special_tokens=True,
        verbose=False,
    )
    return Example(
        np.array(encoded["input_ids"], dtype=np.int64),
        np.array([*_labels(corpus, words, encoded.word_ids())], dtype=np.int64),
    )


def _labels(
    corpus: Corpus, words: Sequence[TaggedWord], owners: Sequence[int | None]
) -> Iterator[int]:
    """Yield the label of each piece: its word's where it is the first of it."""
    before: int | None = None
    for owner in owners:
        own = owner is not None and owner != before
        yield _label(corpus, words[owner].tag) if own and owner is not None else IGNORED
        before = owner


def _label(corpus: Corpus, tag: str) -> int:
    return 0 if tag == "O" else 1 + 2 * corpus.types.index(tag[2:]) + (tag[0] == "I")
