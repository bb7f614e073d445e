"""Words that end a cue's scope or carry it on: new clauses, new things, lists, what joins."""

import re

FOUND = (
    r"noted|seen|found|observed|identified|detected|present|reported|appreciated|evident|elicited|"
    r"demonstrated|documented|recorded|declared|recognized|visualized|palpable|heard|noticed"
)
VERB = (
    r"has|had|have|is|are|was|were|presents?|presented|developed|underwent|showed|revealed|remains?|"
    r"demonstrated|received|became|will|can|started|continued?|reports?|complains?|began|switched|"
    r"would|could|should|did|does|confirmed|decided|proceeded|discharged|admitted|that|denies|denied"
)
SUBJECT = r"he|she|they|it|we|i|there|you|the\s+patient|patient|pt|this|these|his|her|their"
TURN = (
    r"which|who|where|although|describing|confirming|revealing|showing|indicating|surrounded|followed|"
    r"leading|resulting|consistent|the"
)
NEW_CLAUSE = re.compile(
    rf"(?:,|\b(?:and|or|then))\s*(?:and\s+|then\s+|also\s+)?(?:{SUBJECT}|{VERB})\b|,\s*(?:{TURN})\b|"
    r"(?:,|\band)\s+(?:[\w-]+\s+){1,3}(?:is|are|was|were)\s+(?:\w+ly\s+)?$|"
    r"\b(?:he|she|they|we|patient|pt)\s+(?:became|underwent|presented|(?:was|were|is)\s+"
    r"(?:admitted|started|found|given|treated|transferred|taken|brought|seen))\b",
    re.IGNORECASE,
)
# A verb with what it says, and in the same line a joint behind it: two expressions, for one would
# read the line to its end from each verb.
SAYING = re.compile(r"\b(?:is|are|was|were)\s+(?=\w)", re.IGNORECASE)
JOINT = re.compile(r"(?:,|\band)\s", re.IGNORECASE)
OTHER_THING = re.compile(
    r"(?<!mild)(?<!moderate)(?<!severe)(?<!small)(?<!large)(?:,|\band)\s*(?:and\s+)?"
    r"(?:with|multiple|numerous|a|an|the|on|in|at|positive|history\s+of|hx\s+of|h/o|s/p|status\s+post|"
    r"normal|regular|clear|strong|intact|alert|warm|soft|stable|pulses|preserved|pharynx|oropharynx|"
    r"conjunctivae|sclerae|lungs|pupils|extremities|tms|[\w-]+:|\d\S*)\s",
    re.IGNORECASE,
)
SMALL = r"small(?!\s+(?:bowel|vessel|cell|intestin|airway|fiber))"  # of size, not of a kind
DOSE = re.compile(r"\s*\(?\d")
# What begins another thing, unless an "or" closes the list: "no masses, a few cysts".
OF_A_KIND = re.compile(
    r"(?<!mild)(?<!moderate)(?<!severe)(?<!small)(?<!large)(?:,|\band)\s*(?:and\s+)?"
    rf"(?:mild|moderate|severe|{SMALL}|large|trace|minimal|persistent|elevated|increased|decreased|"
    r"enlarged|old|prior|previous|chronic|scant|scattered|some|few|occasional|slight|marked|copious|well-healed)\s",
    re.IGNORECASE,
)
# Who denies complaints goes on with chronic ones: only the last may be one that there is.
OF_A_DEGREE = re.compile(
    OF_A_KIND.pattern.replace("old|prior|previous|chronic|", ""),
    re.IGNORECASE,
)
OF_OLD_LAST = re.compile(
    r"(?:,|\band)\s*(?:and\s+)?(?:old|prior|previous|chronic)\s[^,]*\Z", re.IGNORECASE
)
# "no fever, cough improving, [rash]": from what is told of its course on, things are there.
COURSE_TOLD = re.compile(
    r"(?:,|\band)\s+[^,]{1,30}\b(?:improving|worsening|unchanged|stable|better|worse|ongoing)\s*,",
    re.IGNORECASE,
)
# A list without commas that goes on to what there is: no fever no cough has rash.
HAS_NOW = re.compile(
    r"\A(?!.*\b(?:one|nobody|family|who|that|which|if|whether|patient|he|she)\b).*\w\s+has\s+(?:\w+\s+)?\Z",
    re.IGNORECASE | re.DOTALL,
)
# "no hydronephrosis, [3 mm stone]", but not "no stroke, [type 2 diabetes]"
MEASURED = re.compile(
    r"(?:,|\band)\s*(?:(?!type|stage|grade|class|factor)[a-z]+\s+)?\d[\d.]*\s?(?:mm|cm|\+)",
    re.IGNORECASE,
)
# "no stenosis, [trace insufficiency]": an examiner goes on to what there is.
SLIGHT = re.compile(
    r"(?:,|\band)\s*(?:trace|mild(?:ly)?|minimal|scattered|few|moderate(?:ly)?"
    rf"|{SMALL})\s",
    re.IGNORECASE,
)
LAST = re.compile(r"[^,.;\n]*(?:[.;\n]|\Z)")  # what follows the last thing of a sentence
# "no murmurs, no rubs, [scar] on the chest": where it is found says that it is.
PLACED = re.compile(
    r"\s+(?:in|on|over|along)\s+(?!exertion|standing|exam|stool|(?:the|her|his)\s+(?:last|past|morning|"
    r"urine|stool|legs|arms))",
    re.IGNORECASE,
)
HEALED = re.compile(r"(?:,|\band)\s*(?:well-healed|healed|scattered)\s", re.IGNORECASE)
# "no masses felt, exophthalmos noted": what was not found has been told to its end.
FELT = re.compile(r"\bfelt\s*,", re.IGNORECASE)
TOLD = re.compile(rf"\b(?:{FOUND})\s*,", re.IGNORECASE)
# "no surgical option for his cancer": what needs nothing, or has no remedy, is granted to be there.
GRANTED = re.compile(
    r"\s+(?:[\w-]+\s+){0,3}?complications?\s+(?:of|from)\s+(?:his|her|their|the|this)\s+"
    r"|\s+(?:[\w-]+\s+){0,3}?"
    r"(?:option|intervention|surgery|treatment|insight|work-?up|plan|role|remedy)s?\s+"
    r"(?:[\w-]+\s+){0,5}?(?:of|for|into|to|by|with)\s+(?:his|her|their|the|this|these)\s+"
    r"(?:[\w-]+\s+){0,2}",
    re.IGNORECASE,
)
# "If it turns red or you have a fever or there is bleeding": the condition goes on.
OR_THERE = re.compile(
    r"\bor\s+(?:if\s+)?(?:there|you|he|she|they|it)\s+(?:is|are|has|have|had)\b", re.IGNORECASE
)
# "At risk for falls because of her neuropathy": that she has.
OWN_REASON = re.compile(
    r"\b(?:because\s+of|due\s+to|secondary\s+to)\s+(?:(?:his|her|their)\b|(?:the\s+)?patient\b)",
    re.IGNORECASE,
)
# "Signs of distress, which includes grunting": the list goes on.
WHICH_INCLUDES = re.compile(r",?\s*which\s+(?:may\s+)?includes?\b", re.IGNORECASE)
LAST_JOINT = re.compile(
    r"(?:,|\band\b)(?!.*(?:,|\band\b|\bor\b))[^,]{0,40}$", re.IGNORECASE | re.DOTALL
)
# An "or" that closes the list in which a mention stands, ahead of it or behind.
OR_AHEAD = re.compile(r"\A(?:\s*,[^,.;\n]{1,40}?)*,?\s*\bn?or\b", re.IGNORECASE)
OR_BEHIND = re.compile(r"\bn?or\b[^,]*\Z", re.IGNORECASE)
OR_NEXT = re.compile(r"\s*[\w-]+(?:\s+[\w-]+)?\s+n?or\s+|\s*(?:[\w-]+/){1,6}", re.IGNORECASE)
CLOSED_LIST = re.compile(r"\bor\b[^,]*,[^,]*$", re.IGNORECASE)
OWN_FINDING = re.compile(
    rf"\s*(?:(?:is|are|was|were)\s+)?(?:{FOUND})\b(?!\s*,?\s*or\b)", re.IGNORECASE
)
OWN_VERB = re.compile(
    r"[^\w,]{0,2}(?:\([^()]{1,20}\)\s*)?(?:was|were|is|are|showed|revealed|had|has|did|remained|responded|improved|"
    rf"persisted|persists?|worsened|continues?|appears?|unchanged|stable|worsening|improving|still|daily|ongoing)\b(?!\s+(?:\w+ly\s+|also\s+|not\s+)?(?:{FOUND}))",
    re.IGNORECASE,
)
PLACE = re.compile(
    r"\b(?:on|in|at|by|after|following|during|with|from|for|to|of|until|when|since|per|via)\b",
    re.IGNORECASE,
)
BESIDE = re.compile(r"\b(?:with|who|now|while|and\s+now|presents?|presenting)\b", re.IGNORECASE)
ON = re.compile(r"\b(?:on|with)\s+(?:\w+\s+and\s+)?\Z", re.IGNORECASE)  # "has been on [aspirin]"
OF = re.compile(
    r"\b(?:in\s+the\s+form\s+of|in\s+addition\s+to)\b|\b(?:history|use|need|requirements?|form|kind|type|evidence|signs?|presence|possibility|"
    r"course|dose|initiation)\s+(?:of|for)\b",
    re.IGNORECASE,
)
FINITE = re.compile(
    r"\b(?:has|had|have|is|are|was|were|showed|shows|revealed|reveals|demonstrated|presented|presents|"
    r"developed|underwent|received|reported|reports|complained|noted|remains?|which|who|when|that|if|"
    r"because|although|while|given|despite|not|after|before|until|cultures?|admitted|with)\b",
    re.IGNORECASE,
)
AUXILIARY = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|being|has|have|had|did|does|do|could|would|will|should|may|"
    r"might|can|remains?|remained|got|(?:felt|thought|believed)\s+to|(?:looked|searched)\s+for\s+and|"
    r"\w+ly|already|all|both|also|still|now|then|thus|later|soon|since|which|that|therefore)\s*)+$",
    re.IGNORECASE,
)
# "The nausea, which had been present on arrival, is now gone."
ASIDE = re.compile(r"\A,\s*(?:which|that|who)\s+(?!(?:is|are)\b)[^,]*,(?=\s)", re.IGNORECASE)
WHO = re.compile(r"\A\s*,?\s*(?:who|that)\s+", re.IGNORECASE)
WHICH = re.compile(r"\A\s*,?\s*which\s+", re.IGNORECASE)
STILL_NOT = re.compile(r"\b(?:never|not|only|incompletely|partially)\b", re.IGNORECASE)
# "Dyspnea worse than two years ago", "failure due to a virus ten years ago": it was not then.
NOT_THEN = re.compile(
    r"\b(?:compar\w+|than|unlike|started|began|worse\w*|relaps\w*|exacerbat\w*|flar\w+"
    r"|(?:secondary|due)\s+to|because\s+of|caused\s+by|with\s+(?:prior|previous))\b",
    re.IGNORECASE,
)
OPENER = re.compile(rf"\s*,?\s*(?:{SUBJECT})\s+(?:{VERB}|suffered|sustained)\b", re.IGNORECASE)
TODAY = re.compile(
    r"\s+(?:today|tonight|yesterday|last\s+night|"
    r"this\s+(?:morning|afternoon|evening|week)|"
    r"(?:for|over|in|during)\s+the\s+(?:past|last)\s+(?:[\w-]+\s+){0,3}(?:hours?|hrs?|days?|weeks?)|"
    r"(?:for|x)\s*(?:\d+|one|two|three|four|five|several|a\s+few)\s*(?:hours?|hrs?|days?)|"
    r"since\s+(?:yesterday|this\s+morning|last\s+night))\b",
    re.IGNORECASE,
)
CONFIRMED = re.compile(
    r"\s*[,(]?\s*(?:and|which|this|later|subsequently)\s+(?:(?:was|were|has\s+been|later|then|"
    r"subsequently)\s+){1,2}confirmed\b",
    re.IGNORECASE,
)
# "may be related to [his] lupus": what is somebody's is there.
POSSESSED = re.compile(
    r"\s*(?:his|her|their|(?:the\s+)?patient['’]s)\s+(?:[\w-]+\s+){0,2}", re.IGNORECASE
)
# "A history of [chronic] diarrhea": what lasts is there.
LASTING = re.compile(
    r"\b(?:chronic|ongoing|long-?\s?standing|lifelong|persistent|current|active|known)\s+"
    r"(?:[\w-]+\s+){0,2}\Z",
    re.IGNORECASE,
)
# A sentence under a heading for the past that tells what is now.
NOW = re.compile(
    r"\b(?:currently|presently|at\s+present|today|yesterday|now|this\s+(?:morning|week|admission)"
    r"|ha(?:s|ve)\s+been\s+(?:having|experiencing)|is\s+being|continues?\s+to|still)\b",
    re.IGNORECASE,
)
# "He had a rash. This has since resolved.": what the next sentence, or clause, says of it.
GONE = re.compile(
    r"[^.;:\n]{0,40}[.,;]\s+(?:however|but|fortunately|since\s+then)?,?\s*"
    r"(?:(?:all\s+of\s+|both\s+of\s+)?(?:this|these|those)|both|it|they)\s+"
    r"(?P<gone>(?:ha[sd]|have|was|were|is|are)?\s*(?:(?:now|since|all|both|completely|fully|then|also|\w+ly)\s+){0,2}"
    r"(?:resolved|subsided|disappeared|ceased|gone(?:\s+away)?|went\s+away|cleared(?:\s+up)?|healed))\b"
    r"(?!\s+(?:\w+ly|somewhat|partial\w*))",
    re.IGNORECASE,
)
# An abbreviation behind its name: deep vein thrombosis, DVT in brackets, prophylaxis.
ABBREVIATED = re.compile(r"\A\s*\([A-Z][A-Za-z]{1,5}\)")
# "If [the] pain persists", "advised to [continue] aspirin": it is there, it is taken.
DEFINITE = re.compile(
    r"\s*(?:his|her|their|your|the|this|these|(?:the\s+)?patient['’]s)\s+(?:[\w-]+\s+){0,2}",
    re.IGNORECASE,
)
PERSISTS = re.compile(
    r"\s+(?:\w+\s+)?(?:do(?:es)?\s+not|doesn['’]?t|don['’]?t|is\s+not|are\s+not|fails?|persists?"
    r"|continues?|remains?)\b",
    re.IGNORECASE,
)
CONTINUE = re.compile(
    r"\b(?:continu(?:e|es|ed|ing|ation)|(?:in|de)creas(?:e|ed|ing))\b", re.IGNORECASE
)
PRESENT = re.compile(
    r"\b(?:without|leaving\s+(?:\w+\s+){1,2}with|with\s+(?:residual|resultant|resulting|subsequent|persistent)|no|now|here|rule\s+out|r/o)\b",
    re.IGNORECASE,
)
NEXT_CLAUSE = re.compile(r",\s*(?:and|but|so)\b|\band\s+(?=both\b)", re.IGNORECASE)
# "Ten days after the operation, …": what opens a sentence is no part of its subject.
OPENING = re.compile(
    r"\A\s*(?:[\w-]+\s+){0,3}(?:after|before|until|during|despite|following|with)\b[^,]*,",
    re.IGNORECASE,
)
JOINED = re.compile(r",|\band\b|\bbut\b", re.IGNORECASE)
