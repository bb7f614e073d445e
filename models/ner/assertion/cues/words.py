"""Sets of words that the phrases of the cue tables name in braces."""

# The apostrophe as it is typed, left out, or lost on the way: "didn't", "didnt", "didn?t".
APOSTROPHES = ("'", "", " ", "?", "`", "´")
VERBS_WITH_NOT = (
    "did", "does", "do", "could", "has", "have", "had", "was", "were", "is", "are", "would",
)  # fmt: skip
DO_NOT = (
    "not", "cannot", "can't", "cant",
    *(f"{verb}n{mark}t" for verb in VERBS_WITH_NOT for mark in APOSTROPHES),
)  # fmt: skip
CANNOT = (
    "cannot", "can not", "can't", "cant", "could not", "couldn't", "couldnt",
    "unable to", "not able to",
)  # fmt: skip
FIND = (
    "show", "shown", "showed", "reveal", "revealed", "demonstrate", "demonstrated", "identify",
    "identified", "detect", "detected", "find", "found", "see", "seen", "suggest", "indicate",
    "disclose", "observe", "appreciate", "notice", "note", "exhibit", "display", "displayed",
    "visualize", "evidence", "elicit",
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
COUNT = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "several",
    "many", "few", "a few", "some", "couple of", "#", "##",
)  # fmt: skip
RELATIVE = (
    "mother", "mom", "father", "dad", "brother", "sister", "brothers", "sisters", "sibling",
    "siblings", "son", "sons", "daughter", "daughters", "aunt", "aunts", "uncle", "uncles",
    "grandmother", "grandfather", "grandmothers", "grandfathers", "nieces", "nephews",
    "grandparent", "grandparents", "grandson", "granddaughter", "great-grandmother",
    "great-grandfather", "cousin", "cousins", "niece", "nephew", "parent", "parents", "relative",
    "relatives", "family member", "family members", "half-brother", "half-sister", "stepmother",
    "stepfather", "wife", "husband", "spouse", "children", "twin", "family",
)  # fmt: skip
OTHER = (
    "friends", "roommates", "classmates", "coworkers", "neighbors", "donor", "roommate",
    "room mate", "neighbor", "neighbour", "coworker", "co-worker", "friend", "boyfriend",
    "girlfriend", "caretaker", "caregiver", "classmate", "colleague", "partner", "another patient",
    "another passenger", "fetus", "recipient", "sick contact", "sick contacts", "household contact",
    "household contacts",
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

PAST = (
    "history", "hx", "past history", "past hx", "past medical history", "past medical hx",
    "medical history", "past surgical history", "surgical history", "past psychiatric history",
    "past oncologic history", "past cardiac history", "past ocular history", "prior history",
    "prior medical history", "previous medical history", "prior surgical history",
    "previous surgical history", "previous history", "pmh", "pmhx", "psh", "pshx",
)  # fmt: skip
NOTABLE = (
    "significant for", "notable for", "remarkable for", "positive for", "pertinent for",
    "significant only for", "notable only for", "remarkable only for", "sig for", "consists of",
    "consisted of", "consistent with", "complicated by",
)  # fmt: skip
DENY = ("denies", "denied", "denying", "deny")
LIKELY = (
    "in all probability",
    "in all probability is",
    "likely",
    "most likely",
    "more likely",
    "probably",
    "possibly",
    "presumably",
)
DUE = (
    "due to", "secondary to", "related to", "caused by", "from", "#/#", "the result of",
    "represents", "representing", "reflects", "reflecting", "consistent with",
)  # fmt: skip
THOUGHT = (
    "thought", "believed", "felt", "presumed", "suspected", "assumed", "supposed", "considered",
)  # fmt: skip
TO_BE = (
    "to be", "to have", "to have had", "to represent", "to reflect", "to be due to",
    "to be secondary to", "to be related to", "to be from", "to be caused by",
    "to be consistent with",
)  # fmt: skip
NO_LONGER = ("could no longer", "can no longer", "no longer able to")
COPE = ("tolerate", "walk", "climb", "work", "bear", "stand", "manage", "drive", "live", "perform")
AT = ("at", "on", "during")
HIS = ("", "the", "his", "her", "a")
LAST = ("last", "prior", "previous", "earlier")
HE = ("he", "she", "they", "the patient", "the child")
THINKS = ("thinks", "think", "believes")
THAT = ("", "that")
NOBODY = ("nobody", "no one", "none", "no member", "no members")
WITH = (
    "", "has", "had", "have", "with", "was diagnosed with", "has been diagnosed with",
    "were diagnosed with", "ever had", "has ever had",
)  # fmt: skip
# What is told to be as it was, before a list of complaints: "no change in bowel habits, melena".
FUNCTION = (
    "bowel", "bowels", "bladder", "vision", "hearing", "appetite", "weight", "sleep", "voice",
    "stool", "stools", "urination", "urinary", "speech", "gait", "taste", "smell", "visual",
)  # fmt: skip
RECENT = ("recent", "last", "prior", "previous", "earlier")
STAYED = ("admitted", "hospitalized", "hospitalised", "readmitted")
STAY = ("admission", "hospitalization", "hospitalisation", "hospital stay", "stay")
RETURN = (
    "return", "return sooner", "return immediately", "return here", "return to the er",
    "return to the ed", "return to the emergency room", "return to the emergency department",
    "return to the hospital", "return to the office", "return to clinic", "return to er",
    "return to ed", "call", "call us", "call back", "call md", "call the office", "call the doctor",
    "call your doctor", "notify md", "notify physician", "notify your doctor", "come back",
    "seek care", "seek medical care", "seek medical attention", "seek medical help",
    "come back to the er", "come back to the ed", "come back to the hospital",
    "come back to clinic", "call the clinic", "call your primary care physician",
    "call your primary care doctor", "call the clinic immediately", "seek medical advice",
    "seek further medical help", "seek emergency care", "contact your physician",
    "contact the clinic", "notify the doctor", "notify the office", "alert us", "call our office",
    "call your physician", "call ###",
    "notify us", "contact us", "contact the office", "contact your doctor", "seek immediate care",
    "seek immediate medical attention", "instructed to return",
)  # fmt: skip
AT_ONCE = ("", "immediately", "right away", "sooner", "promptly", "at once")
FOR_ANY = (
    "for", "for any", "for any new", "for any worsening", "for worsening", "for signs of", "if",
    "with", "with any", "with signs of", "should",
)  # fmt: skip
# What is told before consent: "risks include but are not limited to".
RISKS = (
    "risk", "risks", "complication", "complications", "side effect", "side effects",
    "adverse effects", "risks and complications", "possible complications",
    "potential complications",
)  # fmt: skip
INCLUDE = ("include", "including", "included", "includes", "to include")
NOT_LIMITED = (
    "but not limited to", "but are not limited to", "but were not limited to",
    "but is not limited to", "but was not limited to", "but not exclusive of",
    "but are not exclusive of", "but is not exclusive of",
)  # fmt: skip
MAY = ("may", "might", "can", "could")
OCCUR = ("occur", "arise", "develop", "happen", "result", "be seen")
GET = ("get", "have", "feel", "experience", "notice", "develop", "become", "see")
IS = ("", "is", "was", "is otherwise", "was otherwise", "otherwise")

SETS: dict[str, tuple[str, ...]] = {
    "do_not": DO_NOT, "cannot": CANNOT, "deny": DENY, "find": FIND, "found": FOUND, "any": ANY,
    "sign": SIGN, "kind_of": KIND_OF, "small": SMALL, "change": CHANGE,
    "unit": UNIT, "long": LONG, "count": COUNT,
    "past": PAST, "is": IS, "notable": NOTABLE,
    "likely": LIKELY, "due": DUE, "thought": THOUGHT, "to_be": TO_BE, "return": RETURN,
    "no_longer": NO_LONGER, "cope": COPE, "at": AT, "his": HIS, "last": LAST, "stay": STAY,
    "recent": RECENT, "stayed": STAYED, "he": HE, "thinks": THINKS, "that": THAT,
    "nobody": NOBODY, "with": WITH, "function": FUNCTION, "at_once": AT_ONCE, "for_any": FOR_ANY,
    "risks": RISKS, "include": INCLUDE, "not_limited": NOT_LIMITED, "may": MAY, "occur": OCCUR,
    "get": GET,
    "relative": RELATIVE, "other": OTHER,
}  # fmt: skip
