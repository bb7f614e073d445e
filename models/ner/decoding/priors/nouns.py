"""Plain nouns that name a finding, or something that is done, wherever they stand.

Case reports describe devices and read off instruments ("a duplex examination", "the drain's
output"); a ward's line has nothing else to call them by.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from models.ner.decoding.priors.kinds import Expected, Kind, names_another
from models.ner.text.phrase_trie import folded, longest

NATS: Final = 2.0

NOUNS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "problem": (
        "nausea", "vomiting", "emesis", "diarrhea", "fever", "fevers", "chills", "sweats",
        "fatigue", "malaise", "weakness", "numbness", "tingling", "pain", "pains", "ache", "aches",
        "tenderness", "swelling", "edema", "redness", "warmth", "itching", "itch", "rash", "rashes",
        "hives", "bleeding", "bruising", "hematoma", "laceration", "lacerations", "abrasion",
        "abrasions", "ulcer", "fracture", "fractures", "dislocation", "sprain", "rupture", "cough",
        "congestion", "rhinorrhea", "wheezing", "wheeze", "wheezes", "rales", "crackles", "rhonchi",
        "stridor", "dyspnea", "headache", "dizziness", "dizzy", "lightheadedness", "lightheaded",
        "vertigo", "syncope", "seizure", "seizures", "tremor", "confusion", "confused", "agitation",
        "agitated", "anxiety", "anxious", "insomnia", "hallucinations", "delirium", "lethargy",
        "lethargic", "diaphoretic", "diaphoresis", "shaky", "palpitations", "murmur", "gallop",
        "cyanosis", "jaundice", "icterus", "ascites", "distension", "bloating", "cramping",
        "cramps", "heartburn", "dysphagia", "odynophagia", "hoarseness", "thrush", "urgency",
        "incontinence", "nocturia", "mass", "masses", "nodule", "nodules", "lesion", "lesions",
        "cyst", "cysts", "polyp", "polyps", "cellulitis", "infection", "sepsis", "pneumonia",
        "effusion", "effusions", "atelectasis", "consolidation", "infiltrates", "embolism",
        "thrombosis", "thrombus", "clot", "stenosis", "occlusion", "infarct", "infarction",
        "ischemia", "hypertrophy", "regurgitation", "aneurysm", "obstruction", "perforation",
        "stone", "stones", "hemorrhoids", "anemia", "hypoxia", "hypotension", "overdose",
        "withdrawal", "intoxication", "wart", "warts", "deformity", "torsion", "spasm", "spasms",
        "stiffness", "crepitus", "induration", "fluctuance", "guarding", "rebound", "ileus", "acne",
        "contractions", "vegetations", "narrowing", "calculus", "calculi", "opacity", "opacities",
        "scarring", "calcification", "calcifications", "thickening", "erythema", "pruritus",
        "photophobia", "claudication", "orthopnea", "anorexia", "hiccups", "belching", "flatulence",
        "gangrene", "necrosis", "bacteremia", "peritonitis", "pancreatitis",
    ),
    "procedure": (
        "catheter", "catheters", "drain", "drains", "stent", "stents", "cast", "splint", "sling",
        "brace", "transfusion", "dialysis", "hemodialysis", "intubation", "extubation",
        "ventilation", "ventilator", "oxygen", "nebulizer", "nebulizers", "tube", "tubes",
        "pacemaker", "defibrillator", "cardioversion", "defibrillation", "ablation", "lithotripsy",
        "fixation", "debridement", "irrigation", "repair", "transplant", "transplantation",
        "bypass", "resection", "excision", "removal", "implantation", "chemoradiation",
        "radiotherapy", "brachytherapy", "phototherapy", "psychotherapy", "rehabilitation",
        "ligation", "banding", "suctioning", "tracheostomy", "circumcision", "vasectomy",
        "vaccination", "immunization", "paracentesis", "filter", "washout", "fusion",
        "resuscitation", "plasmapheresis", "culture", "cultures", "biopsy", "biopsies", "duplex",
        "ultrasound", "sonogram", "titer", "titers", "smear", "panel", "x-ray", "x-rays",
        "radiograph", "radiographs", "scan", "scans", "echo", "holter", "telemetry", "ekg", "ecg",
        "eeg", "emg", "ct", "mri", "mra", "cta", "spect", "angiogram", "venogram", "mammogram",
        "autopsy", "cytology", "urinalysis", "stain", "serology", "screen", "creatinine",
        "hemoglobin", "hematocrit", "glucose", "troponin", "ferritin", "albumin", "bilirubin",
        "lipase", "amylase", "ammonia", "procalcitonin", "lactate", "temperature", "saturation",
        "spirometry", "swab", "swabs", "fingerstick", "trough", "colonoscopy", "endoscopy",
        "cannula", "splinting", "casting", "immobilization", "repositioning", "physiotherapy",
        "lumpectomy", "mastectomy", "hysterectomy", "anesthesia", "weights", "compress",
        "compresses", "intubated", "extubated", "epidural", "packing", "clipping", "c-collar",
        "splints", "phacoemulsification", "colposcopy", "amniocentesis", "episiotomy",
        "tympanostomy", "thoracentesis", "arthroscopy", "arthroplasty", "laparoscopy", "laparotomy",
    ),
}  # fmt: skip


def expected(text: str) -> Iterator[Expected]:
    """Yield the nouns of a text that are in the lists."""
    searched = folded(text)
    for kind, pattern in _patterns().items():
        for noun in pattern.finditer(searched):
            if not names_another(text, noun.end()):
                yield Expected(noun.start(), noun.end(), kind, NATS)


@cache
def _patterns() -> dict[Kind, re.Pattern[str]]:
    return {kind: re.compile(longest(nouns)) for kind, nouns in NOUNS.items()}
