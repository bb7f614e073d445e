"""Sets of words that the phrases of the cue tables name in braces."""

DO_NOT = (
    "not", "didn't", "doesn't", "don't", "couldn't", "cannot", "can't", "hasn't", "haven't",
    "hadn't", "wasn't", "weren't", "isn't", "aren't", "wouldn't",
)  # fmt: skip
CANNOT = ("cannot", "can not", "can't", "could not", "couldn't", "unable to", "not able to")
FIND = (
    "show", "shown", "reveal", "revealed", "demonstrate", "demonstrated", "identify", "identified",
    "detect", "detected", "find", "found", "see", "seen", "suggest", "indicate", "disclose",
    "observe", "appreciate", "notice", "note", "exhibit", "display", "displayed", "visualize",
    "evidence",
)  # fmt: skip
FOUND = (
    "seen", "found", "identified", "detected", "observed", "noted", "demonstrated", "present",
    "visualized", "visualised", "appreciated", "evident", "reported", "apparent", "shown",
    "revealed", "palpable", "palpated", "elicited", "visible", "confirmed", "encountered",
    "appreciable", "heard", "documented", "recognized", "associated",
)  # fmt: skip
ANY = ("", "any")
SIGN = (
    "evidence", "sign", "signs", "symptoms", "signs or symptoms", "indication", "suggestion",
    "findings", "features", "complaints", "complaint", "episodes", "presence", "stigmata",
    "documentation",
)  # fmt: skip
KIND_OF = (
    "", "definite", "clear", "obvious", "clinical", "radiographic", "radiological", "convincing",
    "further", "other", "significant", "overt", "gross", "acute", "new", "residual", "previous",
    "prior", "known", "echocardiographic", "electrocardiographic", "sonographic", "mammographic",
    "histologic", "histological", "ct", "imaging", "objective", "outward", "physical", "specific",
    "clinical or laboratory",
)  # fmt: skip
UNIT = (
    "hour", "hr", "day", "week", "wk", "month", "mo", "year", "yr", "hours", "days", "weeks",
    "months", "years", "yrs", "hour's", "day's", "week's", "month's", "year's", "y", "d", "h",
)  # fmt: skip
LONG = ("months", "years", "month", "year", "yrs", "yr", "decades", "decade")
LONG_UNIT = (*LONG, "weeks", "wks")
COUNT = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "several",
    "many", "few", "a few", "some", "couple of", "#", "##",
)  # fmt: skip
KIN = (
    "mother", "mom", "father", "dad", "brother", "sister", "brothers", "sisters", "sibling",
    "siblings", "son", "sons", "daughter", "daughters", "aunt", "aunts", "uncle", "uncles",
    "grandmother", "grandfather", "grandparent", "grandparents", "grandson", "granddaughter",
    "great-grandmother", "great-grandfather", "cousin", "cousins", "niece", "nephew", "parent",
    "parents", "relative", "relatives", "family member", "family members", "half-brother",
    "half-sister", "stepmother", "stepfather", "wife", "husband", "spouse", "child", "children",
    "twin", "family",
)  # fmt: skip
OTHER = (
    "donor", "roommate", "room mate", "neighbor", "neighbour", "coworker", "co-worker", "friend",
    "boyfriend", "girlfriend", "caretaker", "caregiver", "classmate", "colleague", "partner",
    "another patient", "another passenger", "fetus", "recipient", "sick contact", "sick contacts",
    "household contact", "household contacts",
)  # fmt: skip

SMALL = (
    "", "significant", "interval", "evident", "apparent", "appreciable", "obvious", "further",
    "major", "acute", "definite", "clear", "gross", "new", "interim", "substantial",
    "significant interval",
)  # fmt: skip
CHANGE = (
    "change",
    "changes",
    "increase",
    "decrease",
    "progression",
    "worsening",
    "improvement",
    "response",
    "resolution",
    "reduction",
    "exacerbation",
    "alteration",
)

SETS: dict[str, tuple[str, ...]] = {
    "do_not": DO_NOT, "cannot": CANNOT, "find": FIND, "found": FOUND, "any": ANY,
    "sign": SIGN, "kind_of": KIND_OF, "unit": UNIT, "long": LONG, "long_unit": LONG_UNIT,
    "count": COUNT, "small": SMALL, "change": CHANGE, "kin": KIN, "other": OTHER,
}  # fmt: skip
