"""What the name of a section may begin and end with, and what joins two names."""

from typing import Final

LEADS: Final = frozenset(
    [
        "a", "the", "his", "her", "patient", "patients", "pts", "pertinent", "relevant",
        "significant", "brief", "current", "present", "other", "additional", "updated", "initial",
        "final", "further", "full", "complete", "detailed", "focused", "limited", "directed",
        "known", "prior", "previous", "past", "recent", "interval", "admission", "admitting",
        "discharge", "hospital", "inpatient", "outpatient", "ed", "er", "icu", "preoperative",
        "postoperative", "preop", "postop", "pre", "post", "op", "general", "overall", "clinical",
        "medical", "major", "todays", "new", "active", "ongoing", "chronic", "acute", "baseline",
        "abbreviated", "comprehensive", "targeted", "repeat", "selected", "summary", "our", "my",
        "outside", "nursing", "physician", "attending", "resident", "surgical", "cardiac", "on",
        "of", "and", "following", "referral", "day", "night", "stat",
    ]
)  # fmt: skip
TAILS: Final = frozenset(
    [
        "on", "at", "of", "upon", "admission", "discharge", "home", "arrival", "presentation",
        "transfer", "time", "today", "visit", "this", "hospitalization", "hospital", "ed", "er",
        "in", "the", "is", "are", "as", "follows", "follow", "include", "includes", "included",
        "including", "per", "patient", "family", "mother", "chart", "records", "record",
        "reviewed", "review", "updated", "continued", "cont", "point", "system", "systems",
        "details", "detail", "list", "section", "note", "notes", "summary", "data", "information",
        "from", "prior", "to", "during", "performed", "done", "following", "only", "brief",
        "remarkable", "for", "significant", "notable", "reveals", "revealed", "reveal", "shows",
        "showed", "show", "positive", "negative", "pertinent", "noncontributory", "unchanged",
        "today's", "todays", "below", "above", "limited", "otherwise", "was", "were", "consist",
        "consists", "initial", "exam", "examination", "findings", "obtained", "and", "by", "with",
        "clinic", "now", "presenting", "current", "unremarkable", "here", "conducted", "undertaken",
        "completed",
    ]
)  # fmt: skip
JOINERS: Final = frozenset({"and", "or"})
SHARED: Final = frozenset(
    {
        "history",
        "hx",
        "medications",
        "meds",
        "examination",
        "exam",
        "diagnosis",
        "diagnoses",
        "histories",
        "medication",
        "studies",
    }
)

# Single words and letters that are plain words too: a heading only at the start of a line, or with
# a capital behind the end of a sentence, or in capitals.
PLAIN: Final = frozenset(
    [
        "history", "plan", "plans", "general", "gen", "condition", "conditions", "exam",
        "examination", "activity", "diet", "data", "problem", "problems", "course", "results",
        "result", "heart", "chest", "skin", "back", "neck", "comment", "comments", "treatment",
        "treatments", "procedure", "procedures", "impression", "cc", "ms", "pe", "all", "sh", "fh",
        "gi", "gu", "cv", "id", "re", "s", "o", "a", "p", "ph", "co", "le", "ue", "us", "dd", "dh",
        "pc", "hx", "ex", "obs", "ap", "med", "rx", "tx", "ice", "mar", "head", "eyes", "ears",
        "nose", "throat", "mouth", "face", "legs", "arms", "hands", "hand", "feet", "foot", "hip",
        "hips", "knee", "knees", "liver", "spleen", "bowel", "blood", "bladder", "kidneys", "lens",
        "retina", "vision", "visual", "speech", "mood", "affect", "sleep", "memory", "gait",
        "tone", "station", "motor", "sensory", "strength", "hair", "nails", "wound", "wounds",
        "incision", "teeth", "tongue", "pelvis", "cervix", "uterus", "prostate", "pulses", "nodes",
        "lymph", "drain", "drains", "fluids", "position", "preparation", "contrast", "equipment",
        "closure", "lines", "access", "hospital", "location", "facility", "employer", "insurance",
        "phone", "address", "name", "patient", "date", "service", "source", "note", "notes",
        "remarks", "consult", "consults", "physician", "provider", "resident", "surgeon",
        "assistant", "attending", "question", "answer", "report", "study", "tests", "testing",
        "advice", "education", "counseling", "teaching", "goals", "goal", "orders", "actions",
        "therapy", "management", "discussion", "analysis", "opinion", "summary", "thoughts",
        "progress", "drugs", "medicine", "medicines", "tablets", "supplements", "antibiotics",
        "infusions", "drips", "family", "social", "habits", "relationships", "exposures",
        "surgery", "surgeries", "operation", "operations", "surgical", "operative", "physical",
        "vital", "vitals", "background", "illnesses", "complaint", "complaints", "concerns",
        "presentation", "indication", "indications", "finding", "findings", "description",
        "details", "technique", "approach", "micro", "chemistry", "hematology", "pathology",
        "images", "scans", "imaging", "radiology", "cultures", "investigations", "investigation",
        "precautions", "events", "appearance", "nutrition", "communication", "contact", "other",
        "stage", "staging", "diagnosis", "diagnoses", "dx", "prognosis", "behavior", "insight",
        "judgment", "attention", "concentration", "cognition", "orientation", "perception",
        "infectious", "peripheral", "vascular", "oral", "nasal", "renal", "urinary", "metabolic",
        "immune", "allergic", "sensation", "coordination", "reflexes", "circulation", "breathing",
        "respiration", "airway", "inspection", "palpation", "cath", "echo", "pet", "ct", "lp",
        "ua", "csf", "biopsy",
    ]
)  # fmt: skip
# Headings that are so sure that they need no colon: "PMHx asthma", "FH - father died of MI".
BARE: Final = frozenset(
    [
        "pmh", "pmhx", "psh", "pshx", "fhx", "fmhx", "famhx", "shx", "sochx", "soch", "hpi", "hpc",
        "ros", "psurghx", "pmedhx",
    ]
)  # fmt: skip
DASHED: Final = BARE | frozenset(
    [
        "fh", "sh", "imp", "impression", "plan", "dh", "dhx", "meds", "medications", "allergies",
        "pc", "cc", "o/e", "oe", "ros", "ddx", "hx", "a/p", "a&p",
    ]
)  # fmt: skip
# What a line may begin with before a colon without heading what follows: cues and answers.
CUES: Final = frozenset(
    [
        "denies", "denied", "negative", "negatives", "positive", "positives", "neg", "pos",
        "absent", "present", "no", "yes", "none", "n", "y", "includes", "including", "including",
        "reports", "complains", "endorses", "pertinent", "except", "with", "without", "namely",
        "follows", "following", "as", "associated", "symptoms", "include", "report", "nb",
        "denies:",
    ]
)  # fmt: skip
