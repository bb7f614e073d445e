"""The words by which notes tell allergies and intolerances, as tables and expressions."""

import re
from typing import Final

SECTION: Final = "allergies"  # models.ner.text.layout
# Sections in which a dash behind a drug leads to what it is taken for, not to what it did.
TAKEN_FOR: Final = frozenset(
    {
        "home_medications", "current_medications", "discharge_medications",
        "inpatient_medications", "stopped_medications", "plan", "assessment_and_plan",
        "instructions",
    }
)  # fmt: skip
SENTENCE_END: Final = re.compile(
    r"[.;!?](?=\s|\Z)|\n\s*(?:\n|[-*•]|\d{1,2}[.)])"
    r"|(?<!,)(?<!\band)(?<!\bor)(?<!\bto)\n(?!\s*[a-z(])"
)

_REACTION: Final = (
    r"(?:hives|rash(?:es)?|urticaria|anaphyla(?:xis|ctic\s+(?:shock|reaction))|angio-?oe?dema"
    r"|itch(?:ing|iness)|pruritus|(?:throat|tongue|lip|facial|face)\s+swelling)"
)
_NONE_KNOWN: Final = r"\b(?:n\.?k\.?(?P<kind>[df]?)\.?a)\b\.?"
_STEMS: Final = r"allerg|hypersens|intoleran"
NONE_KNOWN: Final = re.compile(_NONE_KNOWN, re.IGNORECASE)
IN_A_NAME: Final = re.compile(_STEMS, re.IGNORECASE)
# Nothing is said of allergies without one of these words: a quick look before all that follows.
ANY: Final = re.compile(rf"{_STEMS}|tolerat|reaction|{_REACTION}|{_NONE_KNOWN}", re.IGNORECASE)
_LED_TO: Final = (
    r"(?:,?\s*(?:which|that)\s+)?(?:causes?|caused|causing|gives?|gave|led\s+to|leads?\s+to"
    r"|produc(?:es?|ed)|result(?:s|ed)\s+in)"
)
_ITEMS: Final = r"(?P<items>[^.;!?]{0,140})\Z"

# Right before an allergen, the items of the list that it may be the last of between.
BEFORE: Final = (
    re.compile(
        r"\b(?:allerg(?:y|ies|ic)|hypersensitiv(?:e|ity|ities)|intoleran(?:t|ces?))"
        r"(?:\s+(?:or|and|reactions?)\s*[a-z]*)?\s+(?:to|of|include[sd]?|including|are|is)\s+"
        rf"{_ITEMS}",
        re.IGNORECASE,
    ),
    re.compile(rf"\breactions?\s+to\s+{_ITEMS}", re.IGNORECASE),
    re.compile(
        r"\ballerg(?:y|ies)[\s,(]+(?:except(?:ing)?|other\s+than|besides|apart\s+from|aside\s+from)"
        rf"\s+(?:for\s+|to\s+)?{_ITEMS}",
        re.IGNORECASE,
    ),
)
# Hives "on" a drug that treats them are no reaction to it.
AFTER_A_REACTION: Final = re.compile(
    rf"\b{_REACTION}\s+(?:to|on|with|w/|from|after|due\s+to|secondary\s+to)\s+"
    r"(?:(?:taking|receiving|starting|the|an?|her|his)\s+){0,2}\Z",
    re.IGNORECASE,
)
NOT_TOLERATED: Final = re.compile(
    rf"(?:\b(?:not|cannot|never|poorly|unable\s+to|didnt|couldnt)|n['’]t)\s+(?:\w+\s+)?"
    rf"tolerat\w*\s+{_ITEMS}",
    re.IGNORECASE,
)
# What ends a list of allergens.
NO_ITEM: Final = re.compile(
    r"\b(?:takes?|taking|took|on|was|were|is|are|has|had|have|given|gave|start\w*|us(?:e|es|ed|ing)"
    r"|but|who|which|treat\w*|receiv\w*|no|not|denies|for|when|if|so|therefore|current\w*|then"
    r"|continu\w*|medications?|meds|switch\w*|because|since|at|in)\b",
    re.IGNORECASE,
)
ASIDE: Final = re.compile(r"\([^()]*\)")

AFTER: Final = (
    re.compile(
        r"(?:\s*(?:,|/|&|\band\b|\bor\b)\s*(?:(?:and|or)\s+)?[\w-]+(?:\s+[\w-]+)?){0,4}\s+"
        r"(?:drug\s+)?(?:allerg(?:y|ies)|hypersensitivit(?:y|ies)|intolerances?)\b"
        r"(?!\s*:|\s+(?:to|includ\w+|are|medic\w+|tests?|testing|shots?|clinic)\b)",
        re.IGNORECASE,
    ),
    re.compile(r"[-\s]allergic\b(?!\s+(?:to|[a-z]+itis|asthma|reactions?)\b)", re.IGNORECASE),
    re.compile(
        r",?\s+(?:but|which|that)\s+(?:(?:he|she|they|the\s+patient)\s+)?"
        r"(?:(?:could|did|does|can)(?:\s+not|n['’]t)|was\s+unable\s+to)\s+tolerate",
        re.IGNORECASE,
    ),
    re.compile(rf"\s*{_LED_TO}\s+(?:\w+\s+){{0,3}}?{_REACTION}\b", re.IGNORECASE),
)
AFTER_A_DASH: Final = re.compile(
    rf"\s*(?:[-–—:=]+>?|\()\s*(?:\w+\s+){{0,2}}?{_REACTION}\b", re.IGNORECASE
)

HEADING: Final = re.compile(r"\A[^:\n]{0,60}(?::|\n)\s*")
ANOTHER_PARAGRAPH: Final = re.compile(
    r"\n[ \t]*\n\s*(?![-*•\s]|\d{1,2}[.)])(?:(?!\n[ \t]*\n).)*\Z", re.DOTALL
)

# What a sentence says of a drug that is taken or given, and of one that is only considered.
TREATED: Final = re.compile(
    r"\b(?:takes?|taking|took|us(?:e|es|ed|ing)|treat\w*|given|gave|receiv\w+|premedicat\w*"
    r"|prescri\w*|tolerat\w+|carr(?:y|ies)|reliev\w*|respond\w*|controlled|improv\w*|helps?"
    r"|started|for|on)\b",
    re.IGNORECASE,
)
TAKEN_AGAINST: Final = re.compile(r"\s+for\b", re.IGNORECASE)
ONLY_IF: Final = re.compile(
    r"\b(?:if|unless|whether|in\s+case|should|ask\w*|risks?|watch\w*|monitor\w*)\b", re.IGNORECASE
)
EXCEPTED: Final = re.compile(
    r"\b(?:except(?:ion|ing)?|other\s+than|besides|apart\s+from|aside\s+from|but)\b", re.IGNORECASE
)
OVER: Final = re.compile(
    r"\b(?:outgr\w+|resolved|no\s+longer|desensiti[sz]\w+|disproved)\b", re.IGNORECASE
)

# A name that holds the word for an allergy and what it is against.
NAMED: Final = (
    re.compile(
        r"(?:(?:an?|known|severe|mild|possible|history\s+of|h/o)\s+)*(?P<allergen>.+?)[\s-]+"
        r"(?:drug\s+)?(?:allerg(?:y|ies)|hypersensitivit(?:y|ies))",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        r"(?:(?:an?|known|severe|mild|possible|history\s+of|h/o)\s+)*"
        r"(?:allerg(?:y|ies|ic)|hypersensitiv(?:e|ity))(?:\s+reactions?)?\s+to\s+(?P<allergen>.+)",
        re.IGNORECASE | re.DOTALL,
    ),
)
NAMED_INTOLERANCE: Final = re.compile(
    r"(?P<allergen>.+?)[\s-]+intolerances?", re.IGNORECASE | re.DOTALL
)
# Allergies by their kind, season or course: they are against nothing that is named.
NO_ALLERGEN: Final = re.compile(
    r"\b(?:no|not|seasonal|environmental|foods?|drugs?|medicines?|medications?|medical|multiple"
    r"|any|known|other|chronic|perennial|nasal|skin|contact|allergic|spring|fall|winter|summer"
    r"|substance|various|numerous|possible|glucose|heat|cold|exercise|activity|feeding|orthostatic)"
    r"\b|\A\W*\Z",
    re.IGNORECASE,
)
LASTING: Final = re.compile(
    r"\b(?:seasonal|environmental|perennial|chronic|nasal|multiple)\s+\Z", re.IGNORECASE
)
GENERIC: Final = re.compile(
    r"(?:(?:known|drug|food|medication|medicine|medical|severe|mild|adverse|allergic|any|no)\s+)*"
    r"(?:allerg(?:y|ies|ic|en|ens)|intoleran(?:t|ces?)|hypersensitiv\w+|reactions?)",
    re.IGNORECASE,
)
ANYTHING: Final = re.compile(
    r"(?:(?:any|all|other|known|prescription)\s+)*(?:drugs?|medications?|medicines?|meds|foods?"
    r"|anything|antibiotics?)",
    re.IGNORECASE,
)

# Nothing but its mark, or its heading, stands before the first name of an item.
OPENS_AN_ITEM: Final = re.compile(r"(?:.*:)?[\s\-*•\d.)]*", re.DOTALL)
# Between an allergen and what it did, and between a reaction and what it was to.
TO_ITS_REACTION: Final = re.compile(
    rf"\s*(?:[-–—:=]+>?|\(|{_LED_TO}\b)[^.;)\n]{{0,80}}", re.IGNORECASE
)
TO_ITS_ALLERGEN: Final = re.compile(
    r"\s+(?:to|on|with|w/|from|after|due\s+to|secondary\s+to)\s+"
    r"(?:(?:taking|receiving|starting|the|an?|her|his)\s+){0,2}",
    re.IGNORECASE,
)

# All that tell an allergy outside its section; each asks for a word of ANY, as a test makes sure.
TELLING: Final = (
    *BEFORE, AFTER_A_REACTION, NOT_TOLERATED, *AFTER, AFTER_A_DASH, *NAMED, NAMED_INTOLERANCE,
)  # fmt: skip
