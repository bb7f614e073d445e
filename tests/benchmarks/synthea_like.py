"""Notes in the likeness of Synthea's, for where the corpus is not."""

import random
from collections.abc import Sequence

CONDITIONS = (
    "viral sinusitis (disorder)",
    "acute bronchitis (disorder)",
    "essential hypertension (disorder)",
    "prediabetes (finding)",
    "anemia (disorder)",
    "laceration of thigh",
    "part-time employment (finding)",
    "stress (finding)",
    "chronic kidney disease stage 1 (disorder)",
    "body mass index 30+ - obesity (finding)",
)
DRUGS = (
    "acetaminophen 325 mg oral tablet",
    "lisinopril 10 mg oral tablet",
    "24 hr metformin hydrochloride 500 mg extended release oral tablet",
    "amoxicillin 250 mg oral capsule",
    "simvastatin 20 mg oral tablet",
)
PROCEDURES = (
    "medication reconciliation (procedure)",
    "chest x-ray (procedure)",
    "depression screening (procedure)",
    "suture open wound",
)
COMPLAINTS = ("Cough", "Fever", "Sore Throat", "Fatigue", "Headache", "No complaints.")

FORM = """
{year}-{month:02}-{day:02}

# Chief Complaint
{complaints}

# History of Present Illness
The patient is a {age} year-old nonhispanic white {sex}. Patient has a history of {history}.

# Social History
Patient is married. Patient is an active smoker and is an alcoholic.

# Allergies
No Known Allergies.

# Medications
{drugs}

# Assessment and Plan
Patient is presenting with {problem}.

## Plan
The patient was prescribed the following medications:
{prescribed}
The following procedures were conducted:
{procedures}
"""


def texts(number: int) -> list[str]:
    """Return so many notes, the same ones each time."""
    dice = random.Random(221)  # noqa: S311 nothing secret
    return [_text(dice) for _ in range(number)]


def _text(dice: random.Random) -> str:
    return FORM.format(
        year=dice.randint(1980, 2024),
        month=dice.randint(1, 12),
        day=dice.randint(1, 28),
        age=dice.randint(18, 90),
        sex=dice.choice(("female", "male")),
        history=", ".join(_some(dice, CONDITIONS, 8)),
        problem=dice.choice(CONDITIONS),
        complaints=_list(_some(dice, COMPLAINTS, 3)),
        drugs="; ".join(_some(dice, DRUGS, 4)),
        prescribed=_list(_some(dice, DRUGS, 2)),
        procedures=_list(_some(dice, PROCEDURES, 3)),
    )


def _some(dice: random.Random, choices: Sequence[str], most: int) -> list[str]:
    return dice.sample(choices, dice.randint(1, min(most, len(choices))))


def _list(items: Sequence[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
