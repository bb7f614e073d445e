from dataclasses import replace
from typing import Any, get_args

import orjson
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from fhir_mapping.extraction import extract
from fhir_mapping.findings import labels
from fhir_mapping.findings.policy import Negated, Policy, SignSymptom
from fhir_mapping.resources.retraction import retracted
from models.clinical import (
    Assertion,
    Coverage,
    Cue,
    Extraction,
    Link,
    Mention,
    Note,
    Reading,
    Unread,
)
from tests.golden.markup import MODEL, RUN, note, read
from tests.validity.check import problems

WARD = (
    "[Gout|Disease_disorder], no [pneumonia|Disease_disorder negated], "
    "[aspirin|Medication] [81 mg|Dosage >2], [biopsy|Diagnostic_procedure]."
)


def made(marked: str, **changes: Any) -> Extraction:
    one, reading = read(marked, **changes)
    return extract([one], [reading], (), run=RUN, card="# Card")


def resources(extraction: Extraction) -> list[dict[str, Any]]:
    return [dict(found.resource) for found in extraction.findings if found.resource is not None]


def ids(extraction: Extraction) -> list[object]:
    return [resource["id"] for resource in resources(extraction)]


def test_the_same_input_gives_the_same_output() -> None:
    """Reading twice changes nothing, down to the bytes."""
    assert made(WARD) == made(WARD)
    one, two = (orjson.dumps(resources(made(WARD))) for _ in range(2))
    assert one == two


def test_ids_outlive_offsets_versions_scores_and_models() -> None:
    """A corrected document or another model gives new versions of the same resources."""
    first = made(WARD)
    moved = made("Corrected. " + WARD.replace("Gout", "gout"), document_version="2")
    one, reading = read(WARD)
    other = replace(MODEL, name="other", weights_sha256="cd" * 32)
    weak = tuple(replace(mention, score=0.5) for mention in reading.mentions)
    again = replace(reading, model=other, mentions=weak)
    by_other = extract([one], [again], (), run=replace(RUN, id="run-2", model=other), card="x")
    assert ids(first) == ids(moved) == ids(by_other)
    assert resources(first) != resources(moved)


@pytest.mark.parametrize("changes", [{"tenant": "other"}, {"document_id": "other"}])
def test_ids_belong_to_tenant_and_document(changes: dict[str, str]) -> None:
    """Another document or tenant shares no id."""
    assert not set(ids(made(WARD))) & set(ids(made(WARD, **changes)))


def test_findings_depend_on_nothing_of_the_run() -> None:
    """Another run of the same pipeline makes equal findings, and its own Provenance."""
    one, reading = read(WARD)
    later = replace(
        RUN, id="run-2", started="2027-01-01T00:00:00Z", finished="2027-01-01T00:00:09Z"
    )
    two = extract([one], [reading], (), run=later, card="# Card")
    assert two.findings == made(WARD).findings
    assert two.records[0]["id"] != made(WARD).records[0]["id"]


def test_the_evidence_is_complete() -> None:
    """A resource says in full where its words stand, offset 0 included, and how sure they are."""
    (condition,) = resources(made("[Gout|Disease_disorder @0.87654]", document_version="3"))
    assert condition["extension"] == [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/derivation-reference",
            "extension": [
                {
                    "url": "reference",
                    "valueReference": {"reference": "DocumentReference/doc/_history/3"},
                },
                {"url": "path", "valueString": "DocumentReference.content[0].attachment"},
                {"url": "offset", "valueInteger": 0},
                {"url": "length", "valueInteger": 4},
            ],
        },
        {
            "url": "http://hl7.org/fhir/uv/aitransparency/StructureDefinition/AIconfidence",
            "valueDecimal": 0.8765,
        },
    ]
    label = condition["meta"]["security"][0]
    assert (label["system"], label["code"]) == (
        "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
        "AIAST",
    )


@pytest.mark.parametrize(("score", "json"), [(0.00001, b"0.0"), (0.0001, b"0.0001"), (1.0, b"1.0")])
def test_a_confidence_is_a_plain_number(score: float, json: bytes) -> None:
    """No score is written in scientific notation or as a string."""
    (condition,) = resources(made(f"[Gout|Disease_disorder @{score:.5f}]"))
    assert b'"valueDecimal":' + json + b"}" in orjson.dumps(condition)


def test_patient_and_encounter_come_from_the_document() -> None:
    """Subject and encounter are the note's, under the names each resource has for them."""
    condition, _, drug, procedure = resources(made(WARD))
    assert condition["subject"] == drug["subject"] == procedure["subject"]
    assert condition["subject"] == {"reference": "Patient/1"}
    assert condition["encounter"] == drug["context"] == procedure["encounter"]
    assert all("encounter" not in one for one in resources(made(WARD, encounter=None)))


def test_no_date_is_invented() -> None:
    """The document's date dates no disease, drug or procedure."""
    assert "2026-01-01" not in orjson.dumps(resources(made(WARD))).decode()


def test_an_unnumbered_document_is_referred_to_without_version() -> None:
    """Outside the inbox a document has no version, and no reference pretends it has."""
    (condition,) = resources(made("[Gout|Disease_disorder]", document_version=""))
    place = condition["extension"][0]["extension"][0]
    assert place["valueReference"] == {"reference": "DocumentReference/doc"}


def test_the_order_of_the_story() -> None:
    """Unread parts are carried along, and a document with nothing to read has no records."""
    unread = (Unread(0, "bad-base64", "…"),)
    nothing = extract([], [], unread, run=RUN, card="# Card")
    assert (nothing.unread, nothing.findings, nothing.records) == (unread, (), ())


def test_signs_that_fhir_bars_are_spaces_in_text() -> None:
    """A form feed or control sign inside a mention is a space in the FHIR string; offsets stay."""
    (condition,) = resources(made("[heart\x0cfail\x01ure|Disease_disorder]"))
    assert condition["code"]["text"] == "heart fail ure"
    assert problems(condition) == []


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60)
HEADS = [*labels.KINDS, "Sign_symptom"]
ATTRIBUTES = [
    "Severity",
    "Biological_structure",
    "Date",
    "Age",
    "Lab_value",
    "Detailed_description",
]
LABELS = st.sampled_from([*HEADS, *labels.DOSAGE_ATTRIBUTES, *ATTRIBUTES])
POLICIES = st.builds(
    Policy,
    st.sampled_from(get_args(Negated)),
    st.sampled_from(get_args(SignSymptom)),
)
WORDS = {
    "Severity": ["mild", "Severe", "moderate to severe"],
    "Biological_structure": ["left knee", "right knee", "liver"],
    "Date": ["2014", "March 2014", "31 February 2014", "3/4/2014", "two days later", "age 45"],
    "Age": [
        *("45 years", "45-year-old", "0 days", "999 years", "40s", "his forties", "early 40s"),
        *("30-35 years", "30 and 35 years of age", "35-30 years old", "36 hours of age", "45"),
    ],
    "Family_history": [
        *("Mother died of gout at 52", "aunt had a stroke in her 30s", "sister had gout at 300"),
        *("Father had thing", "No family history of gout", "brother: lupus"),
    ],
    "Duration": ["3 weeks", "past two days", "2-3 weeks", "for 7-10 days", "for 10-7 days"],
    "Frequency": ["daily", "every 4-6 hours", "2-3 times a day", "3-2 times a day"],
    "Lab_value": [
        "9.1 g/dL",
        "9.10 g/dL",
        "high",
        "< 5 mg/L",
        "120/80 mmHg",
        "0.0000001 g/L",
        "7.4",
    ],
    "Dosage": ["5 mg", "15 mg/kg", "1-2 tablets", "2-1 tablets"],
}
GAPS = st.sampled_from(
    [
        *(" ", " since ", " in ", " on ", ", ", " of the ", " and ", " for the ", " history of "),
        *(" to ", " before ", ". No ", " has resolved. ", "\n", " was stopped. ", " underwent "),
        *(" vs ", " was "),
    ]
)


@st.composite
def readings(draw: st.DrawFn) -> tuple[Note, Reading]:
    """Return any note with any mentions, assertions and links in it."""
    text = draw(TEXT)
    mentions, assertions = [], []
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        score = draw(st.floats(0, 1))
        mentions.append(Mention(start, end, text[start:end], draw(LABELS), score))
        cues = draw(
            st.lists(st.builds(Cue, st.just("family"), st.just(0), st.just(1), TEXT), max_size=1)
        )
        flags = draw(st.tuples(*[st.booleans()] * 4))
        who: Any = draw(st.sampled_from(["patient", "family", "other"]))
        negated, uncertain, historical, hypothetical = flags
        assertions.append(Assertion(negated, uncertain, historical, hypothetical, who, tuple(cues)))
    some = st.integers(0, max(len(mentions) - 1, 0))
    sure = st.sampled_from([0.5, 0.7, 0.9])
    links = draw(st.lists(st.builds(Link, st.just("MODIFY"), some, some, sure), max_size=4))
    reading = Reading(
        tuple(mentions),
        tuple(assertions),
        tuple(links) if mentions else (),
        Coverage(len(text), len(text)),
        MODEL,
    )
    subject = draw(st.sampled_from(["Patient/1", "Group/2", "https://example.org/fhir/Patient/3"]))
    encounter = draw(st.sampled_from([None, "Encounter/4"]))
    return note(text, subject=subject, encounter=encounter), reading


@st.composite
def wards(draw: st.DrawFn) -> tuple[Note, Reading]:
    """Return a note that could be one: heads, attributes and the words between, linked at will."""
    marked, count = "", draw(st.integers(2, 8))
    for _ in range(count):
        label = draw(LABELS)
        words = draw(st.sampled_from(WORDS.get(label, ["thing", "Thing", "test"])))
        flag = draw(st.sampled_from(["", "", "", "negated", "uncertain", "historical", "family"]))
        links = draw(st.lists(st.tuples(st.integers(0, count - 1), st.sampled_from([0.6, 0.9]))))
        marks = " ".join([flag, *(f">{target}:{score}" for target, score in links)])
        marked += f"{draw(GAPS)}[{words}|{label} {marks}]"
    return read(marked + draw(GAPS))


AGED = ["Disease_disorder", "Therapeutic_procedure", "Disease_disorder family:mother"]
BEFORE_AGE = [
    *(" since ", " since his ", ", onset between ", " between ", " in ", " in her ", " at "),
    " at about age ",
]
SIG_OF = {"Dosage": "doseRange", "Frequency": "frequencyMax", "Duration": "boundsRange"}


@st.composite
def spans(draw: st.DrawFn) -> tuple[Note, Reading]:
    """Return a note of things with an age each, and of a drug with a sig, often from so to so."""
    marked = ""
    for position in range(draw(st.integers(1, 3))):
        age = draw(st.sampled_from(WORDS["Age"]))
        head, gap = draw(st.sampled_from(AGED)), draw(st.sampled_from(BEFORE_AGE))
        name = draw(st.sampled_from(["thing", f"thing {position}"]))
        marked += f"[{name}|{head}]{gap}[{age}|Age >{2 * position}]{draw(GAPS)}"
    drug = marked.count("[")
    parts = draw(st.sets(st.sampled_from(sorted(SIG_OF)), min_size=1))
    said = [f"[{draw(st.sampled_from(WORDS[part]))}|{part} >{drug}]" for part in sorted(parts)]
    age, has = draw(st.sampled_from(WORDS["Age"])), draw(st.sampled_from(["has", "had"]))
    lead = draw(st.sampled_from(["Mother, ", "Mother is in her ", "Mom, "]))
    cue = lead.split()[0].strip(",")
    relative = f"{lead}[{age}|Age], {has} [gout|Disease_disorder family:{cue}]"
    return read(f"{marked}.\n\n[Thing|Medication] {' '.join(said)}.\n\n{relative}.")


def hold_valid(pair: tuple[Note, Reading], policy: Policy) -> None:
    """Fail where what is written of a reading is not valid R4, cannot be retracted, or is twice."""
    one, reading = pair
    extraction = extract([one], [reading], (), run=RUN, card="# Card", policy=policy)
    clinical = resources(extraction)
    written = [*clinical, *extraction.records, *(retracted(each) for each in clinical)]
    assert [problems(each) for each in written] == [[]] * len(written)
    assert all(each["text"]["status"] == "generated" for each in written)
    assert len({each["id"] for each in clinical}) == len(clinical)
    for finding in extraction.findings:
        words = {reading.mentions[place.mention].text for place in finding.evidence}
        assert finding.text in words


READ = st.one_of(readings(), wards(), spans())
HEALTH = [HealthCheck.too_slow]


@pytest.mark.parametrize(
    "element",
    [
        *("onsetRange", "performedRange", "onsetAge", "onsetString", "ageAge", "ageRange"),
        *SIG_OF.values(),
    ],
)
def test_the_random_readings_hold_spans(element: str) -> None:
    """What is checked below holds a Range of every kind that is written, and what is none."""

    def holds(pair: tuple[Note, Reading]) -> bool:
        found = extract([pair[0]], [pair[1]], (), run=RUN, card="#")
        return f'"{element}":'.encode() in orjson.dumps(resources(found))

    enough = settings(max_examples=2000, phases=[Phase.generate], suppress_health_check=HEALTH)
    assert holds(find(spans(), holds, settings=enough))


@settings(max_examples=300, suppress_health_check=HEALTH)
@given(READ, POLICIES)
def test_any_reading_gives_only_valid_resources(pair: tuple[Note, Reading], policy: Policy) -> None:
    """Whatever was read, what is written is valid R4, has its own id, and can be retracted."""
    hold_valid(pair, policy)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@settings(max_examples=5000, suppress_health_check=HEALTH)
@given(READ, POLICIES)
def test_five_thousand_readings_give_only_valid_resources(
    pair: tuple[Note, Reading], policy: Policy
) -> None:
    """The same for 5,000 random readings: mentions, assertions, links, dates and choices."""
    hold_valid(pair, policy)
