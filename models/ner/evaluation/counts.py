"""Verdicts against annotations: right ones, given ones, and those that were due."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """How many verdicts or links were right, were given, and were due."""

    right: int = 0
    given: int = 0
    due: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Add those of another text."""
        return Counts(self.right + other.right, self.given + other.given, self.due + other.due)

    def __str__(self) -> str:
        """Return one line for a terminal."""
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}  ({self.due} due)"

    @property
    def precision(self) -> float:
        """Right of all that were given."""
        return self.right / max(1, self.given)

    @property
    def recall(self) -> float:
        """Right of all that were due."""
        return self.right / max(1, self.due)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / max(1, self.given + self.due)

    def figures(self) -> dict[str, float]:
        """Return the counts, precision, recall and F1, rounded to four digits."""
        rates = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        counts = {"due": self.due, "given": self.given, "right": self.right}
        return counts | {name: round(value, 4) for name, value in rates.items()}
