"""Cues that a thing was, and need not be any more; those marked `ended` say that it is over.

What began long ago and goes on ("a 4 year history of Crohn's disease", "known CHF") is present.
"""

from models.ner.assertion.entity_groups import ACTION, CONDITION, DONE, DRUG
from models.ner.assertion.rules import WAS, Pseudo, Rule

NOT_TOLD = r"(?<!seen )(?<!noted )(?<!described )(?<!reported )(?<!mentioned )"
# "A cancer diagnosed about 4 to 5 years ago" began then; "diagnosed with flu in 1998" was then.
NOT_SINCE = (
    r"\A(?![\s\S]*\bdiagnosed\s+"
    r"(?:(?:approximately|about|over|some|roughly|nearly|back|\d+|to|or|-)\s+){0,4}\Z)"
)
# "Hx: has had a cough" heads what is told now.
TOLD_NOW = r"(?!\s*:\s*(?:has|had|is|was|c/o|\d|the|pt|patient|he|she|i|my|for|since)\b)"
HAD = (
    r"\s*,?\s*(?:(?:he|she|they|(?:the\s+)?(?:patient|pt))\s+)?"
    r"(?:had|developed|suffered|experienced)\b"
)
ENDED = r"\s*(?:$|[.,;)\n]|and\b|with\b|s/p\b)"

SUFFERED = r"had|experienced|developed|suffered|reported|noticed"
GIVEN_UP = (
    r"(?:he|she|they|patient|pt|was|were|been)\s+(?:\w+ly\s+)?"
    r"(?:stopped|discontinued|ceased|quit|interrupted|taken\s+off|came\s+off)"
    r"|(?:could|did)\s*(?:not|n['’]?t)\s+tolerate"
)
FRONTED = r"(?:^|[.;:,\n]\s*(?:\w+\s+){0,2}|\band\s+(?:\w+\s+)?)$"

HISTORICAL: tuple[Rule | Pseudo, ...] = (
    Rule(
        "historical",
        (
            "history of", "history of a", "hx of", "h/o", "{past} {is} {notable}",
            "{past} {is} significant for a history of", "{past} includes", "{past} included",
            "{past} including", "{past} with", "{past} of", "past history", "past medical history",
            "past medical hx", "past surgical history", "past surgical hx",
            "past psychiatric history", "past oncologic history", "past ocular history",
            "past cardiac history", "prior medical history", "previous medical history",
            "prior surgical history", "previous surgical history", "surgical history",
            "medical history", "remote history of", "personal history of",
            "personal or family history of", "personal and family history of",
            "family or personal history of", "distant history of", "significant history of", "pmh",
            "pmhx", "psh", "pshx", "p/h/o", "previously diagnosed with", "previously had",
            "previously treated for", "previously underwent", "had previously had",
            "has previously had", "had previously undergone", "has previously undergone",
            "has had in the past", "in the past had", "in the past has had", "used to have",
            "used to get", "used to suffer from", "used to experience", "prior to which",
            "before which",

            "survivor of", "history for",
        ),
    ),
    Rule("historical", ("ex-",), reach="touch", right=r"(?!fix)"),
    Rule("historical", ("hx",), right=TOLD_NOW),
    Rule("historical", ("used to",), reach="next", about=CONDITION),
    Rule("historical", ("last", "most recent"), reach="touch", about=CONDITION,
         left=r"\b(?:his|her|the|their|my)\s+$",
         right=r"(?!\s+(?:menstrual|menses|period|bowel|bm|void|meal)\b)"),
    Rule("historical", ("side effects from", "side effects of", "side effects with"),
         about=CONDITION, left=rf"\b(?:{SUFFERED})\s+(?:\w+\s+){{0,2}}$"),
    Rule("historical", ("due to", "because of", "secondary to"), reach="list", about=CONDITION,
         left=rf"\b(?:{GIVEN_UP})\b[^.;]*$", right=r"(?!\s+(?:his|her|their|the)\b)"),
    Rule("historical", ("back then",), side="after", reach="piece"),
    Rule("historical", ("off",), reach="touch", about=DRUG, ended=True),
    Rule("historical", ("for", "for a", "for an"), reach="next", about=CONDITION,
         left=r"\b(?:completed|finished)\s[^.;]*$"),
    Rule("historical", ("{recent} {stay} for", "{recent} {stay} with", "{recent} {stay} due to",
                        "recently {stayed} for", "recently {stayed} with",
                        "recently had an {stay} for", "recently had a {stay} for",
                        "recently been {stayed} for", "recently been {stayed} with",
                        "recently been {stayed} to the hospital with",
                        "recently been {stayed} to the hospital for",
                        "recently {stayed} to the hospital with",
                        "recently {stayed} to the hospital for"), reach="list", about=CONDITION),
    Rule("historical", ("status post", "status-post", "s/p", "sp"), reach="list"),
    Rule(
        "historical",
        (
            "former", "formerly", "previous", "prior", "old", "remote", "past", "earlier", "healed",
            "previously", "chronic old", "antecedent", "childhood", "old healed", "remotely",
        ),
        reach="piece",
        right=r"(?!\s+(?:[\w-]+\s+){0,2}scars?\b)"
        r"(?!\s+(?:noted|described|seen|identified|reported|documented|mentioned|demonstrated|visuali[sz]ed|recognized|known|present|stated|discussed|dictated|outlined|indicated)\b|\s*[.,;)]|\s+and\b)",
    ),
    Rule("historical", (
        "{long} ago", "{count} {long} ago", "{count} {long} earlier", "{long} earlier", "last year",
        "last month", "previously", "in ####", "in the past", "as a child",
    ), left=FRONTED),
    Rule("historical", (
        "{long} ago", "{count} {long} ago", "{count} {long} earlier", "{long} earlier", "last year",
        "last month", "previously", "in ####", "in the past", "as a child",
    ), right=r"(?!\s*[,)])"),
    Rule(
        "historical",
        (
            "in the past", "in his past", "in her past", "in the remote past",
            "in the distant past", "{count} {long} ago", "{count} {long} earlier",
            "{count} {long} previously", "{count} {long} before", "{count} {long} prior",
            "{count} {long} back", "over # {long} ago", "over a {long} ago", "a {long} ago",
            "{long} ago", "long ago", "{long} earlier", "{long} previously", "last year",
            "as a child", "as an infant", "last spring", "last summer",  "last autumn",
            "last winter",
               "as a teenager",
            "as a young adult", "as a young man", "as a young woman", "as a youth",
            "when he was a child", "when she was a child", "when he was #", "when she was #",
            "when he was ##", "when she was ##", "when he was young", "when she was young",
            "in childhood", "in infancy", "during childhood", "in her youth", "in his youth",
            "in his ##s", "in her ##s", "in the ##s", "in the ##'s", "in the ####s", "at age #",
            "in ####", "back in", "previously", "at the age of #", "at the age of ##", "at age ##",
            "in the early ####s", "circa ####", "historically",
        ),
        side="after",
        reach="piece",
        left=rf"{NOT_SINCE}[\s\S]*(?<!since )(?<!admitted )(?<!found ){NOT_TOLD}$",
        right=r"(?!['’]s|\s+worse|\s+(?:\w+\s+)?(?:nights?|days?|weeks?|hours?|months?)\b)",
    ),
    Rule("historical", ("did resolve", "did all resolve", "did eventually resolve"), side="after",
         about=CONDITION, ended=True),
    Rule("historical", ("corrected", "- corrected", ", corrected"), side="after", reach="touch",
         about=CONDITION, ended=True, left=r"[-–,]\s*$", right=ENDED),
    Rule("historical", ("early this year", "earlier this year", "early last year",
                        "late last year"), side="after", reach="piece", about=CONDITION),
    Rule("historical", ("by history",), side="after", reach="piece",
         left=r"\A(?!.*\b(?:no|denies|denied|without|negative)\b)"),
    Rule("historical", ("{at} {his} {last} {stay}",), about=CONDITION, right=HAD),
    Rule("historical", ("{at} {his} {last} {stay}",), side="after", reach="touch",
         about=CONDITION, left=r"\A(?!.*\b(?:diagnosed|found|started|noted)\b)"),
    Rule("historical", ("prior to this",), about=DRUG,
         right=r"\s*,?\s+(?:he|she|they|the\s+patient|pt|patient)\b"),
    Rule("historical", ("recently discharged after", "recently discharged following"), reach="next",
         right=r"(?!\s+(?:an?\s+)?(?:admission|hospital|stay|treatment|work))"),
    Rule("historical", ("cleared",), side="after", about=CONDITION, ended=True,
         right=r"(?!\s+(?:by(?!\s+(?:day|hospital|discharge|the\s+(?:\w+\s+day|time|next|following"
         r"|morning|evening)))|for)\b)"),
    Rule("historical", (", none since", ", and none since", ", with none since"),
         side="after", reach="next", about=CONDITION, ended=True),
    Rule("historical", (", which was removed", ", which were removed", ", which was resected",
                        ", which were resected", ", which was excised"),
         side="after", reach="touch", about=CONDITION, ended=True,
         right=r"(?!\s+(?:incompletely|partially|subtotally)\b)"),
    Rule("historical", ("####", "(####)", "'##", "in '##", "x# ####"), side="after", reach="touch",
         about=CONDITION | DONE, right=ENDED),
    Rule("historical", ("##/", "#/", "in ##/", "in #/", "(##/", "(#/"), side="after", reach="touch",
         about=CONDITION | DONE, right=r"(?:[4-9]\d|(?:19|20)\d\d)\b"),
    Rule(
        "historical",
        (
            "resolved", "was treated and resolved", "treated and resolved", "has since resolved",
            "have since resolved", "had completely resolved", "has completely resolved",
            "completely resolved", "spontaneously resolved", "rapidly resolved",
            "gradually resolved", "fully resolved", "disappeared", "ameliorated", "reversed",
            "absorbed", "cleared up", "subsided", "ceased", "abated", "has stopped", "have stopped",
            "stopped", "spontaneously stopped", "completely subsided", "vanished", "in remission",
            "went away", "has gone away", "no longer present", "no longer {found}",
            "disappeared completely", "completely disappeared", "resolving completely",
            "corrected by", "corrected with", "corrected after",
        ),
        side="after",
        about=CONDITION,
        ended=True,
    ),
    Rule(
        "historical",
        (
            "now resolved", "gone", "cured", "eradicated", "ameliorated",
        ),
        side="after",
        about=CONDITION,
        ended=True,
        left=WAS,
    ),
    Rule(
        "historical",
        (
            "resolution of", "complete resolution of", "disappearance of",
            "cessation of", "no longer reports", "no longer complains of",
            "no longer complaining of", "no longer complained of", "no longer has",
            "no longer had", "no longer having", "no longer have", "no longer experiences",
            "no longer experiencing", "no longer", "no longer seen is", "no longer present is",
            "recovered from", "cured of", "eradication of", "remission of", "complete remission of",
        ),
        about=CONDITION,
        ended=True,
    ),
    Rule("historical", ("resolved",), reach="next", about=CONDITION, ended=True),
    Rule(
        "historical",
        (
            "stopped", "stopped taking", "stop", "stop taking", "stopping", "discontinue",
            "discontinued", "discontinuing", "discontinuation of", "d/c", "d/c'd", "d/ced", "dc'd",
            "dced", "no longer", "no longer on", "no longer taking", "no longer takes",
            "no longer requiring", "no longer required", "no longer requires", "weaned from",
            "weaned off", "weaned off of", "tapered off", "taken off", "taken off of", "came off",
            "off of", "withdrawal of", "withdrawn from", "cessation of", "switched from",
            "changed from", "transitioned from", "previously on", "previously took",
            "previously taking", "formerly on", "termination of", "removal of",
            "completed a course of", "finished a course of", "used to take", "quit",
            "self-discontinued", "self discontinued",
        ),
        about=ACTION,
        reach="piece",
        ended=True,
    ),
    Rule(
        "historical",
        (
            "stopped", "discontinued", "d/c'd", "dc'd",
        ),
        side="after",
        about=ACTION,
        ended=True,
    ),
    Rule(
        "historical",
        (
            "ceased", "terminated", "withdrawn", "suspended", "removed", "weaned off",
            "tapered off", "taken off", "subsequently discontinued", "subsequently removed",
            "then discontinued", "then stopped", "later discontinued", "switched to", "changed to",
            "converted to", "replaced by", "replaced with", "no longer", "eventually discontinued",
            "immediately discontinued", "gradually discontinued",
        ),
        side="after",
        about=ACTION,
        ended=True,
        left=WAS,
    ),
    Pseudo(
        (
            "history of present illness", "history of the present illness",
            "history of presenting illness", "history of present",
            "history of presenting complaint", "history of current illness", "history and physical",
            "history and physical examination", "history & physical", "{unit} history of",
            "{unit} history", "{unit} h/o", "#/# hx of", "#/## hx of", "#/# history of",
            "#/## history of", "#/# h/o", "#/## h/o", "#/# hx", "#/## hx", "recent history of",
            "gives a history of",
            "gave a history of", "give a history of", "giving a history of", "s/p fall",
            "status post fall", "s/p a fall", "status post a fall", "s/p mva", "s/p mvc",
            "status post mva", "status post mvc", "s/p motor vehicle accident",
            "s/p motor vehicle collision", "status post motor vehicle accident",
            "status post motor vehicle collision", "status post assault", "s/p assault",
            "status post trauma", "s/p trauma", "s/p gsw", "status post gunshot wound",
            "s/p syncope", "status post syncopal episode", "as he did in the past",
            "as she did in the past", "as in the past", "previously {found}",
            "previously described", "previously mentioned", "previously known", "{unit} hx of",
            "{unit} hx", "poor historian", "per history", "social history", "by report",
            "sexual history", "prior to", "previous to", "prior to admission", "previous study",
            "previous exam", "previous examination", "previous studies", "previous ct",
            "previous mri", "previous films", "previous film", "previous report", "previous x-ray",
            "previous echo", "previous radiograph", "prior study", "prior studies", "prior exam",
            "prior examination", "prior ct", "prior mri", "prior film", "prior films",
            "prior radiograph", "prior echo", "prior report", "year old", "years old", "month old",
            "months old", "day old", "days old", "week old", "weeks old", "year-old", "month-old",
            "week-old", "day-old", "yr old", "y/o", "yo", "yr-old", "past few days",
            "past few weeks", "past few hours", "past several days", "past several weeks",
            "past week", "past day", "past month", "past year", "past two days", "past two weeks",
            "past # days", "past ## days", "past # weeks", "past # hours", "past ## hours",
            "past # months", "past three days", "past three weeks", "past three months",
            "past six months", "past few months", "past several months", "past couple of days",
            "past couple of weeks", "past {count} {unit}", "half past", "compared to prior",
            "compared to previous", "compared with previous", "compared with prior",
            "comparison with previous", "comparison with prior", "since previous", "since prior",
            "as previously described", "as previously noted", "than previously", "day ago",
            "days ago", "day earlier", "hours ago", "old records", "medication history",
            "smoking history", "tobacco history", "stop smoking", "non-stop", "earlier today",
            "earlier this morning", "d/c home", "not resolved", "unresolved", "no resolution of",
            "near complete resolution of", "near-complete resolution of", "partial resolution of",
            "near resolution of", "incomplete resolution of", "not disappeared", "previously well",
            "previously healthy", "past the", "past midline", "prior authorization",
            "not completely resolved", "quit smoking", "previously normal", "not discontinued",
            "not stopped", "completed the", "history, physical", "previously stated",
            "previously discussed",
        )
    ),
)  # fmt: skip
