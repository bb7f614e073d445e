"""Words of a dosage's text that no code is given for: what a drug comes as, and ward shorthand.

Dose forms of RxNorm (technical documentation, appendix 3) and the words that wards use for them;
what a dose may be counted in stands in `dose_and_route_tables.py`. ISMP calls the
shorthand error-prone: it is kept as it stands.
"""

from typing import Final

DOSE_FORMS: Final = frozenset(
    [
        "aerosol", "caplet", "caplets", "cream", "elixir", "enema", "foam", "gel", "inhaler",
        "inhalers", "inhalation", "injection", "injections", "lotion", "lozenge", "lozenges", "mdi",
        "mist", "neb", "nebs", "nebulized", "nebulizer", "nebulizers", "ointment", "paste",
        "pill", "pills", "powder", "rinse", "shampoo", "solution", "suspension", "swab", "syrup",
        "troche", "troches", "wafer",
    ]
)  # fmt: skip
SHORTHAND: Final = frozenset({"ac", "hs", "ivp", "ivpb", "od", "os", "otc", "ou", "pc", "qpm"})
# What a dose is counted in without a code that is certain (see tables.py).
COUNTED: Final = frozenset(
    ["appl", "application", "applications", "iu", "unit", "units", "vial", "vials", "dose", "doses"]
)
# What a mouth does with a drug: "swish and spit".
SWALLOWED: Final = frozenset({"chew", "gargle", "spit", "swallow", "swish"})
# Routes without a code in `dose_and_route_tables.py` (FDA, Route of Administration; NCI C38114):
# text alone.
OTHER_ROUTES: Final = frozenset(
    [
        "buccal", "buccally", "endotracheal", "enteral", "enterally", "epidural", "intraarticular",
        "intra-articular", "intradermal", "intrathecal", "intravaginal", "nebulization", "ng",
        "otic", "parenteral", "rectally", "swab", "vaginal", "vaginally",
    ]
)  # fmt: skip
# What else is said of a product: how it sets its drug free, and what it is made for.
PRODUCT_WORDS: Final = frozenset(
    ["coated", "delayed", "ec", "enteric", "er", "extended", "release", "sr", "sustained", "xr"]
)
