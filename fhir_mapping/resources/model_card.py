"""The model card to a DocumentReference (HL7 AI Transparency on FHIR, AI-ModelCard)."""

import base64
from functools import lru_cache

from fhir_mapping.datatypes import identity, systems
from fhir_mapping.datatypes.ai_label import ai_meta
from fhir_mapping.datatypes.codeable_concept import Resource, concept
from models.clinical import ModelIdentity


@lru_cache(maxsize=8)
def model_card_id(model: ModelIdentity) -> str:
    """Return the id of a model's card."""
    return identity.identify("DocumentReference", "model-card", model.name, model.weights_sha256)


def model_card(model: ModelIdentity, card: str) -> Resource:
    """Return the DocumentReference that holds the Markdown text `card` of a model."""
    data = base64.b64encode(card.encode()).decode()
    return {
        "resourceType": "DocumentReference",
        "id": model_card_id(model),
        "meta": ai_meta(systems.AI_MODEL_CARD_PROFILE),
        "status": "current",
        "type": concept(systems.AI_INPUTS, "AIModelCard", "AI Model-Card"),
        "category": [concept(systems.AI_INPUTS, "AIModelCardMarkdownFormat", "Markdown Format")],
        "description": f"Model card of {model.name}",
        "content": [
            {
                "attachment": {
                    "contentType": "text/markdown",
                    **({"data": data} if data else {}),
                    "title": model.name,
                }
            }
        ],
    }
