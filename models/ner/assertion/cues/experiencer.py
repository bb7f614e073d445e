"""Cues that a thing is somebody else's: a relative's (family) or another person's (other).

A relative who only tells, brings, lives with or cares for the patient decides nothing.
"""

from models.ner.assertion.rules import Pseudo, Rule

HAVING = (
    r"\s*(?:(?:him|her)self\s+)?(?:'s?\b|’s?\b|:|\(|-\s|–\s|,?\s*(?:(?:who|that|also|both|each|all|had|has|have|is|was|were|are|"
    r"once|recently|currently|then|and|or|who's)\s+){0,4}"
    r"(?:(?:has|had|have)(?!\s+(?:to|called|noticed|told|witnessed|brought)\b)|having|with|w/|"
    r"died|dies|dying|deceased|dead|passed|diagnosed|suffer\w*|"
    r"develop\w*|positive|affected|known|history|hx|h/o|survived|underwent|treated|killed|"
    r"succumbed|carr(?:y|ies|ied)|alive|living|healthy|diabetic|hypertensive|alcoholic|asthmatic|sick|ill)\b)"
)
BESIDE = (
    r"(?<!with )(?<!with his )(?<!with her )(?<!with the )(?<!with their )(?<!by )(?<!by his )"
    r"(?<!by her )(?<!by the )(?<!per )(?<!to )(?<!from )(?<!from his )(?<!from her )$"
)
IN = r"\b(?:in|of|affecting)\s+(?:(?!mother|with\b|by\b|per\b|from\b|to\b|and\b)[\w'’-]+\s+){0,3}$"

DOING = (
    r"(?:to|been|given|witnessed|noticed|noted|seen|found|reported|called|told|brought|power|his|"
    r"her|the|their)\b"
)
TREATED = (
    r"\s+(?:(?:was|were|is|are|has\s+been|recently|currently)\s+){1,3}(?:hospitalized|admitted)\b"
)
WHO_HAS = (
    r"\s+who\s+(?:also\s+|recently\s+)?(?:has|had|have|suffers?|died|carries)\s+"
    r"(?!noticed|noted|reported|been|seen|found|brought|observed|cared|called|concerns?)"
)

EXPERIENCER: tuple[Rule | Pseudo, ...] = (
    Rule("family", ("{relative}",), left=BESIDE, right=HAVING),
    Rule(
        "family",
        (
            "family history of", "family history is significant for",
            "family history significant for", "family history notable for",
            "family history is notable for", "family history positive for",
            "family history is positive for", "family history was positive for",
            "family history includes", "family history included",
            "family history was significant for", "family history remarkable for",
            "family history is remarkable for", "family history was remarkable for",
            "family history was notable for", "family history of a", "family history", "family hx",
            "family hx of", "familial history of", "fh of", "fhx of", "fhx", "fam hx", "f/h/o",
            "family h/o", "fh positive for", "fh significant for", "maternal history",
            "maternal hx",
            "maternal labs", "maternal history of",
            "maternal history {notable}", "paternal history of", "family members with",
            "family history for", "family medical history", "genetic history of",
            "family history with",
        ),
    ),
    Rule("family", ("{nobody} in {his} family {with}",)),
    Rule("family", ("{relative}",), right=WHO_HAS),
    Rule("family", ("{relative}, who has", "{relative}, who had"), reach="next",
         right=rf"(?!\s+{DOING})"),
    Rule("family", ("{relative} was positive for", "{relative} is positive for",
                    "{relative} positive for", "{relative} tested positive for")),
    Rule("other", ("{other} was positive for", "{other} tested positive for")),
    Rule("family", ("{relative}",), right=TREATED),
    Rule("other", ("{other}",), right=TREATED),
    Rule("family", ("on his father's side", "on his mother's side", "on her father's side",
                    "on her mother's side", "on the maternal side", "on the paternal side",
                    "on father's side", "on mother's side"), side="after", reach="piece"),
    Rule("family", ("{relative}",), side="after", reach="piece", left=IN),
    Rule(
        "family",
        ("runs in", "run in", "running in"),
        side="after",
        right=r"\s+(?:\w+\s+)?family\b",
    ),
    Rule("family", ("{relative}",), side="after", reach="piece",
         left=r"[-–:(]\s*(?:(?:in|maternal|paternal|\w+er)\s+){0,2}$", right=r"\s*(?:$|[.,;)\n])"),
    Rule("other", ("{other}",), left=BESIDE, right=HAVING),
    Rule(
        "other",
        (
            "exposed to", "exposure to someone with", "exposure to a person with",
            "contact with someone with", "exposed to someone with", "sick contacts with",
            "contacts with", "donor history of", "contact with a person with", "close contact with",
        ),
        right=r"\s+(?:someone|a person|people|another|patients?|contacts?|friends?)\b",
    ),
    Rule("other", ("{other}",), side="after", reach="piece", left=IN),
    Pseudo((
        "family physician", "family doctor", "family practice", "family medicine",
        "family practitioner", "family meeting", "family planning", "family support",
        "child bearing", "child abuse", "twin pregnancy", "twin gestation", "parent company",
    )),
)  # fmt: skip
