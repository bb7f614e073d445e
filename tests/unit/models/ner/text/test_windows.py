"""Windows read every piece, whole sentences together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.ner.text.windows import Window, windows


def _borders(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array(values, dtype=np.int32)


def test_sentences_fill_windows_greedily() -> None:
    """A window takes whole sentences until the next one does not fit."""
    cut = windows(_borders(0, 4, 8, 12, 15), size=9, overlap=2)
    assert cut == [Window(0, 8, 0, 8), Window(8, 15, 8, 15)]


def test_a_long_sentence_slides_and_the_central_window_wins() -> None:
    """Windows over one long sentence share `overlap` pieces, split in their middle."""
    cut = windows(_borders(0, 3, 25), size=10, overlap=4)
    assert cut == [
        Window(0, 3, 0, 3),
        Window(3, 13, 3, 11),
        Window(9, 19, 11, 17),
        Window(15, 25, 17, 25),
    ]


@given(
    st.lists(st.integers(0, 700), min_size=1, max_size=60),
    st.integers(4, 40),
    st.data(),
)
def test_every_piece_is_kept_exactly_once(
    lengths: list[int], size: int, data: st.DataObject
) -> None:
    """Whatever the sentences, the kept ranges tile the pieces and no window is too long."""
    overlap = data.draw(st.integers(0, size - 2))
    borders = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    cut = windows(borders, size=size, overlap=overlap)
    kept = [piece for w in cut for piece in range(w.keep_start, w.keep_stop)]
    assert kept == list(range(int(borders[-1])))
    assert all(w.stop - w.start <= size for w in cut)
    assert all(w.start <= w.keep_start <= w.keep_stop <= w.stop for w in cut)
