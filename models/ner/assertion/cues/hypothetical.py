"""Cues that a thing is only spoken of: a condition to watch for, a plan, an allergy.

An allergy is here on purpose: "allergic to penicillin" neither says that the patient takes
penicillin nor that it was not taken, so the drug must yield no MedicationStatement at all, which is
what a hypothetical drug yields.
"""

from models.ner.assertion.entity_groups import ACTION, CONDITION, DRUG
from models.ner.assertion.rules import WAS, Pseudo, Rule

# What is told before consent: "the risks, alternatives and [complications], such as …".
TOLD = (
    r"\b(?:risks?|benefits?|alternatives?|explain\w*|discuss\w*|review\w*|possible|potential|term"
    r"|rare|understand\w*|aware|indications?)\b[^.;]*$"
)
# A drug is taken as often as it says for what may come: "every 6 hours [for] pain".
EVERY = r"\b(?:q\.?|every)\s?[\w.-]{1,9}(?:\s(?:to|or|-)\s\w+)?\s?(?:hours?|hrs?|h)\.?\s+$"
# "[Take] loperamide [for] diarrhea" is advice.
TAKE = r"(?:^|[.;:•\n-]\s*)(?:(?:please|may)\s+)?(?:take|use|apply|try)\s+[^.;,\n]{2,30}\s$"
# Of what was sent only the result is pending.
UNSENT = (
    r"\A(?!.*\b(?:results?|reports?|cultures?|patholog\w+|cytolog\w+|histolog\w+|serolog\w+|swabs?"
    r"|titers?|levels?|chlamydia|gonorrhea|sent)\b)"
)

# "Zyrtec for her allergies": what it is taken for, and no allergy to it.
NO_REASON = r"\A(?![\s\S]*\bfor\s+(?:[\w-]+\s+){0,3}\Z)"

HYPOTHETICAL: tuple[Rule | Pseudo, ...] = (
    Rule(
        "hypothetical",
        (
            "if", "if any", "if there is", "if there are", "if he", "if she", "if you",
            "if patient", "{return} {at_once} {for_any}", "or with signs of", "or for signs of",
            "{risks} {include} {not_limited}", "{risks}, {include} {not_limited}",
            "{risks} which {may} {occur}", "{risks} that {may} {occur}", "you {may} {get}",
            "s/e warned", "side effects warned", "warned of", "warned about", "warned regarding",
            "to make sure", "to ensure that", "to be sure", "to be sure there is no",
            "to be sure that there is no",
            "to be sure he has no", "to be sure she has no", "notify us of", "notify us of any",
            "unless",
            "go to the er for any", "go to the ed for any", "go to the emergency room for any",
            "go to the emergency department for any", "should he develop", "should he have",
            "should she have", "should the patient have", "should she develop",
            "should you develop", "should there be", "should the patient develop",
            "should you experience", "should you have", "should you notice", "should any",
            "should your", "should his", "should her", "should the", "should these", "should this",
            "should it", "advised about", "advised about the signs of", "in case of",
            "in the event of", "in case", "as needed for", "prn for", "prn", "p.r.n.", "p.r.n. for",
            "watch for", "watching for", "monitor for", "monitored for", "monitoring for",

              "observe for", "observed for", "look out for", "be alert for", "precautions for",
              "return precautions for", "precautions were given for", "precautions given for",
              "warning signs of", "risk of", "risks of", "at risk for", "at risk of",
              "at increased risk for", "at increased risk of", "at high risk for",
              "at high risk of", "at low risk for", "at low risk of", "low risk for", "low risk of",
              "felt to be at risk for", "felt to be at low risk for", "felt to be at high risk for",
              "risk for", "increased risk of", "increased risk for", "high risk for",
              "high risk of", "risks including", "risks include", "predisposed to",
              "predisposition to", "susceptible to", "to prevent", "prevent", "prevention of",
              "preventing", "prevents", "prophylaxis for", "prophylaxis of", "prophylaxis against",
              "prophylactically for", "to avoid", "likelihood of developing", "potential for",
              "fear of", "afraid of", "education on", "educated on", "counseled on",
              "counseled regarding", "discussed the risks of", "side effects including",
              "side effects include", "side effects may include",
              "side effects can include", "adverse effects include", "check for",
              "possible side effects", "such as in", "in order to prevent",
              "concern for future", "vaccination against", "vaccinated against",
              "immunized against", "vaccine for", "susceptibility to", "reduce the risk of",
              "at risk to develop", "can cause", "may cause", "could cause",
              "can lead to", "may lead to", "could lead to", "can result in", "may result in",
              "could result in", "can progress to", "can progress on to", "may progress to",
              "can be associated with", "percentage of", "call for any", "call me for",
              "call us for", "call for further", "regarding signs and symptoms of",
              "regarding the signs and symptoms of", "about signs and symptoms of",
            "about the signs and symptoms of", "on signs and symptoms of",
            "educated about", "counseled about", "counselled about", "counselled regarding",
            "counseled on", "instructed to watch for", "told to watch for",
            "instructed on signs and symptoms of",
              "potential complications", "possible complications", "risks and complications",
              "protect herself from", "protect himself from", "to protect against",
        ),
        about=CONDITION,
    ),
    Rule(
        "hypothetical",
        (
            "watched for", "watched closely for", "watch closely for", "monitored closely for",
            "monitor closely for", "observed closely for",
        ),
        about=CONDITION,
        right=r"(?!\s+(?:his|her|the|their)\b)",
    ),
    Rule("hypothetical", ("risk factors for", "risk factor for"), reach="next", about=CONDITION),
    Rule("hypothetical", ("complications", "complication", "side effects", "side effect of"),
         about=CONDITION, left=TOLD),
    Rule("hypothetical", ("for postoperative", "for post-operative", "for post op", "for post-op",
                          "for postop"), reach="next", about=CONDITION,
         right=r"\s+(?:[\w-]+\s+){1,3}(?:relief|control|management|prophylaxis)\b"),
    Rule("hypothetical", ("for",), reach="list", about=CONDITION, left=rf"(?:{EVERY}|{TAKE})"),
    Rule("hypothetical", ("may", "hopefully"), reach="touch", about=CONDITION),
    Rule("hypothetical", ("as needed",), reach="touch", about=CONDITION),
    Rule(
        "hypothetical",
        (
            "go to the er for", "go to the ed for", "go to the emergency room for",
            "go to the emergency department for", "go to the hospital for",
        ),
        about=CONDITION,
        left=r"(?<!told to )(?<!asked to )(?<!had to )$",
    ),
    Rule("hypothetical", ("hold for", "transfuse for"), about=CONDITION),
    Rule("hypothetical", ("breakthrough",), reach="touch", about=CONDITION, right=r"\s+pain"),
    Rule(
        "hypothetical",
        (
            "prophylaxis", "ppx", "precautions", "screening", "vaccine", "vaccination",
            "vaccinations",
            "vaccines", "immunization", "immunizations", "shot", "shots", "booster", "risk",
            "risks", "prevention", "education", "alert", "explained", "were explained",
        ),
        side="after",
        reach="touch",
        about=CONDITION,
    ),
    Rule(
        "hypothetical",
        (
            "if", "unless", "in case of", "planned", "planned for", "plan for", "plans for",
            "plan to", "plans to", "planning", "planning for", "planning to", "planned to",
            "scheduled for", "scheduled to", "scheduled", "awaiting", "is to undergo", "to undergo",
            "to be started on", "will be started on", "will start", "will begin", "will undergo",
            "will need", "will require", "will receive", "will have", "will get",
            "will be scheduled for", "would benefit from", "would need", "would require",
            "would recommend", "would consider", "may need", "may require", "might need",
            "might require", "may benefit from", "could benefit from", "recommend", "recommended",
            "recommends", "recommending", "recommendation for", "recommendations for",
            "recommendation of", "advised", "advise", "advised to", "suggest", "suggested",
            "suggests", "propose", "proposed", "consider", "considering", "consideration for",
            "considered for", "candidate for", "eligible for", "evaluated for", "evaluation for",
            "work-up for", "listed for", "referred for", "referral for", "refer for", "referred to",
            "option of", "options include", "options including", "discussed",
            "intention to perform", "intent to", "intended", "pending", "to schedule",
            "schedule for", "consented for", "consent for", "offered", "indications for",
            "indication for", "need for", "in need of", "needs", "required to", "preparation for",
            "in preparation for", "return for", "arrange for", "arranged for", "to be performed",
            "anticipated", "anticipate", "requested",
        ),
        about=ACTION,
    ),
    Rule(
        "hypothetical",
        (
            "planned", "scheduled", "if needed", "if necessary", "if indicated",
            "to be done", "to be performed", "to be scheduled", "will be performed", "will be done",
            "will be needed", "will be started", "will be given", "will be scheduled",
            "will be considered", "should be considered", "should be performed", "should be done",
            "may be needed", "may be considered", "might be needed", "could be considered",
            "in the future", "will be obtained",
        ),
        side="after",
        about=ACTION,
    ),
    Rule("hypothetical", ("pending",), side="after", about=ACTION, left=UNSENT),
    Rule(
        "hypothetical",
        (
            "recommended", "advised", "proposed", "suggested", "discussed", "offered", "considered",
            "requested",
        ),
        side="after",
        about=ACTION,
        left=WAS,
    ),
    Rule(
        "hypothetical",
        (
            "allergic to", "allergy to", "allergies to", "allergies include", "allergies included",
            "allergies including", "allergies are", "intolerant to",
            "intolerant of", "intolerance to", "intolerances to", "sensitivity to", "sensitive to",
            "hypersensitivity to", "adverse reaction to", "adverse reactions to", "reaction to",
            "anaphylaxis to", "hypersensitive to", "resistant to", "resistance to",
        ),
        about=DRUG,
    ),
    Rule("hypothetical", ("allergy", "allergies"), about=DRUG, left=NO_REASON),
    Rule("hypothetical", ("allergy", "allergies"), side="after", reach="next", about=DRUG,
         left=NO_REASON),
    Rule(
        "hypothetical",
        (
            "intolerance", "causes rash", "causes hives",
            "causes anaphylaxis", "hypersensitivity", "sensitivity", "resistance", "resistant",
            "allergic reaction",
        ),
        side="after",
        reach="next",
        about=DRUG,
    ),
    Pseudo(
        (
            "as if", "even if", "what if", "asked if", "wonder if", "wondered if", "unsure if he",
            "follow up as needed", "if not", "if so", "well planned", "non-elective",
            "needs assistance", "discussed with", "discussed the case with", "suggested that",
            "recommended that", "return visit", "see if", "needs to be ruled out",
        ),
    ),
)  # fmt: skip
