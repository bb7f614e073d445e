"""What notes tell of allergies: the allergen, its reaction, and what only looks like one."""

from typing import Any

import pytest

from fhir_mapping.extraction import extract
from fhir_mapping.resources.retraction import retracted
from tests.golden.markup import RUN, read
from tests.validity.check import problems


def resources(marked: str, **changes: Any) -> list[dict[str, Any]]:
    one, reading = read(marked, **changes)
    made = extract([one], [reading], (), run=RUN, card="card").findings
    found = [dict(finding.resource) for finding in made if finding.resource]
    assert [problems(each) for each in found] == [[] for _ in found]
    return found


def told(marked: str) -> list[tuple[str, str]]:
    """Return type and name of each resource, an allergy's refutation and course after it."""
    return [(each["resourceType"], _name(each)) for each in resources(marked)]


def _name(resource: dict[str, Any]) -> str:
    name = resource.get("code") or resource["medicationCodeableConcept"]
    if resource["resourceType"] != "AllergyIntolerance":
        return str(name["text"])
    codes = [resource[key]["coding"][0]["code"] for key in ("clinicalStatus", "verificationStatus")]
    return " ".join([name["text"], *(code for code in codes if code not in USUAL)])


USUAL = {"active", "unconfirmed"}
ALLERGY = "AllergyIntolerance"
DRUG = "MedicationStatement"
X = "[x|Medication hypothetical]"


@pytest.mark.parametrize(
    "sentence",
    [
        f"Allergies: {X}.",
        f"DRUG ALLERGIES:\n{X}\n",
        f"ALLERGIES:\n\n{X}\n",
        f"ALLERGIES:\n\n1. morphine\n\n2. {X}\n",
        f"He is allergic to {X}.",
        f"Allergies include morphine and {X}.",
        f"Has an allergic reaction to {X}",
        f"Allergic to morphine (rash), codeine, or {X}.",
        f"{X} allergy.",
        f"A {X}-allergic patient",
        f"Known {X} and sulfa allergies",
        f"{X} causes hives.",
        f"{X} - anaphylaxis",
        f"{X} (severe rash)",
        f"{X}, which caused lip swelling.",
        f"anaphylaxis from {X}",
        f"Hives after taking {X}.",
        f"Intolerant of {X}",
        f"He couldn't tolerate {X}.",
        f"Admitted for drips since he could not tolerate {X}.",
        f"Was on {X} but did not tolerate it",
        f"No drug allergies other than {X}.",
    ],
)
def test_an_allergen_is_no_drug_that_is_taken(sentence: str) -> None:
    """What a section or the words beside it call an allergen is one, and nothing else."""
    assert told(sentence) == [(ALLERGY, "x")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Given [x|Medication] for hives.",
        "Treated for rash with [x|Medication].",
        "She has seasonal allergies and takes [x|Medication].",
        "Allergies: She takes [x|Medication] for them.",
        "Allergies: [x|Medication] [10 mg|Dosage >0] at night",
        "Allergic to morphine and was given [x|Medication].",
        "Organism sensitive to [x|Medication]",
        "HOME MEDICATIONS: [x|Medication] - rash",
        "Tolerates [x|Medication] well.",
        "Allergies: NKDA\n\nMEDICATIONS: [x|Medication]",
        "ALLERGIES:\nNone known.\n\nTHE OTHER LIST,1. [x|Medication]",
    ],
)
def test_a_drug_near_an_allergy_stays_a_drug(sentence: str) -> None:
    """A drug taken for an allergy, or beside one, is taken."""
    assert told(sentence) == [(DRUG, "x")]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Not allergic to [x|Medication negated hypothetical].", "x inactive refuted"),
        ("She outgrew her [x allergy|Disease_disorder historical].", "x resolved"),
        ("[Allergy to x|Disease_disorder]", "x"),
        ("[History of x allergy|History]", "x"),
        ("[x allergy (disorder)|Disease_disorder]", "x"),
        ("Questionable [x allergy|Disease_disorder uncertain]", "x"),
        ("Allergies: [lactose intolerance|Disease_disorder hypothetical]", "lactose"),
    ],
)
def test_an_allergy_by_its_name_and_status(sentence: str, name: str) -> None:
    """A name that holds its allergen is of that; a denial refutes; an allergy of the past lasts."""
    assert told(sentence) == [(ALLERGY, name)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mother is allergic to [x|Medication family:mother hypothetical].",
        "If allergic to [x|Medication hypothetical:if], call.",
        "Not allergic to [x|Medication negated uncertain hypothetical], probably.",
    ],
)
def test_nothing_is_made_of_what_is_not_the_patients(sentence: str) -> None:
    """A relative's allergy, a condition and a doubted denial make nothing."""
    assert told(sentence) == []


@pytest.mark.parametrize(
    "name", ["seasonal allergies", "allergic rhinitis", "food allergy", "cold intolerance"]
)
def test_an_allergy_to_nothing_named_stays_a_condition(name: str) -> None:
    """Where no allergen is named the problem is what it was."""
    assert told(f"She has [{name}|Disease_disorder].") == [("Condition", name)]


def test_seasonal_allergies_in_the_section_stay_a_condition() -> None:
    """Even where the reader's mention is the one word."""
    assert told("ALLERGIES: She has seasonal [allergies|Disease_disorder].") == [
        ("Condition", "allergies")
    ]


def test_a_reaction_belongs_to_its_own_allergen() -> None:
    """Each item's reactions are its own, with their own evidence, and no Condition is made."""
    first, second = resources(
        "ALLERGIES:\n[x|Medication] - [hives|Sign_symptom], no [fever|Sign_symptom negated]\n"
        "[y|Medication] causes [nausea|Sign_symptom] and [vomiting|Sign_symptom]\n"
    )
    assert manifestations(first) == ["hives"]
    assert manifestations(second) == ["nausea", "vomiting"]
    (one,) = first["reaction"][0]["manifestation"]
    assert one["extension"][0]["extension"][2] == {"url": "offset", "valueInteger": 15}


def manifestations(resource: dict[str, Any]) -> list[str]:
    return [one["text"] for each in resource["reaction"] for one in each["manifestation"]]


def test_a_reaction_before_its_allergen() -> None:
    """ "Hives on x" tells both; another rash of the same sentence is the patient's."""
    assert told("[Hives|Sign_symptom] on [x|Medication]; now [rash|Sign_symptom].") == [
        (ALLERGY, "x"),
        ("Condition", "rash"),
    ]


@pytest.mark.parametrize(
    ("sentence", "kind", "category"),
    [
        (f"Allergies: {X}", None, None),
        (f"Drug allergies: {X}", None, ["medication"]),
        (f"Food allergies: {X}", None, ["food"]),
        (f"Is allergic to {X}.", "allergy", None),
        (f"Intolerant of {X}.", "intolerance", None),
        (f"Allergy or intolerance to {X}.", None, None),
    ],
)
def test_type_and_category_only_where_they_are_said(
    sentence: str, kind: str | None, category: list[str] | None
) -> None:
    """A list of allergies holds intolerances too; a substance's name tells no category."""
    (one,) = resources(sentence)
    assert (one.get("type"), one.get("category")) == (kind, category)


def test_one_allergen_said_twice_is_one_resource() -> None:
    """The same allergen in the section and in a sentence, whatever the letters' case."""
    (one,) = resources(f"Allergies: {X}\n\nHPI: She is allergic to [X|Medication hypothetical].")
    assert len(one["extension"]) == 4


def test_an_allergy_is_a_patients() -> None:
    """AllergyIntolerance.patient must be a Patient: a document about a Group makes none."""
    marked, reading = read(f"Allergies: {X}", subject="Group/1")
    made = extract([marked], [reading], (), run=RUN, card="card").findings
    assert [finding.resource for finding in made] == [None]


def test_a_retracted_allergy_has_no_clinical_status() -> None:
    """What was entered in error is not active (ait-2); it is valid, and retracted only once."""
    (one,) = resources(f"Allergies: {X}")
    gone = retracted(one)
    assert "clinicalStatus" not in gone
    assert "Verification status: entered-in-error" in str(gone["text"]).replace("</b>", "")
    assert problems(dict(gone)) == []
    assert retracted(gone) == gone


def test_what_is_far_from_an_allergen_is_not_its_reaction() -> None:
    """Of a list without an end only what stands near the allergen is what it did."""
    words = "[hives|Sign_symptom], " * 60
    first, *_ = resources(f"ALLERGIES: {X} - {words}")
    evidence = first["reaction"][0]["manifestation"][0]["extension"]
    assert 2 < len(evidence) / 2 < 30
