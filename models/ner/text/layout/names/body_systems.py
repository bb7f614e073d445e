"""Headings of the systems and parts that are asked about and examined, by what they are of."""

from typing import Final

from models.ner.text.layout.names.section_kinds import SectionKind

SYSTEMS: Final[dict[str, tuple[str, ...]]] = {
    "general": (
        "general", "gen", "general appearance", "appearance", "constitutional", "const",
        "general constitutional", "constitution", "systemic", "general survey",
        "general condition", "nutritional status",
    ),
    "heent": (
        "heent", "hent", "ent", "enmt", "head", "head and neck", "head and face", "face", "heentn",
        "head ears eyes nose throat", "heent and neck", "head eyes ears nose and throat",
        "head eyes ears nose throat", "ears nose mouth and throat", "ears nose and throat",
        "ears nose throat", "eyes ears nose and throat", "nose and throat", "mouth and throat",
        "oral cavity", "oropharynx", "mouth", "throat", "nose", "nasal", "oral", "nares",
        "pharynx", "tms", "tympanic membranes", "ears", "ear", "scalp", "sinuses", "dentition",
        "teeth", "tongue", "mucous membranes", "ncat", "face and scalp",
    ),
    "eyes": (
        "eyes", "eye", "ophthalmologic", "ophthalmic", "pupils", "conjunctivae", "conjunctiva",
        "sclerae", "sclera", "fundi", "fundoscopic", "funduscopic", "extraocular movements", "eom",
        "eomi", "perrl", "visual acuity", "visual fields", "visual", "vision", "lids", "cornea",
        "lens", "retina", "anterior segment", "slit lamp",
    ),
    "neck": (
        "neck", "thyroid", "carotids", "neck and thyroid", "jvp", "jugular veins",
        "throat and neck", "trachea",
    ),
    "respiratory": (
        "respiratory", "resp", "lungs", "lung", "pulmonary", "pulm", "chest", "thorax",
        "chest and lungs", "lungs and chest", "respiratory system", "pulm resp",
        "thorax and lungs", "chest lungs", "resp pulm", "chest wall", "auscultation of lungs",
        "cardiopulmonary", "respiratory effort", "breathing", "respiration", "pleura", "airway",
        "rs", "air entry",
    ),
    "cardiovascular": (
        "cardiovascular", "cv", "cvs", "cardiac", "heart", "cor", "cardio",
        "cardiovascular system", "heart and vessels", "auscultation of heart", "vascular",
        "peripheral vascular", "pulses", "pulse exam", "cv resp", "cardiac vascular", "precordium",
        "circulation", "peripheral pulses", "chest cv", "heart lungs", "heart and lungs",
        "distal pulses",
    ),
    "abdomen": (
        "abdomen", "abd", "abdominal", "gastrointestinal", "gi", "gastrointestinal system",
        "gi gu", "abdomen and pelvis", "stomach", "gi and gu", "gi abdomen", "abdomen gi",
        "per abdomen", "liver", "spleen", "bowel", "hernia", "digestive", "git", "flank",
        "examination of abdomen",
    ),
    "rectal": (
        "rectal", "rectum", "anus", "anorectal", "genitorectal", "digital rectal examination",
        "dre", "perianal", "perineum", "prostate",
    ),
    "genitourinary": (
        "genitourinary", "gu", "genitalia", "genital", "urologic", "urological", "urinary",
        "renal", "external genitalia", "testes", "genitourinary system", "genitals", "scrotum",
        "penis", "bladder", "kidneys", "renal gu", "gu renal", "back and flank",
    ),
    "gynecologic": (
        "pelvic", "pelvis", "gyn", "gynecologic", "gynecological", "obgyn", "ob gyn", "vagina",
        "cervix", "uterus", "adnexa", "vulva", "speculum", "bimanual", "reproductive", "obstetric",
    ),
    "breast": ("breast", "breasts", "axillae", "axilla", "breasts and axillae"),
    "musculoskeletal": (
        "musculoskeletal", "msk", "ms", "musculoskeletal system", "spine", "back", "joints",
        "bones and joints", "skeletal", "hips", "hip", "knee", "knees", "shoulder", "shoulders",
        "right knee", "left knee", "right shoulder", "left shoulder", "right hip", "left hip",
        "cervical spine", "lumbar spine", "thoracic spine", "back and spine", "spine and back",
        "orthopedic", "ortho", "range of motion", "rom", "muscles", "muscle tone", "strength",
        "palpation", "inspection", "wrist", "elbow", "hand", "hands", "ankle", "foot", "feet",
        "right ankle", "left ankle", "right foot", "left foot", "right hand", "left hand",
        "right wrist", "left wrist", "right elbow", "left elbow", "rheumatologic", "rheum",
        "gait and station", "station gait", "back extremities", "m s", "neck and back",
    ),
    "extremities": (
        "extremities", "ext", "extremity", "exts", "extr", "extrem", "limbs", "lower extremities",
        "upper extremities", "lower extremity", "upper extremity", "right lower extremity",
        "left lower extremity", "right upper extremity", "left upper extremity", "legs", "arms",
        "peripheral", "rle", "lle", "rue", "lue", "le", "ue", "extremities and skin", "nails",
    ),
    "neurological": (
        "neurologic", "neurological", "neuro", "neurology", "cns", "central nervous system",
        "nervous system", "cranial nerves", "cn", "cns ii xii", "cn ii xii", "cn 2 12", "motor",
        "sensory", "reflexes", "dtrs", "dtr", "coordination", "coord", "cerebellar", "gait",
        "station", "sensation", "sens", "motor strength", "coord station gait", "station and gait",
        "station gait coord", "romberg", "romberg test", "cranial nerve", "tone", "babinski",
        "deep tendon reflexes", "neuro psych", "neurological psychological",
        "neurologic psychiatric", "neurovascular", "gait station", "mental status and neuro",
        "bulk and tone",
    ),
    "psychiatric": (
        "psychiatric", "psych", "psychiatry", "psychological", "mental status",
        "mental health status", "affect", "mood", "mood and affect", "behavior", "behavioral",
        "thought content", "thought process", "thought processes", "insight", "judgment",
        "insight and judgment", "judgment and insight", "cognition", "cognitive", "orientation",
        "memory", "speech", "psychomotor", "perception", "perceptions",
        "suicidal homicidal ideation", "psych mental status", "attention", "concentration",
        "sleep", "eye contact", "impulse control", "mini mental status",
    ),
    "skin": (
        "skin", "integumentary", "integument", "dermatologic", "dermatological", "derm",
        "skin and breasts", "skin and nails", "skin hair nails", "skin breast", "wound", "wounds",
        "incision", "incisions", "surgical site", "skin integumentary", "hair",
    ),
    "endocrine": (
        "endocrine", "endo", "endocrinology", "endocrine system", "metabolic",
        "endocrine metabolic",
    ),
    "hematologic": (
        "hematologic", "hematological", "heme", "heme lymph", "hematology lymphatic immunology",
        "hematologic lymphatic", "hematology lymphatic", "lymphatic", "lymphatics", "lymph",
        "lymph nodes", "nodes", "lymphadenopathy", "lymphatic system", "hematopoietic", "heme onc",
        "hemelymph", "hematologic lymph", "blood", "lymph node", "heme and lymph", "lymphnodes",
        "heme lymphatic", "hematologic and lymphatic",
    ),
    "immunologic": (
        "immunologic", "allergic immunologic", "allergy immunologic", "allergic", "immunology",
        "allergy immunology", "immune", "immunological", "allergies immunologic",
    ),
    "infectious": ("infectious", "infectious disease", "id ros", "infectious diseases"),
}  # fmt: skip

# Names of tests that head what they showed; what follows them ("CT of the head, 3/4") goes along.
TESTS: Final[dict[SectionKind, tuple[str, ...]]] = {
    "imaging": (
        "ct", "cta", "mri", "mra", "mrv", "mrcp", "cxr", "kub", "axr", "x ray", "xray", "x rays",
        "ultrasound", "us", "u s", "sonogram", "echo", "echocardiogram", "tte", "tee", "ekg",
        "ecg", "eeg", "emg", "pet", "pet ct", "dexa", "bone scan", "mammogram", "chest x ray",
        "chest xray", "chest film", "cardiac cath", "cardiac catheterization", "cath",
        "stress test", "stress echo", "angiogram", "venous duplex", "duplex", "doppler",
        "doppler us", "head ct", "brain mri", "chest ct", "ct scan", "mri scan", "v q scan",
        "vq scan", "holter", "telemetry", "pfts", "pft", "pulmonary function tests", "spirometry",
        "colonoscopy", "egd", "endoscopy", "bronchoscopy", "nuclear stress test", "barium swallow",
        "swallow study", "fluoroscopy", "myelogram", "arteriogram", "carotid duplex",
        "carotid ultrasound", "plain films", "abdominal ultrasound", "renal ultrasound",
        "electrocardiogram", "rhythm strip", "mri brain", "ct head", "ct chest", "ct abdomen",
        "ct abdomen and pelvis", "ct pelvis", "ct abd pelvis", "radiograph", "emg ncv",
        "nerve conduction studies", "needle emg", "left ventriculogram", "left ventriculography",
        "cystoscopy",
    ),
    "laboratory": (
        "cbc", "bmp", "cmp", "lfts", "lft", "ua", "u a", "urinalysis", "abg", "vbg",
        "cardiac enzymes", "troponins", "coags", "csf", "lp", "lumbar puncture", "tox screen",
        "urine tox", "blood culture", "blood cultures", "urine culture", "urine cultures",
        "sputum culture", "wound culture", "stool studies", "iron studies", "lipid panel",
        "lipids", "chem 7", "chem7", "chem 10", "chem panel", "basic metabolic panel",
        "complete blood count", "comprehensive metabolic panel", "liver function tests",
        "thyroid function tests", "tfts", "fbc", "u and e", "u and es", "utox", "gram stain",
        "biopsy", "cytology", "peripheral smear", "hepatic function panel", "renal function",
        "metabolic panel", "estimated blood loss", "ebl", "urine output", "fluoroscopy time",
        "tourniquet time", "total tourniquet time", "blood loss",
    ),
}  # fmt: skip
