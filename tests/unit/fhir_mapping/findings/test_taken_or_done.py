"""Whether a drug was taken or a procedure done, by the section and the sentence around it."""

from dataclasses import replace

import pytest

from fhir_mapping.findings.mention_in_note import MentionInNote
from fhir_mapping.findings.neighbours import Neighbours
from fhir_mapping.findings.taken_or_done import drug_status, given_up, planned, procedure_status
from models.clinical import Assertion, Coverage, Cue, Mention, ModelIdentity, Note, Reading, Section


def mention_in_note(marked: str, label: str, kind: str = "") -> MentionInNote:
    """Return the mention in square brackets of a text, all of it in a section of a kind."""
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    note = Note("t", "d", "1", 0, text, "utf-8", "Patient/7")
    mention = Mention(start, end, text[start:end], label, 1.0)
    sections = (Section(kind, 0, len(text)),) if kind else ()
    model = ModelIdentity("m", "", "", (), "")
    whole = Coverage(len(text), len(text))
    reading = Reading((mention,), (Assertion(),), (), whole, model, sections)
    return MentionInNote(note, reading, Neighbours(reading.mentions), 0)


def drug(marked: str, kind: str = "") -> str | None:
    return drug_status([mention_in_note(marked, "Medication", kind)])


def done(marked: str, kind: str = "") -> str | None:
    return procedure_status([mention_in_note(marked, "Therapeutic_procedure", kind)])


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("home_medications", "active"),
        ("discharge_medications", "active"),
        ("stopped_medications", "stopped"),
        ("operation", "completed"),
        ("plan", None),
        ("", None),
    ],
)
def test_a_drug_alone_has_the_status_of_its_section(kind: str, status: str | None) -> None:
    """A bare name says only what its list says of it."""
    assert drug("[Lisinopril].", kind) == status


@pytest.mark.parametrize(
    ("marked", "status"),
    [
        ("She takes [metformin] for it.", "active"),
        ("We will continue [metformin].", "active"),
        ("He was given [ketorolac] with relief.", "completed"),
        ("[Ceftriaxone] was given.", "completed"),
        ("I recommend [vitamin D].", "intended"),
        ("Will start [lisinopril].", "intended"),
        ("Allergic reactions to [sulfa] are rare.", None),
        ("She wanted no surgery, so we put her on a [statin].", "active"),
        ("PLANS:\nI have restarted her [furosemide].", "active"),
        ("We will increase her [lisinopril].", "active"),
        ("She seems to be stable on the [sertraline].", "active"),
        ("Refill [metformin].", "active"),
        ("He has tried [antacids] for it.", "completed"),
        ("She is s/p 6 cycles of [cisplatin].", "completed"),
        ("She was [sedated].", "completed"),
        ("[Naproxen], but she stopped it in May.", "stopped"),
        ("[Insulin] 10 units, not taking at this point.", "stopped"),
        ("[Warfarin] is being held.", "on-hold"),
        ("The patient is to hold [warfarin] until Monday.", "on-hold"),
        ("Commence [ramipril].", "intended"),
        ("He was anticoagulated with [heparin].", "completed"),
        ("Over-the-counter [ibuprofen] provides relief.", "active"),
        ("He adjusts his own [insulin] by the meter.", "active"),
        ("She is interested in [naltrexone].", "intended"),
    ],
)
def test_a_sentence_says_whether_a_drug_is_taken(marked: str, status: str | None) -> None:
    """Being taken, having been given and being planned are three things."""
    assert drug(marked) == status


@pytest.mark.parametrize(
    ("cue", "status"),
    [("no longer taking", "stopped"), ("Discontinued", "stopped"), ("prior", None)],
)
def test_a_past_drug_is_stopped_where_its_cue_says_so(cue: str, status: str | None) -> None:
    """A course that is over was completed; what was given up was stopped."""
    one = mention_in_note(f"{cue} [warfarin]", "Medication")
    cues = (Cue("historical", 0, len(cue), cue),)
    said = (Assertion(historical=True, cues=cues),)
    assert given_up([one._replace(reading=replace(one.reading, assertions=said))]) == status


def test_what_is_taken_anywhere_is_taken() -> None:
    """A drug that is on the list and to be raised in the plan is active."""
    both = [
        mention_in_note("[Metoprolol] 25 mg.", "Medication", "home_medications"),
        mention_in_note("Would raise [metoprolol].", "Medication", "plan"),
    ]
    assert drug_status(both) == "active"


@pytest.mark.parametrize(
    ("marked", "kind", "status"),
    [
        ("[Cholecystectomy].", "surgical_history", "completed"),
        ("The [gallbladder was clamped].", "operation", "completed"),
        ("She underwent [hysterectomy].", "", "completed"),
        ("[Cholecystectomy].", "plan", None),
        ("He will undergo [cholecystectomy].", "present_illness", None),
        ("[Cholecystectomy].", "", None),
        ("[Laparoscopy] was performed.", "plan", "completed"),
        ("The [ultrasound] did not show a stone.", "", "completed"),
        ("The [biopsy] showed scarring suggesting an old injury.", "", "completed"),
        ("He was [suctioned] as needed.", "", "completed"),
        ("EXAM: [MRI] OF THE KNEE", "", "completed"),
        ("Sleep apnea, on [CPAP].", "", "completed"),
        ("Hoarse, may be secondary to [intubation].", "review_of_systems", "completed"),
        ("He could not walk, therefore [amputation] was done.", "present_illness", "completed"),
        ("He was told of [colonoscopy], which he has refused.", "present_illness", None),
        ("He is yet to go for [angiography].", "hospital_course", None),
        ("Discharged for further [rehabilitation].", "hospital_course", None),
    ],
)
def test_a_procedure_was_done_where_section_or_sentence_says_so(
    marked: str, kind: str, status: str | None
) -> None:
    """Without words or a section for it nothing says that it was done."""
    assert done(marked, kind) == status


@pytest.mark.parametrize(
    ("marked", "kind", "ahead"),
    [
        ("We will obtain a [CT].", "hospital_course", True),
        ("[Physical therapy].", "plan", True),
        ("[CT] was done today.", "plan", False),
        ("[CT] of the chest.", "imaging", False),
        ("Scheduled for [colonoscopy].", "", True),
        ("On 3 May 2019 [colonoscopy] was done.", "", False),
        ("In May [colonoscopy] was done.", "", False),
        ("He may need [colonoscopy].", "", True),
        ("Pain is gone. [CT] showed it. He will return.", "", False),
    ],
)
def test_what_lies_ahead_is_planned(marked: str, kind: str, *, ahead: bool) -> None:
    """A plan, or a sentence that looks ahead, is no report of what was done."""
    assert planned(mention_in_note(marked, "Diagnostic_procedure", kind)) == ahead


@pytest.mark.parametrize(
    ("marked", "status"),
    [
        ("[Amlodipine] 10 mg daily, clopidogrel 75 mg daily (held for surgery).", "active"),
        ("Amlodipine 10 mg daily, [clopidogrel] 75 mg daily (held for surgery).", "on-hold"),
        ("[Aspirin] 81 mg daily\nMetformin was discontinued.", "active"),
        ("[Plavix], which was discontinued in May, and aspirin.", "stopped"),
        ("[Lisinopril] 10 mg daily, hold if SBP < 90.", "active"),
        ("Nicotine [patch] daily (stopped smoking in May)", "active"),
        ("[Lisinopril] 10 mg, stopped taking it in May", "stopped"),
    ],
)
def test_what_an_item_of_a_list_says_is_of_its_drug(marked: str, status: str) -> None:
    """One drug that is held or stopped does not stop the others of the list."""
    assert drug(marked, "home_medications") == status


@pytest.mark.parametrize(
    ("marked", "kind", "status"),
    [
        ("[Apixaban] should be started.", "", "intended"),
        ("[Oxycodone] 5 mg daily will be prescribed.", "operation", "intended"),
        ("[Oxycodone] 5 mg daily will be prescribed.", "", "intended"),
        ("[Ibuprofen] should be avoided.", "", None),
        ("[tPA] will be given today.", "", "intended"),
        ("[Morphine] 2 mg to be given.", "", "intended"),
        ("Her [lisinopril] 10 mg daily will be continued.", "", "active"),
        ("Replace [potassium].", "plan", "intended"),
        ("Influenza [vaccine] given today.", "plan", "completed"),
        ("\n☐ [Morphine] 2 mg IV", "plan", "intended"),
        ("Vyvanse and [Lexapro]. He takes these once a day.", "subjective", "active"),
        ("Vyvanse and [Lexapro]. He takes pills.", "subjective", None),
    ],
)
def test_what_is_said_behind_a_drug(marked: str, kind: str, status: str | None) -> None:
    """It is still to come, it was given, or the next sentence says that it is taken."""
    assert drug(marked, kind) == status


def test_a_test_that_may_be_considered_is_still_to_come() -> None:
    """Wherever it is named, and with another beside it."""
    one = mention_in_note("[PET-CT] and bronchoscopy may be considered.", "Diagnostic_procedure")
    assert planned(one)
    other = mention_in_note("[Pacemaker] could be palpated.", "Therapeutic_procedure")
    assert not planned(other)
