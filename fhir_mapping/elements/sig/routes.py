"""Routes by the words for them, as SNOMED CT codes.

Left out on purpose: OD, OS, OU, AD, AS, AU (eye or ear or overdose), IN, IT, "per os" (read as an
eye), "sub q" (its q is read as "every"), IVP and IVPB (a method, not only a route).
"""

from typing import Final

_CODES: Final[dict[str, tuple[str, ...]]] = {
    "26643006": ("po", "by mouth", "oral", "orally"),
    "47625008": ("iv", "intravenous", "intravenously"),
    "78421000": ("im", "intramuscular", "intramuscularly"),
    "34206005": ("sc", "subcu", "subcut", "subq", "subcutaneous", "subcutaneously"),
    "37839007": ("sl", "sublingual", "sublingually", "under the tongue"),
    "37161004": ("pr", "per rectum", "rectal", "rectally"),
    "447694001": ("inhaled", "inhalation", "by inhalation"),
    "6064005": ("topical", "topically"),
    "45890007": ("transdermal", "transdermally"),
    "46713006": ("nasal", "intranasal", "intranasally"),
    "54485002": ("ophthalmic",),
}

ROUTES: Final[dict[str, str]] = {
    phrase: code for code, phrases in _CODES.items() for phrase in phrases
}
INJECTED: Final = frozenset({"47625008", "78421000", "34206005"})
