"""What a result means, only by words that mean nothing else (HL7 v3-ObservationInterpretation).

Left out on purpose: increased, decreased, reduced and stable (than when?), unremarkable, slightly.
"""

from typing import Final

INTERPRETATIONS: Final[dict[str, tuple[str, str]]] = {
    **dict.fromkeys(("high", "elevated", "raised"), ("H", "High")),
    "low": ("L", "Low"),
    **dict.fromkeys(
        (
            "normal",
            "within normal limits",
            "within normal range",
            "within the normal range",
            "in the normal range",
            "wnl",
        ),
        ("N", "Normal"),
    ),
    "abnormal": ("A", "Abnormal"),
    "positive": ("POS", "Positive"),
    "negative": ("NEG", "Negative"),
}
