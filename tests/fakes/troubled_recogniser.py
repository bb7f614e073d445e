"""A recogniser that gets into trouble over certain words, as a model does over certain notes."""

import re
from collections.abc import Callable, Mapping, Sequence

from models.clinical import ModelIdentity, Reading
from models.errors import BiomedError
from worker.reading import Reader


class TroubledRecogniser:
    """Reads as another recogniser does, after the trouble that each word in the texts makes.

    A trouble is called before anything is read; it may raise, sleep or kill. `calls` holds how
    many texts each call was given.
    """

    def __init__(self, reader: Reader, troubles: Mapping[str, Callable[[], object]]) -> None:
        self._reader = reader
        self._troubles = troubles
        self.calls: list[int] = []

    @property
    def identity(self) -> ModelIdentity:
        """The other recogniser's."""
        return self._reader.identity

    @property
    def card(self) -> str:
        """The other recogniser's."""
        return self._reader.card

    def read(self, texts: Sequence[str]) -> Sequence[Reading | BiomedError]:
        """Get into trouble, or read."""
        self.calls.append(len(texts))
        for word, trouble in self._troubles.items():
            if any(word in text for text in texts):
                trouble()
        return self._reader.read(texts)


def raising(error: BaseException) -> Callable[[], None]:
    """Return a trouble that raises this error."""

    def trouble() -> None:
        raise error

    return trouble


def holding_the_interpreter() -> None:
    """Match an expression that takes longer than the universe is old, in one call of C code.

    No other thread of the process runs meanwhile, and no Python code that handles a signal.
    """
    re.match(r"(a+)+$", "a" * 99 + "!")
