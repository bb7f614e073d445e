"""The words of a sentence that tell whether a drug was taken or a procedure done."""

import re
from typing import Final

SENTENCE_END: Final = re.compile(r"[.;!?](?=\s|\Z)|\n\s*(?:\n|[-*•☐☑☒]|\[[ xX]?\]|\d{1,2}[.)])")
# A heading on a line of its own is no word of the sentence below it.
HEADING: Final = re.compile(r":[ \t]*\n")
# Where a sentence says something anew: what it looked ahead to is told.
ANEW: Final = re.compile(
    r",\s*(?:so|but|therefore|however|which|then|thus)\b|\b(?:but|however|therefore)\b"
    r"|(?:,|,?\s+and)\s+(?=(?:he|she|we|i|the\s+patient)\s)",
    re.IGNORECASE,
)
AHEAD: Final = re.compile(
    r"\b(?:will|shall|would|should|(?<!\d )(?<!in )may(?! \d)|might|could|must"
    r"|plans?|planned|planning|going\s+to"
    r"|(?<!had )(?<!seem )(?<!seems )(?<!seemed )(?<!appears )(?<!appeared )"
    r"(?<!found )(?<!noted )(?<!felt )(?<!thought )(?<!proven )"
    r"(?<!known )(?<!shown )to\s+be|needs|need\s+for|recommend\w*"
    r"|suggest\w*|advis\w+|consider|considering|schedul\w+|await\w*"
    r"|pending|candidate|arrang\w+|book\w*|if|unless|options?"
    r"|(?<!please )refer(?:red|ral)?\s+(?:her\s+|him\s+)?(?:to|for)|offer\w*"
    r"|discuss\w*|wish\w*|desir\w+"
    r"|wants?|wanting|in\s+preparation|presents\s+for|presenting\s+for|admitted\s+for|(?:here|in)\s+for"
    r"|risks?\s+of|declin\w+|refus\w+|goals?|counsel\w+|instruct\w+|anticipation"
    r"|evaluation\s+(?:for|regarding)|commence|initiate|begin|start|try|replace|replete|trial\s+of|interested\s+in"
    r"|wonders?\s+about|push|(?:change|switch)\s+to|elected\s+to|decided\s+go|asked\s+to"
    r"|(?:is|are|was|were)\s+to|can\s+be|agreeable\s+to|decision\s+(?:was\s+)?made\s+to|wanted\s+to|yet\s+to|for\s+(?:further|continued)"
    r"|transfer(?:red)?\s+(?:\w+\s+){0,3}for|intent\s+of"
    r"|follow(?:ed)?[\s-]?up\s+[^.;\n]{0,40}\bfor)\b",
    re.IGNORECASE,
)
PAST: Final = re.compile(
    r"\b(?:was|were|had|ha(?:s|ve)\s+been|underwent|did|gave|given|took|taken|done|made|seen"
    r"|found|began|showed|shown|shows?|reveals?|demonstrates?|sent|s/p|status\s+post|post|after"
    r"|following|\w{2,}[^e\W]ed)\b",
    re.IGNORECASE,
)
TAKES: Final = re.compile(
    r"\b(?:on|takes?|taking|uses?|using|continu\w+|resum\w+|maintain\w+|remain\w*|currently"
    r"|prescri\w+|refill\w*|start(?:ed|ing)|placed|put|switched|changed|increased|decreased"
    r"|requir(?:es|ing)|controlled\s+(?:with|by)|home|refill\w*|scripts?|samples?|begun|adjust\w*"
    r"|increase|decrease|restart\w*|being\s+treated\s+with)\b",
    re.IGNORECASE,
)
GOES_ON: Final = re.compile(
    r"\b(?:continu|resum|refill|increas|decreas|adjust|restart)\w*\b", re.IGNORECASE
)
GIVEN: Final = re.compile(
    r"\b(?:given|gave|received|did\s+receive|after\s+(?:receiving|giving)|administration\s+of|ingested|got|tried|took|taken|doses?\s+of|cycles?\s+of|bursts?\s+of"
    r"|up[\s-]to[\s-]date\s+(?:on|for|with)|self[\s-]medicated|infiltrat\w+|inject\w+|infus\w+"
    r"|instill\w+|administ\w+|completed"
    r"|ana?esthetized|sedated|finished|under|irrigat\w+|flush\w*|(?:was|were|been)\s+treated\s+with"
    r"|(?:was|were|been|being)\s+(?:\w+\s+)?(?:used|induced|loaded|bolused))\b",
    re.IGNORECASE,
)
# What is said behind a drug or a test that is still to come: "[apixaban] should be started".
AHEAD_AFTER: Final = re.compile(
    r"(?:\s+(?:and|with|of|or)\s+[^.;,:]{1,60}?)?"
    r"(?:\s+(?:\.?\d[^\s;,]{0,12}|m?c?g|ml|units?|tablets?|p\.?o\.?|iv|im|daily|once|twice|q\S{1,6}"
    r"|[bt]\.?i\.?d\.?|at|bedtime|an?|day)){0,8}\s+(?:should|will|may|might|could|can|would"
    r"|(?:is\s+|are\s+)?to)\s+(?:also\s+|then\s+|probably\s+|likely\s+)?be\s+(?!\w+\s+(?:to|as)\s)"
    r"(?!(?:avoid|stop|discontinu|held|withheld|defer|wean|taper|cautio|continu|resum|maintain)\w*|not\b)"
    r"(?!(?:seen|felt|palpated|appreciated|identified|heard|found|demonstrated|visuali[sz]ed)\b)\w+",
    re.IGNORECASE,
)
# The empty box of an order: "[ ] Morphine 2 mg IV".
UNTICKED: Final = re.compile(r"(?:\A|\n)[ \t]*(?:[-*•][ \t]*)?(?:\[[ \t]?\]|☐)[^\n]*\Z")
# "Can be given": nothing has been given yet.
TO_BE: Final = re.compile(
    r"\b(?:will|can|may|should|could|would|shall|must|to)\s+(?:\w+ly\s+|also\s+|then\s+)?be\s+\w+",
    re.IGNORECASE,
)
WAS_GIVEN: Final = re.compile(
    r"\b(?:was|were)\s+(?:\w+\s+)?(?:given|administered|started|injected|infused|instilled|used"
    r"|induced|added|applied|tried|initiated)\b"
    r"|\A(?:\s+[^\s.;,]+){0,8}?\s+(?:given|administered)"
    r"(?=\s*(?:[.,;:)\d]|\Z)|\s+(?:today|now|here|at|in|on|for|by|as|iv|im|po)\b)",
    re.IGNORECASE,
)
# From then on: it may go on still.
SINCE: Final = re.compile(r"\s+(?:ever\s+)?since\b", re.IGNORECASE)
# What a sentence says happened to a test or treatment, and it was not done.
NOT_DONE: Final = re.compile(
    r"\b(?:not|never|cancel\w*|abort\w*|abandon\w*|defer\w*|postpon\w*|declin\w*|refus\w*"
    r"|mention\w*|discuss\w*|consider\w*|recommend\w*|advis\w*|plan(?:ned)?|schedul\w*|offer\w*"
    r"|need\w*|(?:is|are)\s+required|suggest\w*|order\w*|request\w*|arrang\w*|pending"
    r"|would|will|should|could)\b",
    re.IGNORECASE,
)
# A drug that is stopped, held or resumed: `course` says it where it is plain.
_DOING: Final = r"(?!\s+(?!tak|us)\w+ing\b)"  # "stopped smoking" is not of the drug
STOPPED: Final = re.compile(
    rf"\b(?:stop\w*{_DOING}|discontinu\w*|ceas\w+|held|hold(?!\s+(?:for|if|parameters))|on\s+hold|holding"
    r"|withdr\w+|withheld|wean\w*|no\s+longer)\b",
    re.IGNORECASE,
)
# Where an item of a list of drugs ends: a line, or a comma that what is said of the drug does not
# go on behind ("Plavix, which was stopped").
ITEM_END: Final = re.compile(
    r";|\n(?=[ \t]*(?-i:[^a-z \t]))"
    r"|,(?!\s*(?:which|but|that|this|it|he|she|was|were|had|has|have|is|are|now|recently|currently|on|not|held|stopped|discontinued|last)\b)",
    re.IGNORECASE,
)
# What an item of such a list says of its drug, however far behind it.
ITEM_HELD: Final = re.compile(
    r"\b(?:held|on\s+hold|withheld|holding)\b(?!\s+(?:if|for\s+(?:sbp|hr|systolic)))", re.IGNORECASE
)
ITEM_STOPPED: Final = re.compile(
    rf"\b(?:stopped{_DOING}|discontinued|d/c['’]?e?d)\b", re.IGNORECASE
)
ITEM_UNTURNED: Final = re.compile(
    r"\b(?:not|never|if|when|until|be|resum\w+|restart\w+|again)\b", re.IGNORECASE
)
CHANGED: Final = re.compile(
    r"\b(?:not|never|declin\w*|refus\w*|off|hesitant|reluctant|instead|mention\w*|discuss\w*"
    r"|(?:stop|discontinu|withdr|wean)\w*|ceased|held|withheld)\b",
    re.IGNORECASE,
)

# What is said right after a drug: that it was given up, or is held.
GIVEN_UP: Final = re.compile(
    r"[^.;:]{0,60}?(?:\b(?:stopped|discontinued|quit)\s+(?:it|this|them|these|that)\b"
    r"|\bnot\s+taking\b)",
    re.IGNORECASE,
)
HELD_BEFORE: Final = re.compile(r"\bhold(?:ing)?\s+(?:(?:his|her|the|their)\s+)?\Z", re.IGNORECASE)
HELD_AFTER: Final = re.compile(
    r"\s*(?:(?:(?:is|was|are|were|has\s+been|have\s+been)\s+)?(?:being\s+)?(?:held|withheld)"
    r"|(?:is|was|are|were|has\s+been)\s+(?:being\s+)?(?:interrupted|on\s+hold))\b",
    re.IGNORECASE,
)
# A drug that is a verb: "was [sedated] with".
WAS_DRUGGED: Final = re.compile(r"\w+ed", re.IGNORECASE)
# What right after a test or treatment says that it was done, whatever else is said.
WAS_DONE: Final = re.compile(
    r"[^.;,]{0,40}?\b(?:was|were|been)\s+(?:\w+ly\s+)?(?:performed|done|obtained|completed|made"
    r"|carried|taken|extracted|placed|removed|drawn|repeated|reviewed)\b"
    r"|\s*(?:scan\s+)?(?:findings?|images?|interpretations?|reports?"
    r"|results?(?!\s+(?:are|become)\s+available))\b"
    r"|[^.;,]{0,20}?\b(?:did|does|do)\s+not\s+(?:show|reveal|demonstrate|disclose)\b"
    r"|\s*(?:are|were)\s+as\s+follows\b",
    re.IGNORECASE,
)
# What comes after a thing has seen it done: "secondary to [intubation]", "on [CPAP]".
SEEN_DONE: Final = re.compile(
    r"\b(?:secondary\s+to|during|since|s/p|status\s+post|had|underwent)\s+"
    r"(?:(?:his|her|the|an?|this)\s+)?(?:[\w-]+\s+)?\Z|(?<!check )(?<!follow up )\bon\s+\Z",
    re.IGNORECASE,
)

# Where what is said of the doing of a thing ends, and what it showed begins.
RESULT: Final = re.compile(
    r"[,;]|\b(?:and|but|which|who|that|show\w*|reveal\w*|demonstrat\w*|suggesting)\b", re.IGNORECASE
)
BEEN: Final = re.compile(r"\b(?:was|were|been)\s+(?:\w+ly\s+)?\Z", re.IGNORECASE)
REFUSED: Final = re.compile(
    r",?\s*(?:which|but)\s+(?:\w+\s+){0,3}(?:refus|declin)\w+", re.IGNORECASE
)
# A drug with which something was done ("anticoagulated with"), that helps, that is somebody's own.
DONE_WITH: Final = re.compile(
    r"\b\w{3,}ed\b[^.;,]{0,25}\b(?:with|under|by)\s+(?:[\w.%,:/-]+\s+){0,6}\Z", re.IGNORECASE
)
HELPS: Final = re.compile(
    r"\s+(?:provides?|gives?|helps?|is\s+helping|relieves?|controls?|works?)\b", re.IGNORECASE
)
HELPED: Final = re.compile(
    r"\s*,?\s*(?:which\s+)?(?:\w+\s+)?(?:helped|relieved|worked)\b", re.IGNORECASE
)
OWN: Final = re.compile(r"\b(?:his|her|their)\s+(?:own\s+|usual\s+|home\s+)?\Z", re.IGNORECASE)
# Cues (models.ner.assertion) that say that a drug was given up, and not only taken once.
ENDED: Final = re.compile(
    r"\b(?:stop\w*|discontinu\w*|no\s+longer|quit|ceas\w+|withdraw\w*|taken\s+off|d/?c['’]?e?d)\b",
    re.IGNORECASE,
)
