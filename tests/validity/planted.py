"""Errors to plant in valid resources: (name, resource type, changes, part of what is reported)."""

from collections.abc import Callable
from typing import Any

VER = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
CLIN = "http://terminology.hl7.org/CodeSystem/condition-clinical"
ALLERGY = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
GTS = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation"
CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
Json = dict[str, Any]
Change = Callable[[Json], None]


def concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def put(*path: str | int, value: Any) -> Change:
    """Return a change that sets what lies at a path."""

    def change(resource: Any) -> None:
        for step in path[:-1]:
            resource = resource[step]
        resource[path[-1]] = value

    return change


def drop(*path: str | int) -> Change:
    """Return a change that removes what lies at a path."""

    def change(resource: Any) -> None:
        for step in path[:-1]:
            resource = resource[step]
        del resource[path[-1]]

    return change


def dose(**parts: Any) -> Change:
    """Return a change that gives a drug a dose."""
    return put("dosage", 0, "doseAndRate", value=[parts])


def div(content: str) -> Change:
    """Return a change that puts something else in a narrative."""
    return put("text", "div", value=f'<div xmlns="http://www.w3.org/1999/xhtml">{content}</div>')


def repeat(**parts: Any) -> Change:
    """Return a change that says when a drug is taken."""
    return put("dosage", 0, "timing", value={"repeat": parts})


def years(value: int, code: str = "a", **more: str) -> Json:
    """Return an age."""
    return {"value": value, "system": "http://unitsofmeasure.org", "code": code, **more}


def onset(low: Json, high: Json | None = None) -> Change:
    """Return a change that says between which ages something began."""
    return put("onsetRange", value={"low": low, **({"high": high} if high else {})})


EVERY: Json = {"frequency": 1, "period": 4, "periodUnit": "h"}
ERROR = concept(VER, "entered-in-error")
PROBLEM = [{"coding": [{"code": "problem-list-item"}]}]
PARTS = ("extension", 0, "extension")

PLANTED: list[tuple[str, str, tuple[Change, ...], str]] = [
    ("subject missing", "Condition", (drop("subject"),), "subject"),
    ("unknown field", "Condition", (put("recordedBy", value="x"),), "recordedBy"),
    (
        "newer status",
        "Condition",
        (put("clinicalStatus", value=concept(CLIN, "unknown")),),
        "clinical",
    ),
    (
        "status of another system",
        "Condition",
        (put("clinicalStatus", value=concept("urn:x", "active")),),
        "clinicalStatus",
    ),
    (
        "status without coding",
        "Condition",
        (put("verificationStatus", value={"text": "x"}),),
        "verificationStatus",
    ),
    (
        "misspelt verification",
        "Condition",
        (put("verificationStatus", value=concept(VER, "unconfirm")),),
        "condition-ver-status",
    ),
    (
        "newer category",
        "Condition",
        (put("category", value=[concept(CATEGORY, "diagnostic-report-impression")]),),
        "category",
    ),
    ("con-3", "Condition", (drop("clinicalStatus"), put("category", value=PROBLEM)), "con-3"),
    ("con-4", "Condition", (put("abatementString", value="last year"),), "con-4"),
    ("con-5", "Condition", (put("verificationStatus", value=ERROR),), "con-5"),
    ("der-1", "Condition", (drop(*PARTS, 2),), "der-1"),
    ("ref-1", "Condition", (put("subject", "reference", value="#p"),), "ref-1"),
    ("ext-1", "Condition", (put("extension", 0, "valueString", value="x"),), "ext-1"),
    ("empty extension", "Condition", (drop("extension", 0, "extension"),), "ext-1"),
    (
        "part of the wrong type",
        "Condition",
        (put(*PARTS, 2, value={"url": "offset", "valueString": "0"}),),
        "derivation",
    ),
    ("unknown part", "Condition", (put(*PARTS, 2, "url", value="start"),), "derivation"),
    (
        "part twice",
        "Condition",
        (put(*PARTS, 1, value={"url": "offset", "valueInteger": 1}),),
        "twice",
    ),
    ("negative offset", "Condition", (put(*PARTS, 2, "valueInteger", value=-1),), "negative"),
    ("offset as float", "Condition", (put(*PARTS, 2, "valueInteger", value=1.5),), "plain number"),
    (
        "decimal as string",
        "Condition",
        (put("extension", 1, "valueDecimal", value="0.9"),),
        "plain number",
    ),
    (
        "scientific notation",
        "Condition",
        (put("extension", 1, "valueDecimal", value=1e-7),),
        "plain number",
    ),
    (
        "no probability",
        "Condition",
        (put("extension", 1, "valueDecimal", value=1.2),),
        "probability",
    ),
    ("subject a device", "Condition", (put("subject", "reference", value="Device/1"),), "Device"),
    (
        "encounter a patient",
        "Condition",
        (put("encounter", "reference", value="Patient/1"),),
        "Patient",
    ),
    (
        "recorder a device",
        "Condition",
        (put("recorder", value={"reference": "Device/1"}),),
        "Device",
    ),
    (
        "no reference",
        "Condition",
        (put("subject", "reference", value="patient one"),),
        "no reference",
    ),
    ("id too long", "Condition", (put("id", value="x" * 65),), "id"),
    ("id missing", "Condition", (drop("id"),), "id"),
    ("empty text", "Condition", (put("code", "text", value=""),), "text"),
    ("empty list", "Condition", (put("category", value=[]),), "category"),
    ("null", "Condition", (put("encounter", value=None),), "encounter"),
    ("control character", "Condition", (put("code", "text", value="a\x0cb"),), "control"),
    ("bad date", "Condition", (put("recordedDate", value="yesterday"),), "recordedDate"),
    ("drug without status", "MedicationStatement", (drop("status"),), "status"),
    (
        "drug status of a Procedure",
        "MedicationStatement",
        (put("status", value="not-done"),),
        "status",
    ),
    ("drug missing", "MedicationStatement", (drop("medicationCodeableConcept"),), "medication"),
    (
        "drug informed by a device",
        "MedicationStatement",
        (put("informationSource", value={"reference": "Device/1"}),),
        "Device",
    ),
    (
        "dose value as string",
        "MedicationStatement",
        (put("dosage", 0, "doseAndRate", value=[{"doseQuantity": {"value": "5"}}]),),
        "plain number",
    ),
    (
        "dose code without system",
        "MedicationStatement",
        (put("dosage", 0, "doseAndRate", value=[{"doseQuantity": {"value": 5, "code": "mg"}}]),),
        "qty-3",
    ),
    (
        "range backwards",
        "MedicationStatement",
        (dose(doseRange={"low": {"value": 5}, "high": {"value": 2}}),),
        "rng-2",
    ),
    ("range as string", "MedicationStatement", (dose(doseRange={"low": {"value": "5"}}),), "plain"),
    ("dose twice", "MedicationStatement", (dose(doseQuantity={"value": 5}, doseRange={}),), "dose"),
    ("period without unit", "MedicationStatement", (repeat(period=8),), "tim-2"),
    ("longest without period", "MedicationStatement", (repeat(periodMax=8),), "tim-6"),
    ("unknown event", "MedicationStatement", (repeat(when=["BED"]),), "when"),
    ("bounds in no unit", "MedicationStatement", (repeat(boundsDuration={"value": 7}),), "drt-1"),
    (
        "q12h as a code",
        "MedicationStatement",
        (put("dosage", 0, "timing", value={"code": concept(GTS, "Q12H")}),),
        "v3-GTSAbbreviation",
    ),
    (
        "needed in two ways",
        "MedicationStatement",
        (
            put("dosage", 0, "asNeededBoolean", value=True),
            put("dosage", 0, "asNeededCodeableConcept", value={"text": "pain"}),
        ),
        "value_error",
    ),
    ("ait-1", "AllergyIntolerance", (drop("clinicalStatus"),), "ait-1"),
    (
        "ait-2",
        "AllergyIntolerance",
        (put("verificationStatus", value=concept(ALLERGY, "entered-in-error")),),
        "ait-2",
    ),
    (
        "allergy provisional",
        "AllergyIntolerance",
        (put("verificationStatus", value=concept(ALLERGY, "provisional")),),
        "allergyintolerance-verification",
    ),
    (
        "allergy verified as a Condition",
        "AllergyIntolerance",
        (put("verificationStatus", value=ERROR),),
        "verificationStatus",
    ),
    ("category misspelt", "AllergyIntolerance", (put("category", value=["drug"]),), "category"),
    ("type misspelt", "AllergyIntolerance", (put("type", value="allergic"),), "type"),
    (
        "allergic Group",
        "AllergyIntolerance",
        (put("patient", "reference", value="Group/1"),),
        "Group",
    ),
    (
        "reaction of nothing",
        "AllergyIntolerance",
        (put("reaction", value=[{"description": "x"}]),),
        "manifestation",
    ),
    ("procedure status of a drug", "Procedure", (put("status", value="not-taken"),), "status"),
    (
        "relative of a Group",
        "FamilyMemberHistory",
        (put("patient", "reference", value="Group/1"),),
        "Group",
    ),
    ("relation missing", "FamilyMemberHistory", (drop("relationship"),), "relationship"),
    (
        "relation misspelt",
        "FamilyMemberHistory",
        (put("relationship", "coding", 0, "code", value="MOTHER"),),
        "v3-RoleCode",
    ),
    (
        "relative's condition without code",
        "FamilyMemberHistory",
        (put("condition", value=[{"note": [{"text": "x"}]}]),),
        "code",
    ),
    (
        "fhs-1",
        "FamilyMemberHistory",
        (put("ageString", value="50"), put("bornDate", value="1950")),
        "fhs-1",
    ),
    ("no target", "Provenance", (drop("target"),), "target"),
    ("agent without who", "Provenance", (drop("agent", 0, "who"),), "who"),
    ("unknown role", "Provenance", (put("entity", 0, "role", value="input"),), "role"),
    (
        "period backwards",
        "Provenance",
        (put("occurredPeriod", "end", value="2025-01-01T00:00:00Z"),),
        "per-1",
    ),
    ("recorded without time", "Provenance", (put("recorded", value="2026-01-02"),), "recorded"),
    ("unknown name type", "Device", (put("deviceName", 0, "type", value="model"),), "type"),
    ("version without value", "Device", (drop("version", 0, "value"),), "value"),
    (
        "card of another type",
        "Device",
        (put("extension", 0, "valueReference", "reference", value="Binary/1"),),
        "DocumentReference",
    ),
    ("document status", "DocumentReference", (put("status", value="final"),), "status"),
    ("att-1", "DocumentReference", (drop("content", 0, "attachment", "contentType"),), "att-1"),
    ("no content", "DocumentReference", (put("content", value=[]),), "content"),
    ("result without status", "Observation", (drop("status"),), "status"),
    ("result of a drug's status", "Observation", (put("status", value="active"),), "status"),
    ("result without code", "Observation", (drop("code"),), "code"),
    (
        "value as string",
        "Observation",
        (put("valueQuantity", "value", value="150"),),
        "plain number",
    ),
    (
        "unit without system",
        "Observation",
        (drop("valueQuantity", "system"),),
        "qty-3",
    ),
    (
        "comparator misspelt",
        "Observation",
        (put("valueQuantity", "comparator", value="less"),),
        "comparator",
    ),
    (
        "meaning misspelt",
        "Observation",
        (put("interpretation", 0, "coding", 0, "code", value="HIGH"),),
        "v3-ObservationInterpretation",
    ),
    (
        "obs-6",
        "Observation",
        (put("dataAbsentReason", value={"text": "unknown"}),),
        "obs-6",
    ),
    (
        "obs-7",
        "Observation",
        (
            put("code", value=concept("http://loinc.org", "8480-6")),
            put("component", value=[{"code": concept("http://loinc.org", "8480-6")}]),
        ),
        "obs-7",
    ),
    (
        "component without code",
        "Observation",
        (put("component", value=[{"valueString": "150"}]),),
        "code",
    ),
    (
        "category of no category",
        "Observation",
        (
            put(
                "category",
                value=[
                    concept("http://terminology.hl7.org/CodeSystem/observation-category", "labs")
                ],
            ),
        ),
        "observation-category",
    ),
    ("two values", "Observation", (put("valueString", value="150"),), "value"),
    (
        "no such day",
        "Observation",
        (put("effectiveDateTime", value="2019-02-30"),),
        "effectiveDateTime",
    ),
    (
        "two onsets",
        "Condition",
        (put("onsetDateTime", value="2014"), put("onsetString", value="2014")),
        "value_error",
    ),
    ("month 13", "Condition", (put("onsetDateTime", value="2014-13"),), "onsetDateTime"),
    (
        "age without unit",
        "Condition",
        (put("onsetAge", value={"value": 45}),),
        "age-1",
    ),
    ("age in kilograms", "Condition", (put("onsetAge", value=years(45, code="kg")),), "age-units"),
    ("ages backwards", "Condition", (onset(years(49), years(40)),), "rng-2"),
    ("ages in two units", "Condition", (onset(years(4), years(9, code="mo")),), "one-unit"),
    ("ages in kilograms", "Condition", (onset(years(4, code="kg")),), "range-of-ages"),
    ("age of nought", "Condition", (onset(years(0), years(9)),), "range-of-ages"),
    ("ages compared", "Condition", (onset(years(4, comparator="<")),), "sqty-1"),
    (
        "dose compared",
        "MedicationStatement",
        (dose(doseQuantity=years(4, comparator="<")),),
        "sqty",
    ),
    ("shortest as longest", "MedicationStatement", (repeat(**EVERY, periodMax=4),), "period-max"),
    ("rarest as most", "MedicationStatement", (repeat(**EVERY, frequencyMax=1),), "frequency-max"),
    (
        "severity of no severities",
        "Condition",
        (put("severity", value=concept("http://snomed.info/sct", "24484001")),),
        "snomed",
    ),
    ("site alone", "Condition", (put("bodySite", value={"text": "hip"}),), "bodySite"),
    ("sites of a result", "Observation", (put("bodySite", value=[{"text": "x"}]),), "bodySite"),
    ("narrative without status", "Condition", (drop("text", "status"),), "text.status"),
    ("narrative that is no XML", "Condition", (div("<p>a & b</p>"),), "not well-formed"),
    ("narrative with a script", "Condition", (div("<p><script>x</script></p>"),), "txt-1"),
    ("narrative that acts", "Condition", (div('<p onclick="x">a</p>'),), "txt-1"),
    ("narrative of nothing", "Condition", (div("<p> </p>"),), "txt-2"),
    ("narrative without XHTML", "Condition", (put("text", "div", value="<div>a</div>"),), "XHTML"),
]
