"""Who made a run's resources, of what and when (HL7 AI Transparency on FHIR, AI-Provenance)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Literal

from fhir_mapping.datatypes import identity, systems
from fhir_mapping.datatypes.ai_label import ai_asserted, ai_meta, ai_system
from fhir_mapping.datatypes.codeable_concept import Resource, coding, concept, reference
from fhir_mapping.resources.device import device_id
from fhir_mapping.resources.model_card import model_card_id
from models.clinical import Run

Activity = Literal["CREATE", "NULLIFY"]
_DISPLAYS: Final[dict[Activity, str]] = {"CREATE": "create", "NULLIFY": "nullify"}


def provenance(
    run: Run, *, targets: Sequence[str], source: str, activity: Activity = "CREATE"
) -> Resource:
    """Return the Provenance of what a run made or, with NULLIFY, retracted.

    `targets` are references such as `Condition/…`, at least one; `source` is the reference to the
    version of the DocumentReference that was read.
    """
    return {
        "resourceType": "Provenance",
        "id": identity.identify("Provenance", run.id, activity),
        "meta": ai_meta(systems.AI_PROVENANCE_PROFILE),
        "target": [reference(target) for target in targets],
        "occurredPeriod": {"start": _instant(run.started), "end": _instant(run.finished)},
        "recorded": _instant(run.finished),
        "reason": [{"coding": [ai_asserted()]}],
        "activity": concept(systems.DATA_OPERATION, activity, _DISPLAYS[activity]),
        "agent": [_agent(run)],
        "entity": [
            {"role": "source", "what": reference(source)},
            {"role": "derivation", "what": reference(_card(run))},
        ],
    }


def _agent(run: Run) -> Resource:
    """Return the model as the one that put the resources together."""
    return {
        "type": {"coding": [coding(systems.PARTICIPANT_TYPE, "assembler", "Assembler")]},
        "role": [ai_system()],
        "who": reference(f"Device/{device_id(run.model)}"),
    }


def _instant(moment: str) -> str:
    """Return a time in UTC to the millisecond: some readers of FHIR misread more digits."""
    in_utc = datetime.fromisoformat(moment).astimezone(UTC)
    return in_utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _card(run: Run) -> str:
    return f"DocumentReference/{model_card_id(run.model)}"
