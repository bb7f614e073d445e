"""What a History names, where its head word alone says so: something done, or a drug."""

import re
from typing import Final

from fhir_mapping.findings.labels import Kind

# A History whose last word before a preposition is one of these names something that was done.
PROCEDURE_HEAD: Final = re.compile(
    r"""(?: \w+(?:ectomy|plasty|ostomy|otomy|rrhaphy|scopy|pexy|centesis|embolization|desis)
      | amputation | angiography | biopsy | bypass | catheterization | chemotherapy | dialysis
      | drainage | grafting | implantation | irradiation | operation | radiotherapy | repair
      | replacement | resection | stenting | surgery | transfusion | transplant
      | transplantation )s?""",
    re.VERBOSE | re.IGNORECASE,
)
# Drugs by name or by stem (WHO, The use of stems in the selection of INN).
_DRUG_HEAD: Final = re.compile(
    r"""\w+(?:statin|sartan|pril|olol|prazole|gliptin|gliflozin|mab|nib|cillin|mycin|floxacin
      |azepam)s? | anticoagulants? | antibiotics? | antidepressants? | aspirin | clopidogrel
      | contraceptives? | corticosteroids? | heparin | ibuprofen | insulin | isoniazid | lithium
      | metformin | methotrexate | opioids? | paracetamol | prednisone | steroids? | tamoxifen
      | warfarin""",
    re.VERBOSE | re.IGNORECASE,
)
# Without words for the past a drug in a History may well be taken now.
_PAST_DRUG: Final = re.compile(
    r"^(?:(?:past|prior|previous|remote|former)\s+(?:use\s+of\s+)?"
    r"|(?:past\s+|prior\s+|previous\s+|remote\s+)?(?:history|hx)\s+of\s+(?:use\s+of\s+)?)",
    re.IGNORECASE,
)
_DRUG_TAIL: Final = re.compile(r"(?<!\s)\s++(?:use|therapy|treatment)\Z", re.IGNORECASE)
_LEAD_IN: Final = re.compile(
    r"^(?:(?:past|prior|previous|remote|surgical|medical)\s+)*(?:(?:history|hx)\s+of|s/p"
    r"|status\s+post)\s+",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(
    r"(?<!\s)\s++(?:of|for|in|on|at|with|by|due|after|before|during|to|using|twice|once)\s.*$"
    r"|[,;(].*$|(?<!\s)\s++\w++\s++(?:days?|weeks?|months?|years?)\s++(?:ago|earlier|prior)$",
    re.IGNORECASE | re.DOTALL,
)
_SEVERAL_THINGS: Final = re.compile(r"\b(?:and|or)\b|/", re.IGNORECASE)


def kind(text: str) -> Kind | None:
    """Return the resource type of a History, None for a problem and for several things at once."""
    plain = text.strip()
    if _is_head(PROCEDURE_HEAD, _LEAD_IN.sub("", plain)):
        return "Procedure"
    past = _PAST_DRUG.match(plain)
    if past and _is_head(_DRUG_HEAD, _DRUG_TAIL.sub("", plain[past.end() :])):
        return "MedicationStatement"
    return None


def _is_head(heads: re.Pattern[str], words: str) -> bool:
    core = _TAIL.sub("", words)
    last = core.split()[-1:]
    several = _SEVERAL_THINGS.search(core) is not None
    return bool(last) and not several and heads.fullmatch(last[0]) is not None
