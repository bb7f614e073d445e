"""Phrases are found word by word as one expression over all of them would find them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from models.ner.assertion.cue_search import lexicon
from models.ner.text.phrase_trie import Phrases, folded, longest

WORDS = ("no", "non", "not", "o", "#", "1", "#x", "n/o", "didn't", "-", "(-)", ":", "é", "of")
GAPS = (" ", "", "  ", "\n", "-", "_", "’t", "'", "/", "٣", " " * 21)

phrases = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join), min_size=1, max_size=12
)
texts = st.lists(st.sampled_from(WORDS + GAPS + ("2", "12", "n", "a")), max_size=24).map("".join)


@given(phrases, texts)
def test_every_search_ends_where_that_of_one_expression_does(some: list[str], text: str) -> None:
    """From every place on, whatever the phrases begin with: words, digits or signs."""
    one, every = re.compile(longest(some)), Phrases(some)
    for start in range(len(text) + 1):
        expected, found = one.search(text, start), every.search(text, start)
        assert (found and found.span()) == (expected and expected.span())


def test_the_cues_of_a_word_are_found_as_their_own_expression_finds_them() -> None:
    """ "no" has the most; here they stand beside each other, cut off and run together."""
    own = [phrase for phrase in lexicon().entries if re.match(r"no\b", phrase)]
    assert len(own) > 1000
    text = folded(" ".join([*own[::40], *(phrase[:-1] for phrase in own[::37]), "nono no_ no"]))
    one, every = re.compile(longest(own)), Phrases(own)
    spans, at = [], 0
    while found := one.search(text, at):
        spans.append(found.span())
        again = every.search(text, at)
        assert again
        assert again.span() == found.span()
        at = found.start() + 1
    assert every.search(text, at) is None
    assert len(spans) > 100
