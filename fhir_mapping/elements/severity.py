"""How severe (FHIR R4, Condition.severity): in the note's words, coded for three of them."""

from typing import Final

from fhir_mapping.datatypes import systems
from fhir_mapping.datatypes.codeable_concept import Resource, concept, of_words
from fhir_mapping.elements.evidence import extensions
from fhir_mapping.elements.narrowed_denial import heads
from fhir_mapping.findings.attributes import attributes, key
from fhir_mapping.findings.grouping import Group

LABELS: Final = frozenset({"Severity"})
# SNOMED CT, value set condition-severity; only for these very words.
_CODES: Final = {"mild": "255604002", "moderate": "6736007", "severe": "24484000"}


def severity(group: Group) -> Resource:
    """Return the element `severity`, or nothing where none is said or two are."""
    found = [one for head in heads(group) for one in attributes(head, LABELS)]
    stated = {key(one.mention.text) for one in found}
    if len(stated) != 1:
        return {}
    code = _CODES.get(stated.pop())
    coded = concept(systems.SNOMED_CT, code) if code else {}
    words = of_words(found[0].mention.text)
    return {"severity": {"extension": extensions(found), **coded, **words}}
