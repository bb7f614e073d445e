"""Words that a reader finds and a chart does not list: no resource is made of them.

Generic words ("symptoms", "medications"), states that are no problem ("doing well", "alert"),
normal findings of an examined part ("nontender"), and of an operation its steps and instruments
("clamped", "incision", "retractor"), whatever the reader's type calls them. The mentions stay.
"""

import re
from collections.abc import Mapping
from typing import Final

from fhir_mapping.findings.finding_name import phrase, without_part
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.labels import Kind
from fhir_mapping.findings.mention_in_note import section_kind

_ANY: Final = (
    r"(?:(?:an?|the|any|some|his|her|their|other|all|these|this|no|medical|clinical|current|new"
    r"|additional|further|significant|initial|specific|general|routine|full|complete)\s+)*"
)
_GENERIC_PROBLEM: Final = (
    r"symptoms?|symptomatology|signs?|signs?\s+(?:and|or)\s+symptoms?|problems?|complaints?|issues?"
    r"|concerns?|complications?|conditions?|diseases?|disorders?|illness(?:es)?|findings?|abnormalit(?:y|ies)"
    r"|changes?|diagnos[ei]s|events?|episodes?|history|(?:side|adverse)\s+(?:effects?|events?)"
    r"|reactions?|status|course|process(?:es)?|behaviou?rs?|health"
)
_HOW: Final = (
    r"(?:(?:is|was|are|be|being|appears?|appeared|looks?|looked|feels?|felt|feeling|do(?:es|ing)?|did"
    r"|seems?|remains?|remained|very|quite|much|fairly|pretty|rather|relatively|reasonably"
    r"|generally|otherwise|overall|clinically|medically|hemodynamically|neurologically)\s+)*"
)
_STATE: Final = (
    r"(?:well|good|great|fine|ok(?:ay)?|better|improv(?:ed|ing)|normal|stable|healthy|alert|awake"
    r"|oriented|orientated|conscious|co-?operative|pleasant|calm|comfortable|relaxed|happy|pleased"
    r"|satisf(?:ied|actory)|independent|ambulatory|afebrile|asymptomatic|active|recovered"
    r"|appropriate|resting)(?:(?:,|\s+and|\s*&)?\s+(?:well|good|alert|awake|oriented|stable"
    r"|comfortable|x\s?\d|times\s+\w+))*"
    r"|(?:well|good|healthy)[ -]\w+(?:[ ,]+(?:and\s+)?(?:well[ -])?\w+ed)?"
    r"|(?:stable|good|fair|guarded|serious|satisfactory|excellent|poor|unchanged)\s+condition"
    r"|able\s+to\s.*|tolerat\w+.*|(?:younger|older)\s+than\s+(?:(?:his|her|their|the)\s+)?stated.*"
)
_NORMAL: Final = (
    r"(?:un)?remarkable|negative|clear|intact|supple|soft|symmetric(?:al)?|regular|reactive|moist"
    r"|non-?(?:tender|distended|labored|focal|icteric|injected|contributory)|anicteric"
    r"|atraumatic|normocephalic|perrla?|eomi|ctab?|nad|wnl|rrr|benign|patent|midline|equal"
)
_GENERIC_ACT: Final = (
    r"exam(?:ination)?s?|evaluations?|assessments?|consult(?:ation)?s?|screenings?|treatments?"
    r"|therap(?:y|ies)|procedures?|managements?|care|follow[ -]?ups?|monitoring|diet|advice"
    r"|counsell?ing|education|discussions?|visits?|observation|work-?ups?|tests?|testing|stud(?:y|ies)"
    r"|labs?|laboratory|(?:laboratory|lab)\s+(?:data|tests?|studies|results?|values?)|vitals?"
    r"|(?:\w+\s+){0,3}rhythm|vital\s+signs|(?:physical|neurological)\s+exam(?:ination)?|recovery|shower|orders?|levels?"
)
# How a patient lay, how often she was pregnant and gave birth, a lead of an electrocardiogram.
_POSITION: Final = (
    r"(?:(?:dorsal|left|right|lateral|low|high|modified|reverse|steep|semi|full|the|in)[\s-]+)*"
    r"(?:supine|prone|(?:dorso)?lithotomy|trendelenburg|fowler'?s?|decubitus|beach[\s-]chair"
    r"|jack-?knife|sitting)(?:\s+position(?:ing)?)?"
)
_GRAVIDA: Final = r"g\s?\d{1,2}[\s,/-]*(?:p\s?\d[\d-]*)?(?:[\s,]*(?:a|ab|l|sab|tab)\s?\d)*"
_LEAD: Final = r"(?-i:aV[LRF]|AV[LR])|v[1-6]r?|i{1,3}"  # VF and AVF are something else
# What is done to a tube, a dressing or tissue, where no word says to which.
_HANDLED: Final = (
    r"(?:re)?(?:moved|placed|inserted|applied|opened|closed|changed|passed|positioned|capped|pulled"
    r"|advanced|downsized|exchanged)|taken\s+(?:down|out|off|back)"
)
_INSTRUMENT: Final = (
    r"(?:.*[\s-])?(?:incisions?|sutures?|ligatures?|retractors?|drap(?:es?|ed|ing)|dressings?"
    r"|(?:electro)?cautery|clamps?|clips?|trocars?|staplers?|bandages?|instruments?|scissors|forceps"
    r"|tourniquets?|needles?|(?:guide)?wires?|dilators?|introducers?|sheaths?|blades?|scalpels?"
    r"|sponges?|gauze|specul(?:um|a)"
    r"|(?:broncho|laparo|arthro|endo|cysto|colono|gastro|laryngo)scope)"
)
# Of a part of the body these are operations ("neck dissection", "PFO closure"), alone steps.
_STEP_ALONE: Final = (
    r"(?:(?:sharp|blunt|careful|meticulous|adequate|good|copious|layered|skin|wound)\s+)*"
    r"(?:closures?|sutur(?:ing|ed)|dissect(?:ions?|ed)|ha?emostasis|irrigat(?:ion|ed)|positioning"
    r"|retract(?:ion|ed)|prep|prepp(?:ing|ed)|stapl(?:ing|ed)|cauteri[sz](?:ation|ed))"
)
_STEP: Final = (
    r"\w+(?:ed|ing)(?:\s+(?:up|down|out|off|away|back|in|open|closed|free|\w+ly|and\s+\w+ed))*"
    r"|cut|drawn|taken|made|brought|split|tied|sewn|swept|placed|left|put|held|withdrew"
)
_GENERIC_DRUG: Final = (
    r"medications?|meds?|medicines?|drugs?|pills?|tablets?|capsules?|doses?|refills?|agents?"
    r"|prescriptions?|regimens?|treatments?|therap(?:y|ies)|lines?|supplements?"
)
# How old a relative is or was, and whether they live: no disease.
_AGE_OR_LIFE: Final = (
    r"(?:\W*\b(?:at|in|of|the|and|her|his|their|early|mid|late|ages?|aged|years?|yrs?|old|y/?o|died"
    r"|dead|deceased|passed(?:\s+away)?|alive|living|healthy|well|unknown|causes?|natural"
    r"|\d{1,3}(?:['’]?s)?)\b)+\W*"
)
_OPERATION: Final = frozenset({"operation", "procedures"})


def _only(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE | re.DOTALL)


_PROBLEM: Final = _only(
    f"{_ANY}(?:{_GENERIC_PROBLEM})", f"{_HOW}(?:{_STATE}|{_NORMAL})", _GRAVIDA, _LEAD
)
_ACT: Final = _only(
    f"{_ANY}(?:{_GENERIC_ACT})",
    f"{_HOW}(?:{_NORMAL})",
    *(_INSTRUMENT, _STEP_ALONE, _POSITION, _GRAVIDA, _HANDLED),
)
_NAMES_NOTHING: Final[Mapping[Kind, re.Pattern[str]]] = {
    "Condition": _PROBLEM,
    "FamilyMemberHistory": _only(_PROBLEM.pattern, _AGE_OR_LIFE),
    "Procedure": _ACT,
    "MedicationStatement": _only(f"{_ANY}(?:{_GENERIC_DRUG})"),
}
_CONDITION: Final = re.compile(r"\s+condition\b", re.IGNORECASE)
_OF_AN_OPERATION: Final = _only(_STEP)
_LONGEST: Final = 80  # characters; a longer name is no such word


def names_nothing(group: Group) -> bool:
    """Return whether a group's words name nothing that a chart lists."""
    kind, words = group.thing.kind, " ".join(phrase(group.first).split())
    if kind not in _NAMES_NOTHING or len(words) > _LONGEST:
        return False
    said = (words, " ".join(without_part(group.first).split()))
    if any(map(_NAMES_NOTHING[kind].fullmatch, said)) or _of_condition(group, words):
        return True
    step = kind == "Procedure" and _OF_AN_OPERATION.fullmatch(words) is not None
    return step and all(section_kind(one) in _OPERATION for one in group.mentions)


def _of_condition(group: Group, words: str) -> bool:
    """Return whether a name is only how well the patient was: "in [guarded] condition"."""
    if group.thing.kind != "Condition" or not _PROBLEM.fullmatch(f"{words} condition"):
        return False
    return all(_CONDITION.match(one.note.text, one.mention.end) for one in group.mentions)
