"""What the abbreviations of the wards stand for, as the encoder should read them.

Only what has one meaning, or several of one type, is here: whether "CP" is chest pain or cerebral
palsy, it is a finding. What the corpora spell as the wards do (CT, MRI, WBC) needs no entry, and
what is also a common word in capitals (OR, IN, AS, IT, US) or two different things in one ward (PE,
MS, RA, PT) has none. A `|` parts what stands for one word each.
"""

from typing import Final

EACH: Final = "|"

# However they are written.
ABBREVIATIONS: Final[dict[str, str]] = {
    # what joins the words of a note
    "c/o": "complains of", "p/w": "presents with", "h/o": "history of", "hx": "history",
    "s/p": "after", "w/": "with", "w/o": "without", "r/o": "rule out", "b/l": "bilateral",
    "c/b": "complicated by", "2/2": "due to", "d/t": "due to", "s/t": "due to", "b/c": "because",
    "c/w": "consistent with", "f/u": "follow up", "d/c": "discontinue", "d/c'd": "discontinued",
    "dc'd": "discontinued", "a/w": "associated with", "p/t": "prior to", "pt": "patient",
    "pts": "patients", "yo": "year-old", "y/o": "year-old", "y.o.": "year-old",
    "yof": "year-old female", "yom": "year-old male", "dx": "diagnosis", "dx'd": "diagnosed",
    "tx": "treatment", "rx": "prescribed", "sx": "symptoms", "s/s": "signs and symptoms",
    "ddx": "possibly", "neg": "negative", "pos": "positive", "abnl": "abnormal", "wnl": "normal",
    "incr": "increased", "decr": "decreased", "mod": "moderate", "prob": "probable",
    "poss": "possible", "approx": "about", "assoc": "associated", "bibems": "brought by ambulance",
    "exac": "exacerbation", "t/f": "transferred", "adm": "admitted", "ppx": "prophylaxis",
    "pta": "before arrival", "tol": "tolerated", "prn": "as needed", "gtt": "infusion",
    "gtts": "drops", "qhs": "at bedtime", "qam": "every morning", "qpm": "every evening",
    # findings and diseases
    "abd": "abdominal", "n/v": "nausea|/|vomiting", "n/v/d": "nausea|/|vomiting|/|diarrhea",
    "f/c": "fever|/|chills", "f/c/s": "fever|/|chills|/|sweats", "sob": "dyspnea",
    "doe": "exertional dyspnea", "pnd": "paroxysmal nocturnal dyspnea", "ha": "headache",
    "palps": "palpitations", "loc": "loss of consciousness", "ams": "altered mental status",
    "brbpr": "rectal bleeding", "lbp": "back pain", "cva": "stroke", "htn": "hypertension",
    "hld": "hyperlipidemia", "dyslipid": "dyslipidemia", "dm": "diabetes mellitus",
    "dm1": "diabetes mellitus", "dm2": "diabetes mellitus", "t2dm": "diabetes mellitus",
    "t1dm": "diabetes mellitus", "iddm": "diabetes mellitus", "niddm": "diabetes mellitus",
    "gerd": "gastroesophageal reflux disease", "osa": "sleep apnea",
    "ckd": "chronic kidney disease", "esrd": "end-stage renal disease",
    "aki": "acute kidney injury", "arf": "acute renal failure", "chf": "congestive heart failure",
    "hfref": "heart failure", "hfpef": "heart failure", "cad": "coronary artery disease",
    "copd": "chronic obstructive pulmonary disease", "pvd": "peripheral vascular disease",
    "afib": "atrial fibrillation", "a-fib": "atrial fibrillation", "aflutter": "atrial flutter",
    "nstemi": "myocardial infarction", "stemi": "myocardial infarction",
    "uti": "urinary tract infection", "utis": "urinary tract infections",
    "uri": "respiratory infection", "bph": "prostatic hyperplasia", "dvt": "deep vein thrombosis",
    "tia": "transient ischemic attack", "ich": "intracranial hemorrhage",
    "sah": "subarachnoid hemorrhage", "sdh": "subdural hematoma", "sbo": "small bowel obstruction",
    "gib": "gastrointestinal bleeding", "ugib": "gastrointestinal bleeding", "pud": "peptic ulcer",
    "ibs": "irritable bowel syndrome", "dka": "diabetic ketoacidosis",
    "ards": "respiratory distress syndrome", "pna": "pneumonia", "cap": "pneumonia",
    "c diff": "Clostridium difficile infection", "c. diff": "Clostridium difficile infection",
    "ptx": "pneumothorax", "jvd": "jugular venous distension", "hsm": "hepatosplenomegaly",
    "mrsa": "MRSA infection", "ptsd": "post-traumatic stress disorder",
    "adhd": "attention deficit disorder", "mdd": "major depression", "oa": "osteoarthritis",
    "djd": "osteoarthritis", "ddd": "disc disease", "fx": "fracture", "fxs": "fractures",
    "rvr": "tachycardia", "svt": "supraventricular tachycardia",
    "pvcs": "ventricular extrasystoles", "lbbb": "left bundle branch block",
    "rbbb": "right bundle branch block", "intox": "intoxication", "etoh": "alcohol",
    "mets": "metastases", "aaa": "aortic aneurysm",
    "si/hi": "suicidal ideation|/|homicidal ideation",
    # what is done
    "abg": "blood gas", "bmp": "metabolic panel", "cbc": "blood count",
    "lfts": "liver function tests", "ua": "urinalysis", "u/a": "urinalysis", "ucx": "urine culture",
    "bcx": "blood cultures", "cx": "culture", "cxs": "cultures", "trop": "troponin",
    "trops": "troponins", "cxr": "chest x-ray", "kub": "abdominal x-ray", "xr": "x-ray",
    "ekg": "electrocardiogram", "egd": "esophagogastroduodenoscopy", "lp": "lumbar puncture",
    "lhc": "cardiac catheterization", "rhc": "cardiac catheterization",
    "ercp": "cholangiopancreatography", "fsbg": "blood glucose", "a1c": "hemoglobin A1c",
    "hba1c": "hemoglobin A1c", "bili": "bilirubin", "spo2": "oxygen saturation",
    "sats": "oxygen saturation", "vss": "vital signs stable", "bnp": "natriuretic peptide",
    "lytes": "electrolytes", "tsh": "thyroid stimulating hormone", "ptt": "thromboplastin time",
    "cabg": "bypass surgery", "pci": "coronary intervention", "tka": "knee arthroplasty",
    "tkr": "knee replacement", "tha": "hip arthroplasty", "thr": "hip replacement",
    "orif": "internal fixation", "i&d": "incision|and|drainage", "d&c": "dilation|and|curettage",
    "tah": "hysterectomy", "bso": "oophorectomy", "tah-bso": "hysterectomy|-|oophorectomy",
    "tah/bso": "hysterectomy|/|oophorectomy", "turp": "prostatectomy", "ex lap": "laparotomy",
    "c/s": "cesarean section", "hd": "hemodialysis", "crrt": "hemodialysis", "bipap": "ventilation",
    "cpap": "ventilation", "ngt": "nasogastric tube", "ivf": "intravenous fluids",
    "xrt": "radiotherapy", "icd": "defibrillator", "aicd": "defibrillator", "ppm": "pacemaker",
    "prbc": "transfusion of red cells", "prbcs": "transfusion of red cells",
    "ett": "endotracheal tube",
    # drugs
    "abx": "antibiotics", "asa": "aspirin", "apap": "acetaminophen", "hctz": "hydrochlorothiazide",
    "ntg": "nitroglycerin", "nitro": "nitroglycerin", "kcl": "potassium chloride",
    "mtx": "methotrexate", "pcn": "penicillin", "nsaids": "nonsteroidal drugs",
    "nsaid": "nonsteroidal drug", "ppi": "omeprazole", "acei": "ACE inhibitor",
    "bb": "beta blocker", "ccb": "calcium channel blocker", "ssri": "antidepressant",
    "ocp": "contraceptive", "ocps": "contraceptives", "sqh": "heparin", "lmwh": "heparin",
    "vanc": "vancomycin", "vanco": "vancomycin", "levo": "levofloxacin", "cipro": "ciprofloxacin",
    "azithro": "azithromycin", "epi": "epinephrine", "norepi": "norepinephrine",
    "levophed": "norepinephrine", "dig": "digoxin", "coumadin": "warfarin", "mso4": "morphine",
    "mgso4": "magnesium sulfate", "nahco3": "sodium bicarbonate",
    "solumedrol": "methylprednisolone", "duoneb": "ipratropium", "duonebs": "ipratropium",
    "nebs": "albuterol", "mvi": "multivitamin", "fes04": "iron", "feso4": "iron",
    "chemo": "chemotherapy", "tpa": "alteplase", "t-pa": "alteplase", "tdap": "vaccine",
    "ivig": "immunoglobulin",
}  # fmt: skip

# Only as written here: in small letters, or in a word's place, these are something else.
AS_WRITTEN: Final[dict[str, str]] = {
    "CP": "chest pain", "MI": "myocardial infarction", "AF": "atrial fibrillation",
    "BP": "blood pressure", "HR": "heart rate", "RR": "respiratory rate", "Na": "sodium",
    "Cr": "creatinine", "Mg": "magnesium", "Hgb": "hemoglobin", "Hct": "hematocrit",
    "Plt": "platelets", "BUN": "urea nitrogen", "ACS": "acute coronary syndrome", "NS": "saline",
    "HF": "heart failure", "RLQ": "right lower quadrant", "RUQ": "right upper quadrant",
    "LLQ": "left lower quadrant", "LUQ": "left upper quadrant", "BMs": "stools", "ca": "cancer",
    "temp": "temperature", "Temp": "temperature",
}  # fmt: skip
