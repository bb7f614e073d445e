"""A recogniser that knows a few words: exact, instant, and true to the contract of the real one."""

import re
from collections.abc import Mapping, Sequence

from models.clinical import Assertion, Coverage, Mention, ModelIdentity, Reading, sha256_of

KEYWORDS = {
    "pneumonia": "Disease_disorder",
    "fever": "Sign_symptom",
    "cough": "Sign_symptom",
    "aspirin": "Medication",
    "appendectomy": "Therapeutic_procedure",
}


class KeywordRecogniser:
    """Finds keywords, whatever their case; asserts nothing and links nothing."""

    def __init__(self, keywords: Mapping[str, str] = KEYWORDS) -> None:
        self._labels = {word.lower(): label for word, label in keywords.items()}
        words = "|".join(re.escape(word) for word in sorted(self._labels, key=len, reverse=True))
        self._pattern = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
        self.identity = ModelIdentity(
            name="keywords",
            revision="1",
            weights_sha256=sha256_of(repr(sorted(self._labels.items()))),
            labels=tuple(sorted(set(self._labels.values()))),
            code_version="test",
        )
        self.card = "# keywords\n\nFinds a few words. For tests only."

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Return one reading for each text."""
        return [self._reading(text) for text in texts]

    def _reading(self, text: str) -> Reading:
        mentions = tuple(self._mention(found) for found in self._pattern.finditer(text))
        return Reading(
            mentions=mentions,
            assertions=tuple(Assertion() for _ in mentions),
            links=(),
            coverage=Coverage(read=len(text), given=len(text)),
            model=self.identity,
        )

    def _mention(self, found: re.Match[str]) -> Mention:
        words = found.group()
        return Mention(found.start(), found.end(), words, self._labels[words.lower()], score=1.0)
