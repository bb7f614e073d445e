"""How severe a Condition is said to be (FHIR R4, Condition.severity)."""

from typing import Final

from fhir_mapping.datatypes import systems
from fhir_mapping.datatypes.concept import Resource, concept, of_words
from fhir_mapping.elements.denial import heads
from fhir_mapping.elements.evidence import extensions
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.linked import attributes, key

LABELS: Final = frozenset({"Severity"})
# SNOMED CT, value set condition-severity; only for these very words.
CODES: Final = {"mild": "255604002", "moderate": "6736007", "severe": "24484000"}


def severity(group: Group) -> Resource:
    """Return the element `severity`, or nothing where none is said or two are."""
    found = [one for head in heads(group) for one in attributes(head, LABELS)]
    stated = {key(one.mention.text) for one in found}
    if len(stated) != 1:
        return {}
    code = CODES.get(stated.pop())
    coded = concept(systems.SNOMED_CT, code) if code else {}
    words = of_words(found[0].mention.text)
    return {"severity": {"extension": extensions(found), **coded, **words}}
