"""The model to a Device (HL7 AI Transparency on FHIR, AI-Device)."""

from functools import lru_cache

from fhir_mapping.datatypes import identity, systems
from fhir_mapping.datatypes.ai_label import ai_meta, ai_system
from fhir_mapping.datatypes.codeable_concept import Resource, reference
from fhir_mapping.resources import model_card
from models.clinical import ModelIdentity


@lru_cache(maxsize=8)
def device_id(model: ModelIdentity) -> str:
    """Return the id of a model's Device: another revision, weights or code are another device."""
    versions = (model.revision, model.weights_sha256, model.code_version)
    return identity.identify("Device", model.name, *versions, *model.labels)


def device(model: ModelIdentity) -> Resource:
    """Return the Device that a model is."""
    return {
        "resourceType": "Device",
        "id": device_id(model),
        "meta": ai_meta(systems.AI_DEVICE_PROFILE),
        "extension": [_card(model)],
        "status": "active",
        "deviceName": [{"name": model.name, "type": "model-name"}],
        "type": ai_system(),
        **_versions(model),
    }


def _card(model: ModelIdentity) -> Resource:
    """Return the extension that leads to the model card."""
    target = f"DocumentReference/{model_card.model_card_id(model)}"
    return {"url": systems.AI_MODEL_CARD_DESCRIPTION, "valueReference": reference(target)}


def _versions(model: ModelIdentity) -> Resource:
    """Return the versions that are known."""
    known = {
        "model revision": model.revision,
        "weights sha256": model.weights_sha256,
        "code version": model.code_version,
    }
    versions = [{"type": {"text": name}, "value": value} for name, value in known.items() if value]
    return {"version": versions} if versions else {}
