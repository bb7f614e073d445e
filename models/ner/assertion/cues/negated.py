"""Cues that a thing is not there, was not done or is not taken.

Sources: the trigger classes of NegEx (Chapman et al., J Biomed Inform 2001, 34:301) and ConText
(Harkema et al., J Biomed Inform 2009, 42:839), worked out on clinical reports.
"""

from models.ner.assertion.cues.looks_negated import LOOKS_NEGATED
from models.ner.assertion.cues.uncertain import UNTIL
from models.ner.assertion.entity_groups import ACTION, CONDITION, DONE, DRUG, FINDING
from models.ner.assertion.rules import WAS, Pseudo, Rule

ENDS = (
    r"\s*(?:$|[.,;:)\](\n–-]|(?:on|in|at|by|with|for|during|per|this|today|and|or|but|to|after|due|because|"
    r"based|until|within|given|from|as|since|under|using|upon|when|while|initially|again|yet|either|anymore|"
    r"so|thus|clinically|radiographically|surgically|although|though|which|via|through|prior|before)\b)"
)
QUALITY = (
    r"tender|distended|febrile|toxic|icteric|focal|palpable|injected|erythematous|edematous|pleuritic|"
    r"pruritic|cyanotic|suicidal|diabetic|radiating|bloody|purulent|bilious|exertional|positional"
)
ACTIVE = r"\A(?!.*\b(?:is|are|was|were|be|been|being|'s)\s+(?:\w+ly\s+)?\Z)"

# "no JVD, no bruits, well-healed scar": who says "no" of each thing says it of each.
EACH = r"\bno\s+[^,.;:\n]{2,30},\s*$"

# "Fever: no  Cough: yes": an answer is about the question before it.
NEXT_KEY = r"\s+(?!symptoms|signs|complaints|history|findings|evidence|any|other|known)[a-z]+:"

NEGATED: tuple[Rule | Pseudo, ...] = (
    Rule("negated", ("no",), left=rf"\A(?![\s\S]*{EACH})", right=rf"(?!\s*[,;]|{NEXT_KEY})"),
    Rule("negated", ("no",), reach="item", left=EACH, right=r"(?!\s*[,;])"),
    Rule("negated", ("in no",), reach="list"),
    Rule("negated", ("none of which",),
         right=r"\s+(?:(?:is|are|was|were)(?!\s+(?:for|taken|used)\b)|contain\w*|show\w*"
               r"|(?:had|has|have)(?!\s+\w+ed\b))\b"),
    Rule(
        "negated",
        (
            "without", "without any", "w/o", "w/out", "with out", "never", "neither", "nor",
            "no need for", "without need for", "without the need for", "no known",
            "no requirement for", "no requirements of", "in the absence of", "rather than",
            "instead of", "no more", "no demonstrated", "no demonstrable", "no confirmed",
        ),
    ),
    Rule(
        "negated",
        ("not",),
        reach="piece",
        about=FINDING,
        right=r"\s+(?:(?:a|an|any|the|have|been)\s|(?:\w+\s+){1,2}any\s)",
    ),
    Rule(
        "negated",
        (
            "none of", "nil", "denies", "denied", "denying", "deny", "denies any", "denied any",
            "{deny} both", "{deny} either", "denial of", "lacks", "lacked", "lacking", "free of",
            "clear of", "free from", "devoid of", "negative for", "neg for", "(-) for",
            "no {kind_of} {sign} of", "no {kind_of} {sign} for", "no {kind_of} {sign} to suggest",
            "no {kind_of} {sign} suggesting", "no {sign} suggestive of", "no {sign} indicating",
            "no {sign} that", "no {sign} consistent with", "no {sign} concerning for",
            "no {sign} suspicious for", "no concern for", "no suspicion of", "no suspicion for",
            "not concerning for", "not suspicious for", "not suggestive of", "not consistent with",
            "not compatible with", "without {kind_of} {sign} of", "without any {kind_of} {sign} of",
            "{do_not} had {any}", "no c/o", "without c/o", "w/o c/o", "not c/o",
            "{do_not} have {any}", "{do_not} {find} {any}", "{do_not} appear to have",
            "{do_not} report {any}", "{do_not} complain of {any}", "{do_not} endorse {any}",
            "{do_not} develop {any}", "{do_not} experience {any}", "not associated with {any}",
            "but not with", "not positive for", "not known to have", "failed to {find} {any}",
            "fails to {find} {any}", "failure to {find}", "unable to {find} {any}", "ruled out for",
            "rules out", "ruling out", "r/o'd for", "has ruled out", "have ruled out",
            "had ruled out", "effectively ruled out", "ruled her out for", "ruled him out for",
            "ruled the patient out for", "excludes", "unremarkable for", "no longer with",
            "not diagnosed with", "not been diagnosed with", "not developed", "disproved",
            "argues against", "argue against", "arguing against", "evidence against",
            "negative evidence of", "ø", "{deny} that he has had", "{deny} that the child has had",
            "{deny} that the patient has had", "{deny} that the child had",
            "{deny} that the patient had", "{deny} that she has had", "{deny} that he had",
            "{deny} that she had", "{deny} having had", "{deny} ever having had",
            "{deny} ever having", "{do_not} give a history of", "{do_not} give any history of",
            "findings exclude", "no evidence on exam of", "no evidence on examination of",
            "results exclude", "which excludes", "nothing to suggest", "nothing to indicate",
            "nothing suspicious for", "nothing concerning for", "nothing suggestive of",
            "little to suggest", "uninvolved by", "not involved by", "{cannot} recall any",
            "{do_not} recall any", "{do_not} noticed any", "{do_not} noted any",
            "{do_not} seen any", "{do_not} observed any", "not infected with",
            "not currently having", "not currently experiencing", "not to have", "not currently",
            "not having", "not having any", "not experiencing", "{do_not} experienced {any}",
            "{do_not} developed {any}", "not complaining of", "not complained of",
            "not been having", "{do_not} appear", "{do_not} seem", "{do_not} look",
            "not suffer from", "not suffered", "not reporting", "not noted any", "not subjected to",
            "not bothered by", "not troubled by", "unaware of any", "not aware of any",
            "not noted him to have {any}", "not noted her to have {any}", "no longer has any",
            "no longer having any", "no longer have any", "{nobody} in {his} family {with}",
            "no change in {his} {function}", "no changes in {his} {function}",
            "denies change in {his} {function}", "denies changes in {his} {function}",
            "denies any change in {his} {function}", "denies any changes in {his} {function}",
            "not meet criteria for", "not meet the criteria for", "not meet the criteria of",
            "no longer any", "denied the use of", "denies the use of", "denies use of",
            "denied use of", "denies any use of", "denied any use of",
        ),
        about=FINDING,
    ),
    Rule("negated", ("{do_not} had a", "{do_not} had an"), about=CONDITION),
    # What does not happen is the problem itself ("not voided"), and denies nothing beside it.
    Rule("negated", ("no bowel movement", "no bowel movements", "no bm", "no bms",
                     "no urine output",
                     "not voided", "not urinated", "not been able to void", "not able to void",
                     "unable to void", "not had a bowel movement", "not had any bowel movement",
                     "not had bowel movement", "not moved {his} bowels"),
         reach="touch", about=CONDITION, own=False),
    Rule("negated", ("absence of", "absent"), reach="list", about=FINDING, own=False),
    Rule("negated", ("lack of",), reach="piece", about=FINDING, own=False),
    Rule("negated", ("not in", "not a", "not an"), reach="next", about=CONDITION),
    Rule("negated", ("negative",), about=CONDITION, right=r"\s+(?:[\w/-]+\s+){1,3}for\s"),
    Rule("negated", ("negative",), reach="next", about=CONDITION,
         right=r"\s+(?!for\b|margins?\b|pressure\b)[a-z]+\s"),
    Rule(
        "negated",
        ("ruled out", "excluded"),
        left=ACTIVE,
        right=r"\s+(?!(?:by|with|on|in|for|at|and|or|but|after|as|because|due|given|per|today|via|based)\b)\w",
    ),
    Rule(
        "negated",
        (
            "ruled out", "effectively ruled out", "excluded", "absent", "{cannot} be {found}",
            "not {found}", "not been {found}", "never {found}", "not to be {found}",
            "not clearly {found}", "not readily {found}", "not well {found}", "no evidence",
            "denied", "denies", "not occurred", "not occur", "not develop", "not developed",
            "never developed", "never occurred", "negated", "not there", "nonexistent",
            "not evidenced", "not diagnosed", "not been diagnosed", "(-)", "not in evidence",
        ),
        side="after",
        about=CONDITION,
        left=rf"\A(?![\s\S]*{UNTIL})",
        right=ENDS,
    ),
    Rule("negated", ("negative", "neg"), side="after", reach="piece", about=CONDITION, right=ENDS),
    Rule("negated", ("no evidence",), about=CONDITION,
         right=r"\s*,?\s*(?:on|by|at|in)\b[^.;]{0,30}\bof\b"),
    Rule("negated", ("negative",), reach="list", about=CONDITION,
         right=r"\s+[\w'-]+\s+(?:and|or)\s+[\w'-]+\s+signs?\b"),
    Rule("negated", ("⊖",), reach="piece", about=FINDING, right=r"\s*[A-Za-z]"),
    Rule("negated", ("(-)", "(−)", "(–)"), about=FINDING, right=r"\s*[A-Za-z]"),
    Rule("negated", ("negative:", "negatives:", "neg:", "absent:", "no:"), about=CONDITION),
    Rule("negated", ("-", "−", "–"), reach="touch", about=CONDITION, right=r"\s?[A-Za-z]",
         left=r"(?:^|[\s,;(])\+\s?[A-Za-z][A-Za-z/ −–-]{1,32}[\s,;]$"),
    Rule("negated", ("-no", "-none", "-neg", "-negative", "-denies", "−", "(−)", "[-]"),
         side="after", reach="touch", about=CONDITION, right=r"[ \t]*(?:$|[.,;)|\]\n])"),
    Rule("negated", ("{do_not}", "negative", "neg"), reach="touch", about=FINDING),
    Rule("negated", ("non-", "non"), reach="touch", about=CONDITION, right=rf"\s?(?:{QUALITY})\b"),
    Rule("negated", ("-",), reach="touch", about=CONDITION, left=r"[,;(]\s?$", right=r"[A-Za-z]"),
    Rule("negated", ("-",), reach="touch", about=CONDITION, left=r"(?:^|[\n:])\s?$",
         right=r"[A-Za-z/ ]{1,25}[,;]\s*[-+]\s?[A-Za-z]"),
    Rule("negated", ("-",), reach="touch", about=CONDITION, left=r"[,;)]\s$", right=r"\s?[A-Za-z]"),
    Rule("negated", ("{do_not}",), side="after", about=CONDITION, right=r"\s*(?:$|[.,;:)])"),
    Rule("negated", ("no",), side="after", reach="touch", about=CONDITION, right=r"\s*(?:$|[,;.])"),
    Rule(
        "negated",
        (
            "{deny} both", "{deny} either", "{deny} all of these", "{deny} any of these",
            "{deny} these", "{deny} all of the above",
        ),
        side="after",
        about=CONDITION,
        left=r"\A(?!.*\b(?:without|by|with)\b).*,\s*(?:he|she|they|(?:the\s+)?(?:patient|pt))\s+$",
        right=r"\s*(?:$|[.,;])",
    ),
    Rule("negated", ("free", "-free"), side="after", reach="next", about=CONDITION,
         right=r"(?!\s*(?:of|from|air|fluid|t4|flap|wall|margin)\b)"),
    Rule(
        "negated",
        (
            ": no", ": none", ": negative", ": neg", ": denies", ": denied", ": absent", ": nil",
            ": not present", "? no", "? none", "- none", "- no", "- negative", "- neg", "- denies",
            "- absent", "– none", "– no", "– negative", "– denies", "= no", "= negative", ": (-)",
            ": never", "none", "nil", "[ ]", ": n", ": nonreactive", ": non-reactive",
            "nonreactive", "non-reactive",
        ),
        side="after",
        reach="piece",
        about=FINDING,  # of a test it is the result
        right=r"[ \t]*(?:$|[.,;)|\]\n]|[a-z][\w/-]*(?: [\w/-]+){0,2} ?:)",
    ),
    Rule(
        "negated",
        (
            "not performed", "not done", "not given", "not administered", "not used",
            "not initiated", "not started", "not required", "not needed", "not necessary",
            "not undertaken", "not obtained", "not taken", "not considered", "not applied",
            "not indicated", "not prescribed", "not recommended", "not possible", "not feasible",
            "not available", "unavailable", "not attempted", "not placed",
            "not initially performed", "not carried out", "contraindicated", "not been performed",
            "not been done", "not been given", "not received", "not be performed",
            "not be obtained", "not be done", "not be completed", "not conducted", "not sent",
            "not offered", "not collected", "not been collected", "not been used", "not been taken",
            "not achieved", "not identify", "not reached", "not tested", "not checked",
            "not assessed", "not repeated", "not examined", "not ordered", "not been checked",
            "not been tested", "not been repeated", "not been ordered", "unable to be performed",
            "unable to be done", "unable to be obtained", "unable to be completed",
        ),
        side="after",
        about=ACTION,
    ),
    Rule(
        "negated",
        (
            "declined", "refused", "deferred", "cancelled", "canceled", "aborted", "abandoned",
            "withheld", "unsuccessful", "avoided", "rejected", "omitted",
        ),
        side="after",
        about=ACTION,
        left=WAS,
    ),
    Rule(
        "negated",
        (
            "refused", "refuses", "refusing", "declined", "declines", "deferred", "rejected",
            "refused any", "unable to undergo", "not undergo", "not undergo any", "not require",
            "not requiring", "not require any", "not receive", "not receive any", "not received",
            "not received any", "not receiving", "received no", "not take", "not taking",
            "not taking any", "not on any", "not been on", "not on", "not candidate for",
            "not a candidate for", "avoid", "avoided", "avoiding", "avoidance of",
            "contraindication to", "contraindications to", "not eligible for", "failed attempt at",
            "naive to", "not amenable to", "unsuitable for", "not perform", "not use",
            "not undergone", "not performed", "not given", "not start", "no indication for",
            "not apply", "{do_not} recommend", "{do_not} advise", "{do_not} prescribe",
            "poor candidate for",
        ),
        about=ACTION,
    ),
    Rule(
        "negated",
        (
            "{do_not} had {any}", "{do_not} had a", "{do_not} had an", "{do_not} take",
            "{do_not} taken", "{do_not} want", "{do_not} want any", "{do_not} wish for",
            "{do_not} need", "not in need of", "not interested in", "not interested in any",
            "no longer need", "no longer needs", "{do_not} perform", "{do_not} do",
            "{do_not} wear", "not wearing", "kept off", "prefers not to have",
        ),
        reach="piece",
        about=ACTION,
    ),
    Rule("negated", ("{do_not}",), reach="touch", about=DONE),
    Rule(
        "negated",
        (
            "which he has refused", "which she has refused", "which he refused",
            "which she refused", "which he declined", "which she declined", "but declined",
            "but he declined", "but she declined", "but refused", "but he refused",
            "but she refused", "but he prefers not", "but she prefers not", "never done",
            "never performed",
        ),
        side="after",
        about=ACTION,
        right=r"\s*(?:$|[.,;)]|(?:both|it|this|them|that|to\s+have)\b)",
    ),
    Rule("negated", (": declined", ": refused", ": deferred", ": not done", ": not performed",
                     ": not tested", ": not obtained", ": not assessed", ": not examined",
                     "- deferred", "- not done", "- refused", "- declined"),
         side="after", reach="piece", about=ACTION, right=r"\s*(?:$|[.,;)\n])"),
    Rule("negated", ("but this is not recommended", "but is not recommended",
                     "but this was not done", "but was not done", "but not done",
                     "but did not undergo", "but he did not undergo", "but she did not undergo"),
         side="after", about=ACTION),
    Rule("negated", ("not keep {his} appointment for", "missed {his} appointment for",
                     "not show up for", "not present for"), about=DONE, reach="piece"),
    Rule("negated", ("unable to do", "unable to perform", "unable to obtain", "unable to get",
                     "no reason to", "not able to do", "not able to perform"), about=DONE),
    Rule("negated", ("without contrast", "without iv contrast", "without intravenous contrast",
                     "w/o contrast"), reach="touch", about=DRUG),
    Rule("negated", ("/##", "out of ##"), side="after", reach="next", about=CONDITION,
         left=r"(?<![\d.])(?:0|zero)\s?$"),
    Rule("negated", ("is off", "was off", "been off", "currently off"), about=DRUG),
    *LOOKS_NEGATED,
)  # fmt: skip
