"""What is heading, mark, key and text of notes with headings."""

import pytest

from tests.unit.models.ner.text.layout.notation import blocks

CASES = (
    (
        "PMH: gout, asthma. FH: mother with lupus. SH: no tobacco",
        [
            "heading PMH:",
            "text gout, asthma.",
            "heading FH:",
            "text mother with lupus.",
            "heading SH:",
            "text no tobacco",
        ],
    ),
    (
        "PAST MEDICAL/SURGICAL HISTORY:\nGout. Appendectomy 1999.",
        [
            "heading PAST MEDICAL/SURGICAL HISTORY:",
            "text Gout. Appendectomy 1999.",
        ],
    ),
    (
        "Review of Systems (12 point): negative except as above",
        [
            "heading Review of Systems (12 point):",
            "text negative except as above",
        ],
    ),
    (
        "HISTORY OF PRESENT ILLNESS\nThe patient is well.",
        [
            "heading HISTORY OF PRESENT ILLNESS",
            "text The patient is well.",
        ],
    ),
    (
        (
            "SUBJECTIVE:, The patient feels well.,MEDICATIONS: , 1. Aspirin. 2. "
            "Plavix.,ALLERGIES: , None."
        ),
        [
            "heading SUBJECTIVE:",
            "text The patient feels well.",
            "heading MEDICATIONS:",
            "marker 1.",
            "text Aspirin.",
            "marker 2.",
            "text Plavix.",
            "heading ALLERGIES:",
            "text None.",
        ],
    ),
    (
        (
            "history of present illness: here for knee pain. past medical history: gout. "
            "meds: allopurinol."
        ),
        [
            "heading history of present illness:",
            "text here for knee pain.",
            "heading past medical history:",
            "text gout.",
            "heading meds:",
            "text allopurinol.",
        ],
    ),
    (
        "61M w chest pain PMH: htn dm MEDS: lisinopril ALL: nkda SH: no tob",
        [
            "text 61M w chest pain",
            "heading PMH:",
            "text htn dm",
            "heading MEDS:",
            "text lisinopril",
            "heading ALL:",
            "text nkda",
            "heading SH:",
            "text no tob",
        ],
    ),
    (
        "PMHx asthma\nNKDA",
        [
            "heading PMHx",
            "text asthma",
            "text NKDA",
        ],
    ),
    (
        "FH - father died of stroke",
        [
            "heading FH -",
            "text father died of stroke",
        ],
    ),
    (
        "**Allergies:** penicillin",
        [
            "heading Allergies:**",
            "text penicillin",
        ],
    ),
    (
        "## Hospital Course\nStable.",
        [
            "marker ##",
            "heading Hospital Course",
            "text Stable.",
        ],
    ),
    (
        "1. CHIEF COMPLAINT: Cough",
        [
            "marker 1.",
            "heading CHIEF COMPLAINT:",
            "text Cough",
        ],
    ),
    (
        "Discharge Medications (updated today):\n- aspirin",
        [
            "heading Discharge Medications (updated today):",
            "marker -",
            "text aspirin",
        ],
    ),
    (
        "PHYSICAL EXAM: GENERAL: Well. HEENT: Normal. NECK: Supple. LUNGS: Clear.",
        [
            "heading PHYSICAL EXAM:",
            "heading GENERAL:",
            "text Well.",
            "heading HEENT:",
            "text Normal.",
            "heading NECK:",
            "text Supple.",
            "heading LUNGS:",
            "text Clear.",
        ],
    ),
    (
        "REVIEW OF SYSTEMS\nRespiratory: no cough\nSkin: no rash",
        [
            "heading REVIEW OF SYSTEMS",
            "heading Respiratory:",
            "text no cough",
            "heading Skin:",
            "text no rash",
        ],
    ),
    (
        "Assessment/Plan:\n1. Pneumonia: ceftriaxone\n2. Gout",
        [
            "heading Assessment/Plan:",
            "marker 1.",
            "key Pneumonia",
            "value ceftriaxone",
            "marker 2.",
            "text Gout",
        ],
    ),
    (
        (
            "FAMILY HISTORY:\nMother: breast cancer\nFather: healthy\n\nSOCIAL "
            "HISTORY:\nSmoking - no"
        ),
        [
            "heading FAMILY HISTORY:",
            "key Mother",
            "value breast cancer",
            "key Father",
            "value healthy",
            "heading SOCIAL HISTORY:",
            "key Smoking",
            "value no",
        ],
    ),
    (
        "A/P: 50M with sepsis",
        [
            "heading A/P:",
            "text 50M with sepsis",
        ],
    ),
    (
        "S: feels better\nO: afebrile\nA: cellulitis\nP: continue cefazolin",
        [
            "heading S:",
            "text feels better",
            "heading O:",
            "text afebrile",
            "heading A:",
            "text cellulitis",
            "heading P:",
            "text continue cefazolin",
        ],
    ),
    (
        "Past medical, family and social history: reviewed",
        [
            "heading Past medical, family and social history:",
            "text reviewed",
        ],
    ),
    (
        "CXR: no effusion. EKG: sinus rhythm.",
        [
            "heading CXR:",
            "text no effusion.",
            "heading EKG:",
            "text sinus rhythm.",
        ],
    ),
    (
        "CT of the head without contrast: no bleed",
        [
            "heading CT of the head without contrast:",
            "text no bleed",
        ],
    ),
    (
        "PAIN SCALE:\n6 of 10",
        [
            "title PAIN SCALE:",
            "text 6 of 10",
        ],
    ),
    (
        "Return to the ER if you develop:\nFever, chest pain.",
        [
            "heading Return to the ER if you develop:",
            "text Fever, chest pain.",
        ],
    ),
    (
        "Return precautions:\nFever, chest pain.",
        [
            "heading Return precautions:",
            "text Fever, chest pain.",
        ],
    ),
)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_heading_is_told_from_what_it_heads(text: str, expected: list[str]) -> None:
    """A heading is a block of its own, up to its colon."""
    assert blocks(text) == expected
