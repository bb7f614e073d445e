"""What is no longer found is retracted: the resource stays readable and says it was an error."""

from collections.abc import Mapping, Sequence
from typing import Final

from fhir_mapping.datatypes import systems
from fhir_mapping.datatypes.codeable_concept import Resource, concept
from fhir_mapping.findings import status_tables
from fhir_mapping.resources.narrative import narrated
from fhir_mapping.resources.provenance import provenance
from models.clinical import Run

# Those whose verificationStatus says it, and its code system.
_VERIFIED: Final = {
    "Condition": systems.CONDITION_VERIFICATION,
    "AllergyIntolerance": systems.ALLERGY_VERIFICATION,
}


def retracted(resource: Mapping[str, object]) -> Resource:
    """Return a clinical resource of ours as entered in error.

    A Condition and an AllergyIntolerance lose their clinicalStatus (FHIR R4, con-5, ait-2).
    Retracting twice changes nothing.
    """
    system = _VERIFIED.get(str(resource["resourceType"]))
    if system is None:
        return narrated({**resource, "status": status_tables.RETRACTED})
    kept = {name: value for name, value in resource.items() if name != "clinicalStatus"}
    return narrated({**kept, "verificationStatus": concept(system, status_tables.RETRACTED)})


def nullified(run: Run, *, targets: Sequence[str], source: str) -> Resource:
    """Return the Provenance of what a run retracted, since `source` no longer says it."""
    return narrated(provenance(run, targets=targets, source=source, activity="NULLIFY"))
