"""Words that end a scope: what stands beyond them is said anew."""

from models.clinical import CueKind
from models.ner.assertion.rules import Side, Stop

ALL: frozenset[CueKind] = frozenset(
    {"negated", "uncertain", "historical", "hypothetical", "family", "other"}
)
SAID: frozenset[CueKind] = frozenset({"negated", "uncertain", "historical"})
NEGATED: frozenset[CueKind] = frozenset({"negated"})
HISTORICAL: frozenset[CueKind] = frozenset({"historical"})
FORWARD: frozenset[Side] = frozenset({"before"})

STOPS: tuple[Stop, ...] = (
    Stop(
        ALL,
        (
            "but", "however", "although", "though", "nevertheless", "nonetheless", "whereas",
            "otherwise", "reports", "states", "endorses", "endorsed", "complains", "complained",
            "complaining", "c/o", "admits", "admitted to", "patient reports", "presents",
            "presented", "presenting", "comes in", "came in", "arrives", "therefore", "meanwhile",
            "found to have", "was found to", "noted to have", "noted to be", "positive for",
            "pos for", "(+)", "⊕", "on examination", "on exam", "on admission", "subsequently",
            "now presents", "affirms", "acknowledges", "who was admitted", "who presents",
            "who presented", "who comes", "who came", "here for", "here with", "brought in",
            "transferred", "was started on", "started on", "treated with", "physical exam",
            "physical examination", "assessment", "impression", "diagnosis of", "diagnoses of",
        ),
    ),
    Stop(
        ALL,
        (
            "showed", "shows", "revealed", "reveals", "demonstrated", "demonstrates", "confirmed",
            "disclosed", "indicated that",
        ),
    ),
    Stop(
        NEGATED,
        (
            "except", "except for", "other than", "apart from", "aside from", "besides",
            "with the exception of", "save for", "secondary to", "because", "because of", "since",
            "due to", "as a cause of", "as the cause of", "as a source of", "as a reason of",
            "as an etiology of", "as the source of", "as the reason of", "as the etiology of",
            "as the origin of", "as the cause for", "as a cause for", "as the reason for",
            "as a reason for", "cause of", "cause for", "causes of", "causes for", "source of",
            "source for", "reason for", "reasons for", "etiology of", "etiology for", "origin of",
            "origin for", "trigger event for", "to explain", "to account for", "explaining",
            "responsible for", "despite", "following", "until", "while", "in the setting of",
            "in spite of", "attributed to", "attributable to", "which", "so", "only", "just",
            "consistent with",  ", c/w", "compatible with", "when", "after", "before", "prior to",
            "during", "if", "then", "has had", "treatment for", "treated for", "does have",
            "did have", "from his", "from her", "from the", "from a", "risk factors",
            "risk factors for", "risk factor for", "commonly associated with", "associated with",
            "exacerbation of", "worsening of", "progression of", "was diagnosed", "were diagnosed",
            "was admitted", "was found", "underwent", "developed", "is diagnosed", "was referred",
            "was treated", "given her", "given his", "given the", "given", ", still",
            "to determine", "explanation for", "explanation as to", "explanation of",
            "would contribute to",
            "contribute to", "contributing to", "no source of", "no clear source of",
            "no obvious source of", "no cause of", "no obvious cause of", "no clear cause of",
            "not rule out", "not exclude", "not mean", "not mean no", "not mean lack of",
            "not mean absence of", "cannot rule out", "can't rule out",
            "could not rule out", "cannot exclude",
            "can't exclude", "could not exclude",
        ),
        FORWARD,
    ),
    Stop(
        HISTORICAL,
        (
            "who", "which", "now", "currently", "today", "at present", "this morning", "recently",
            "admitted", "was brought", "denies", "denied", "has been having", "for evaluation",
            "with chief complaint", "chief complaint", "for the past", "for the last",
            "over the past", "over the last", "since", "was seen", "is seen", "with new",
            "with acute", "with worsening", "being admitted", "for workup", "had onset",
            "with residual", "and recent", "and a recent", "and a new", "rule out", "r/o",
            "evaluate for", "eval for", "here w/", "p/w", "w/ new", "w/ acute", "with recent",
            "acute onset", "with increasing", "with progressive", "with persistent",
        ),
        FORWARD,
    ),
    Stop(
        SAID,
        ("because", "while", "despite", "but also", "that was treated", "and therefore"),
    ),
    Stop(
        frozenset({"uncertain"}),
        (
            "who", "due to", "caused by", "secondary to", "from the evidence", "as a cause of",
            "cause of", "causes of", "origin of", "source of", "etiology of", "treated with",
            "consistent with", "confirming", "diagnosed", "in the setting of", "was performed",
            "were performed", "is confirmed", "performed", "proved", "based on", "because of",
            "in view of", "given the", "given", "account for", "accounts for", "explain",
            "explains", "and thus", "thus", "seen in", "that was", "from the", "from a",
        ),
    ),
    Stop(
        frozenset({"uncertain"}),
        (
            "given her", "given his", "given their", "since", "in a #", "in a ##", "in an ##",
            "in this patient", "in a patient", "as the", "as his", "as her",
        ),
        FORWARD,
    ),
    Stop(
        frozenset({"hypothetical"}),
        (
            "who", "in view of", "given the", "based on", "in the setting of",
            "and underwent", "and taken to", "was taken to", "correlate for",
            "she was", "he was", "following his",
            "following her", "was performed", "were performed",
        ),
    ),
    Stop(
        frozenset({"family", "other"}),
        (
            "patient", "pt", "the patient", "patient's", "the patient's", "she", "he", "his own",
            "her own", "brought him", "brought her", "brought the patient", "social history",
            "denies", "personal history", "past medical history",
        ),
    ),
)  # fmt: skip
