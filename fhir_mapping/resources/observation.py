"""A test with its value, or a sign or symptom, to an Observation (FHIR R4, Observation)."""

from fhir_mapping.datatypes import systems
from fhir_mapping.datatypes.codeable_concept import (
    Resource,
    coding,
    concept,
    of_words,
    reference,
    words,
)
from fhir_mapping.elements.blood_pressure import components
from fhir_mapping.elements.body_site import LABELS as SITES
from fhir_mapping.elements.body_site import site
from fhir_mapping.elements.evidence import extensions, name, opening
from fhir_mapping.elements.narrowed_denial import whole
from fhir_mapping.elements.occurrence import observed
from fhir_mapping.elements.quantity import quantity
from fhir_mapping.findings import status_tables
from fhir_mapping.findings.attributes import key
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.lab.interpretations import INTERPRETATIONS
from fhir_mapping.findings.lab.names import category
from fhir_mapping.findings.lab.result import Part


def observation(group: Group) -> Resource | None:
    """Return the Observation of a group, or None where what is said allows none.

    Its status is `unknown`: whether the laboratory called the result final is not in the note.
    """
    table = status_tables.OBSERVATION if group.thing.value else status_tables.SIGN
    status = table[group.thing.assertion_status]
    if status is None or not whole(group, SITES):
        return None
    note = group.first.note
    return {
        **opening(group),
        "status": status,
        **_category(group),
        "code": name(group),
        "subject": reference(note.subject),
        **({"encounter": reference(note.encounter)} if note.encounter else {}),
        **observed(group),
        **_value(group),
        **site(group),
    }


def _category(group: Group) -> Resource:
    """Return the category of a measurement, where its name tells it."""
    code = category(group.first.mention.text) if group.thing.value else None
    return {"category": [concept(systems.OBSERVATION_CATEGORY, code)]} if code else {}


def _value(group: Group) -> Resource:
    """Return value[x] and interpretation; of a sign, whether it is there."""
    if not group.thing.value or not group.results:
        return {"valueBoolean": group.thing.assertion_status != "negated"}
    meanings = [found.meaning for found in group.results if found.meaning]
    return {
        **_measured(group.first.mention.text, [found.value for found in group.results]),
        **({"interpretation": [_meaning(meanings)]} if meanings else {}),
    }


def _measured(test: str, values: list[Part]) -> Resource:
    """Return a value: with its unit, as its words, or as words and the two of a blood pressure."""
    evidence = {"extension": extensions(one for part in values for one in part.sources)}
    measure = quantity(values[0].words)
    if measure:
        return {"valueQuantity": {**evidence, **measure}}
    return {
        "valueString": words(values[0].words),
        "_valueString": evidence,
        **components(test, values[0].words, evidence),
    }


def _meaning(meanings: list[Part]) -> Resource:
    code, display = INTERPRETATIONS[key(meanings[0].words)]
    return {
        "extension": extensions(one for part in meanings for one in part.sources),
        "coding": [coding(systems.OBSERVATION_INTERPRETATION, code, display)],
        **of_words(meanings[0].words),
    }
