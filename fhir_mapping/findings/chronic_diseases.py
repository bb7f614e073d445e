"""Diseases that last: listed in a past history, they are what the patient has.

"PMH: diabetes, COPD, appendicitis" names two diseases that the patient still has and one that is
over. The names were chosen from those that the Chronic Condition Indicator for ICD-10-CM (HCUP,
v2021-1) calls chronic, and read by a physician's eye: what the indicator calls chronic for its
consequences (an infarction, a stroke, an embolism), what is often cured or removed (a cancer, a
stone, an ulcer) and what happens once are left out.
"""

import re
import unicodedata
from typing import Final

from models.clinical import Assertion, Mention

LASTING: Final = (
    # Heart, vessels, blood fats
    "hypertension", "hypertensive", "htn", "high blood pressure", "elevated blood pressure",
    "heart failure", "congestive failure", "chf", "hfref", "hfpef", "diastolic dysfunction",
    "systolic dysfunction", "cardiomyopathy", "coronary artery disease", "coronary disease",
    "coronary heart disease", "cad", "ascad", "cardiovascular disease", "ashd",
    "ischemic heart disease", "heart disease", "atherosclerosis", "angina", "atrial fibrillation",
    "a fib", "afib", "a-fib", "atrial flutter", "arrhythmia", "sick sinus syndrome",
    "heart block", "long qt", "valve disease", "valvular disease", "mitral regurgitation",
    "aortic regurgitation", "aortic stenosis", "mitral stenosis", "mitral valve prolapse",
    "peripheral vascular disease", "pvd", "pad", "peripheral arterial disease",
    "peripheral artery disease", "carotid stenosis", "carotid disease", "carotid artery disease",
    "cardiac disease",
    "aortic aneurysm", "cerebrovascular disease", "venous insufficiency",
    "varicose veins", "lymphedema", "pulmonary hypertension", "hyperlipidemia", "hyperlipidaemia",
    "dyslipidemia", "hld", "hypercholesterolemia", "hypercholesterolaemia", "high cholesterol",
    "elevated cholesterol", "hypertriglyceridemia", "hyperlipoproteinemia",
    # Lungs, nose
    "copd", "coad", "chronic obstructive", "emphysema", "asthma", "asthmatic", "bronchiectasis",
    "sleep apnea", "sleep apnoea", "osa", "interstitial lung disease", "airway disease",
    "airways disease", "lung disease", "pulmonary fibrosis",
    "cystic fibrosis", "sarcoidosis", "allergic rhinitis", "seasonal allergies",
    "environmental allergies", "hay fever", "hayfever",
    # Hormones, metabolism
    "diabetes", "diabetic", "diabetics", "dm", "dm1", "dm2", "dm ii", "iddm", "niddm", "t1dm",
    "t2dm", "hypothyroidism", "hypothyroid", "hyperthyroidism", "graves", "hashimoto",
    "thyroid disease", "goiter", "obesity", "obese", "metabolic syndrome", "osteoporosis",
    "osteopenia", "polycystic", "pcos", "adrenal insufficiency", "hypopituitarism",
    "hyperparathyroidism", "gout", "hemochromatosis", "amyloidosis",
    # Kidney, bladder, prostate
    "ckd", "kidney disease", "renal disease", "esrd", "renal insufficiency", "chronic renal",
    "renal failure", "polycystic kidney", "nephrotic syndrome", "bph", "prostatic hypertrophy",
    "prostatic hyperplasia", "prostatism", "enlarged prostate", "prostate enlargement",
    "neurogenic bladder", "overactive bladder",
    "urinary incontinence",
    "erectile dysfunction",
    # Digestion, liver
    "gerd", "gord", "reflux", "hiatal hernia", "barrett", "cirrhosis", "fatty liver", "nash",
    "liver disease", "hepatitis b", "hepatitis c", "hcv", "irritable bowel", "ibs", "crohn",
    "ulcerative colitis", "inflammatory bowel", "celiac", "coeliac", "diverticulosis",
    "hemorrhoids", "gastroesophageal disease",
    # Women's
    "endometriosis", "menopause", "postmenopausal",
    # Brain, nerves, mind
    "epilepsy", "seizure disorder", "seizure disorders", "parkinson", "dementia", "alzheimer",
    "multiple sclerosis", "migraine", "migraines", "neuropathy", "cerebral palsy", "myasthenia",
    "amyotrophic", "tremor", "dystonia", "mononeuritis multiplex", "restless leg", "restless legs",
    "narcolepsy", "insomnia",
    "paraplegia", "quadriplegia", "hemiplegia", "hemiparesis", "developmental delay",
    "mental retardation", "intellectual disability", "autism", "adhd", "attention deficit",
    "attention deficit disorder", "depression", "depressive disorder", "depressive", "mdd",
    "dysthymia", "anxiety", "bipolar", "schizophrenia", "schizoaffective", "ptsd",
    "posttraumatic stress", "post-traumatic stress", "obsessive", "panic disorder",
    "personality disorder", "alcoholism", "dependence", "alcohol abuse", "substance abuse",
    "drug abuse", "use disorder",
    # Joints, bones, connective tissue
    "arthritis", "osteoarthritis", "djd", "degenerative joint", "degenerative disc",
    "degenerative disk", "degenerative disease", "spondylosis", "spinal stenosis", "canal stenosis",
    "scoliosis",
    "rheumatoid", "lupus", "sle", "fibromyalgia", "chronic fatigue", "vasculitis", "arteritis",
    "polyarteritis", "scleroderma", "sjogren", "raynaud", "antiphospholipid", "spondylitis",
    "psoriasis", "psoriatic", "sciatica", "carpal tunnel", "herniated disc", "herniated discs",
    "disc disease", "disk disease",
    # Blood, infections that stay
    "sickle cell", "iron deficiency anemia", "pernicious anemia", "thalassemia", "hemophilia",
    "von willebrand", "factor v leiden",
    "myelodysplastic", "hiv", "aids", "herpes",
    # Eyes, ears, skin
    "glaucoma", "macular degeneration", "cataract", "cataracts", "retinopathy", "blindness",
    "hearing loss", "deafness", "meniere", "eczema", "atopic dermatitis", "rosacea",
    "vitiligo", "acne",
    # Said to last by their own words
    "chronic", "congenital", "down syndrome", "trisomy",
)  # fmt: skip
# What lasts and can be overcome: "depression in 2009" may be over, heart failure is not.
OVERCOME: Final = (
    "alcoholism", "alcohol abuse", "substance abuse", "drug abuse", "dependence", "use disorder",
    "depression", "depressive", "mdd", "dysthymia", "anxiety", "panic disorder", "ptsd",
    "posttraumatic stress", "post-traumatic stress", "insomnia", "obesity", "obese", "acne",
    "eczema", "atopic dermatitis", "iron deficiency anemia", "sciatica", "herniated disc",
    "herniated discs", "cataract", "cataracts", "hemorrhoids", "carpal tunnel",
)  # fmt: skip
# A disease that lasts has episodes that do not.
EPISODES: Final = (
    "acute", "attack", "crisis", "emergency", "urgency", "exacerbation", "flare", "ketoacidosis",
    "coma", "decompensation", "decompensated", "infarction", "infarct", "stroke", "gestational",
    "postpartum", "pregnancy", "preeclampsia", "childhood", "juvenile", "neonatal", "bleed",
    "bleeding", "hemorrhage", "rupture", "ruptured", "shock", "arrest", "reaction", "withdrawal",
    "overdose", "injury",
)  # fmt: skip


def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    joined = "|".join(name.replace(" ", r"[\s-]+") for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\b(?:{joined})(?:'?s)?\b", re.IGNORECASE)


_LONGEST: Final = 200  # characters of a name that are looked at
_LASTING: Final = _any_of(LASTING)
_OVERCOME: Final = _any_of(OVERCOME)
_EPISODE: Final = _any_of(EPISODES)
# What tells that a thing was listed, and not that it is over: "PMH", "a history of", "known".
_LISTS: Final = re.compile(
    r"\b(?:history|hx|pmhx?|pmh|phx|known|problems?|background|comorbid\w*|hospitali[sz]ations?)\b"
    r"|\bh/o\b",
    re.IGNORECASE,
)
# When a disease that nobody overcomes was there, or was found, does not tell that it is over.
_TOLD_WHEN: Final = re.compile(r"in\s+(?:the\s+past|\d{4})|previously", re.IGNORECASE)
_LONG_OVER: Final = re.compile(
    r"\b(?:remote|distant|childhood|prior|previous|resolved)\b", re.IGNORECASE
)


def lasts(mention: Mention, assertion: Assertion) -> bool:
    """Return whether a past mention names a disease that the patient still has.

    The name must be of a disease that lasts, and no cue may say more than that it is on the list,
    or when it was there where nobody overcomes it.
    """
    name = _without_accents(mention.text)
    if not _LASTING.search(name) or _EPISODE.search(name) or _LONG_OVER.search(name):
        return False
    cues = [cue.text for cue in assertion.cues if cue.kind == "historical"]
    if assertion.historical and not cues:
        return False
    stays = not _OVERCOME.search(name)
    return all(
        cue == mention.text or _lists(cue) or (stays and _TOLD_WHEN.fullmatch(cue)) for cue in cues
    )


def _lists(cue: str) -> bool:
    """Return whether a cue of the past says no more than that a thing was listed."""
    return bool(_LISTS.search(cue)) and not _LONG_OVER.search(cue)


def _without_accents(name: str) -> str:
    """Return a name with plain letters: "Sjögren" is written both ways."""
    letters = unicodedata.normalize("NFD", name[:_LONGEST])
    return "".join(one for one in letters if not unicodedata.combining(one))
