"""The words for "as needed", and what a drug may be needed for.

A reason is taken only from this list: any other word after "prn" may be a condition.
"""

from typing import Final

AS_NEEDED: Final = frozenset({"prn", "as needed", "as required", "when needed", "when required"})

REASONS: Final = frozenset(
    {
        *("pain", "mild pain", "moderate pain", "severe pain", "breakthrough pain", "chest pain"),
        *("abdominal pain", "back pain", "headache", "headaches", "migraine", "fever"),
        *("nausea", "vomiting", "nausea and vomiting", "constipation", "diarrhea", "heartburn"),
        *("indigestion", "anxiety", "agitation", "insomnia", "sleep", "itching", "pruritus"),
        *("rash", "cough", "congestion", "wheezing", "dyspnea", "shortness of breath", "sob"),
        *("muscle spasm", "muscle spasms", "spasm", "spasms", "seizure", "seizures", "allergies"),
    }
)
