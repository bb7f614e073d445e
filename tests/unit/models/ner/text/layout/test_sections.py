"""Headings and their sections: what each is called, how they are written, how far they go."""

import pytest

from tests.unit.models.ner.text.layout.notation import sections

CASES = (
    (
        "PMH: gout, asthma. FH: mother with lupus. SH: no tobacco",
        [
            "past_history | gout, asthma.",
            "family | mother with lupus.",
            "social | no tobacco",
        ],
    ),
    (
        "PAST MEDICAL/SURGICAL HISTORY:\nGout. Appendectomy 1999.",
        [
            "past_history | Gout. Appendectomy 1999.",
        ],
    ),
    (
        "Review of Systems (12 point): negative except as above",
        [
            "review_of_systems | negative except as above",
        ],
    ),
    (
        "PLANNED PROCEDURE: Left knee replacement.",
        [
            "plan | Left knee replacement.",
        ],
    ),
    (
        "HISTORY OF PRESENT ILLNESS\nThe patient is well.",
        [
            "present_illness | The patient is well.",
        ],
    ),
    (
        (
            "SUBJECTIVE:, The patient feels well.,MEDICATIONS: , 1. Aspirin. 2. "
            "Plavix.,ALLERGIES: , None."
        ),
        [
            "subjective | The patient feels well.",
            "current_medications | 1. Aspirin. 2. Plavix.",
            "allergies | None.",
        ],
    ),
    (
        (
            "history of present illness: here for knee pain. past medical history: gout. "
            "meds: allopurinol."
        ),
        [
            "present_illness | here for knee pain.",
            "past_history | gout.",
            "current_medications | allopurinol.",
        ],
    ),
    (
        "61M w chest pain PMH: htn dm MEDS: lisinopril ALL: nkda SH: no tob",
        [
            "past_history | htn dm",
            "current_medications | lisinopril",
            "allergies | nkda",
            "social | no tob",
        ],
    ),
    (
        "PMHx asthma\nNKDA",
        [
            "past_history | asthma / NKDA",
        ],
    ),
    (
        "FH - father died of stroke",
        [
            "family | father died of stroke",
        ],
    ),
    (
        "**Allergies:** penicillin",
        [
            "allergies | penicillin",
        ],
    ),
    (
        "## Hospital Course\nStable.",
        [
            "hospital_course | Stable.",
        ],
    ),
    (
        "1. CHIEF COMPLAINT: Cough",
        [
            "chief_complaint | Cough",
        ],
    ),
    (
        "Discharge Medications (updated today):\n- aspirin",
        [
            "discharge_medications | - aspirin",
        ],
    ),
    (
        "PHYSICAL EXAM: GENERAL: Well. HEENT: Normal. NECK: Supple. LUNGS: Clear.",
        [
            "examination | ",
            "examination general | Well.",
            "examination heent | Normal.",
            "examination neck | Supple.",
            "examination respiratory | Clear.",
        ],
    ),
    (
        "REVIEW OF SYSTEMS\nRespiratory: no cough\nSkin: no rash",
        [
            "review_of_systems | ",
            "review_of_systems respiratory | no cough",
            "review_of_systems skin | no rash",
        ],
    ),
    (
        "Assessment/Plan:\n1. Pneumonia: ceftriaxone\n2. Gout",
        [
            "assessment_and_plan | 1. Pneumonia: ceftriaxone / 2. Gout",
        ],
    ),
    (
        (
            "FAMILY HISTORY:\nMother: breast cancer\nFather: healthy\n\nSOCIAL "
            "HISTORY:\nSmoking - no"
        ),
        [
            "family | Mother: breast cancer / Father: healthy",
            "social | Smoking - no",
        ],
    ),
    (
        "A/P: 50M with sepsis",
        [
            "assessment_and_plan | 50M with sepsis",
        ],
    ),
    (
        "S: feels better\nO: afebrile\nA: cellulitis\nP: continue cefazolin",
        [
            "subjective | feels better",
            "objective | afebrile",
            "assessment | cellulitis",
            "plan | continue cefazolin",
        ],
    ),
    (
        "Past medical, family and social history: reviewed",
        [
            "mixed | reviewed",
        ],
    ),
    (
        "CXR: no effusion. EKG: sinus rhythm.",
        [
            "imaging | no effusion.",
            "imaging | sinus rhythm.",
        ],
    ),
    (
        "CT of the head without contrast: no bleed",
        [
            "imaging | no bleed",
        ],
    ),
    (
        "PAIN SCALE:\n6 of 10",
        [
            "other | 6 of 10",
        ],
    ),
    (
        "Return precautions:\nFever, chest pain.",
        [
            "return_precautions | Fever, chest pain.",
        ],
    ),
    (
        "DISCONTINUED MEDICATIONS:\nMetoprolol",
        [
            "stopped_medications | Metoprolol",
        ],
    ),
    (
        "Differential diagnosis: PE, pneumonia",
        [
            "differential | PE, pneumonia",
        ],
    ),
    (
        "THE PATIENT IS A 50 YEAR OLD MAN. PAST HISTORY: GOUT. MEDICATIONS: ALLOPURINOL.",
        [
            "past_history | GOUT.",
            "current_medications | ALLOPURINOL.",
        ],
    ),
    (
        "Cardiac exam: regular",
        [
            "examination cardiovascular | regular",
        ],
    ),
    (
        "Immunizations: up to date",
        [
            "immunizations | up to date",
        ],
    ),
    (
        "Examination of the left knee: no effusion",
        [
            "examination musculoskeletal | no effusion",
        ],
    ),
    (
        "Vitals: T98.2, HR 88, BP 120/80 and he looks well",
        [
            "vitals | T98.2, HR 88, BP 120/80 and he looks well",
        ],
    ),
    (
        "Home meds:\naspirin\n\nHe was seen by cardiology.",
        [
            "home_medications | aspirin / / He was seen by cardiology.",
        ],
    ),
    (
        "PMH: gout\n\nHe came in today.",
        [
            "past_history | gout",
        ],
    ),
    (
        "IMPRESSION:\n1. Pneumonia.\n\n2. Gout.\n\nPLAN: home",
        [
            "assessment | 1. Pneumonia. / / 2. Gout.",
            "plan | home",
        ],
    ),
    (
        "NEUROLOGIC:\nAlert.",
        [
            "examination neurological | Alert.",
        ],
    ),
    (
        "ALLERGIES:\nPENICILLIN: rash\nSULFA: hives",
        [
            "allergies | PENICILLIN: rash / SULFA: hives",
        ],
    ),
    (
        "DIABETES: well controlled.",
        [
            "other | well controlled.",
        ],
    ),
    (
        "-----\nPlan: rest",
        [
            "plan | rest",
        ],
    ),
    (
        "Labs on admission: Na 140, K 4.0",
        [
            "laboratory | Na 140, K 4.0",
        ],
    ),
    (
        "Exam: Lungs clear. Ext: 2+ edema",
        [
            "examination | Lungs clear.",
            "examination extremities | 2+ edema",
        ],
    ),
    (
        "Medications: None  Allergies: NKDA",
        [
            "current_medications | None",
            "allergies | NKDA",
        ],
    ),
    (
        '"Rule out: PE" was written.',
        [
            'differential | PE" was written.',
        ],
    ),
    (
        "MEDICATIONS ON ADMISSION:\n1. Lisinopril 10 mg daily",
        [
            "home_medications | 1. Lisinopril 10 mg daily",
        ],
    ),
    (
        "Preoperative Diagnosis: Gallstones\nPostoperative Diagnosis: Same",
        [
            "diagnosis | Gallstones",
            "diagnosis | Same",
        ],
    ),
    (
        "HPI: 40F with cough.\nMeds: none.\nAllergies: sulfa.",
        [
            "present_illness | 40F with cough.",
            "current_medications | none.",
            "allergies | sulfa.",
        ],
    ),
    (
        "Pertinent ROS: no fever",
        [
            "review_of_systems | no fever",
        ],
    ),
    (
        "Current Outpatient Medications\nAspirin",
        [
            "home_medications | Aspirin",
        ],
    ),
    (
        "ED COURSE: given fluids, CXR: clear.",
        [
            "hospital_course | given fluids",
            "imaging | clear.",
        ],
    ),
    (
        "RADIOLOGY\nChest film shows a nodule.",
        [
            "imaging | Chest film shows a nodule.",
        ],
    ),
    (
        "Hospital Course by Problem:\n# Sepsis: treated.\n# AKI: resolved.",
        [
            "hospital_course | # Sepsis: treated. / # AKI: resolved.",
        ],
    ),
    (
        "Wounds: clean\nO2 sat 94%",
        [
            "examination skin | clean / O2 sat 94%",
        ],
    ),
    (
        (
            "REVIEW OF SYSTEMS: CONSTITUTIONAL: No fever. RESPIRATORY: No cough. PHYSICAL "
            "EXAMINATION: GENERAL: Well."
        ),
        [
            "review_of_systems | ",
            "review_of_systems general | No fever.",
            "review_of_systems respiratory | No cough.",
            "examination | ",
            "examination general | Well.",
        ],
    ),
    (
        "SOCIAL HISTORY: Lives alone. FAMILY HISTORY: Heart: none known.",
        [
            "social | Lives alone.",
            "family | ",
            "family cardiovascular | none known.",
        ],
    ),
    (
        "GENERAL: well",
        [
            "examination general | well",
        ],
    ),
)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_note_has_its_sections(text: str, expected: list[str]) -> None:
    """Each heading begins a section of its kind, with the words that are in it."""
    assert sections(text) == expected
