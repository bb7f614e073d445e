"""Which characters a resource rests on, written into it.

Sources: FHIR Extensions Pack, derivation-reference (der-1: a length needs an offset, and an offset
of 0 is one); HL7 AI Transparency on FHIR, AIconfidence.
"""

from collections.abc import Iterable
from typing import Final

from fhir_mapping.datatypes import systems
from fhir_mapping.datatypes.ai_label import ai_meta
from fhir_mapping.datatypes.codeable_concept import Resource, of_words, reference
from fhir_mapping.findings.finding_name import modifiers, phrase
from fhir_mapping.findings.grouping import Group
from fhir_mapping.findings.mention_in_note import MentionInNote
from models.clinical import Mention, Note

_DIGITS: Final = 4

_ATTACHMENTS: Final = {
    "DocumentReference": "DocumentReference.content[{}].attachment",
    "DiagnosticReport": "DiagnosticReport.presentedForm[{}]",
}
"""Where in a document an attachment stands."""


def document(note: Note) -> str:
    """Return the reference to the version of the document a note came from."""
    versioned = f"/_history/{note.document_version}" if note.document_version else ""
    return f"{note.document_type}/{note.document_id}{versioned}"


def derivation(note: Note, mention: Mention) -> Resource:
    """Return the derivation-reference extension that points at a mention's characters."""
    return {
        "url": systems.DERIVATION_REFERENCE,
        "extension": [
            {"url": "reference", "valueReference": reference(document(note))},
            {
                "url": "path",
                "valueString": _ATTACHMENTS[note.document_type].format(note.content_index),
            },
            {"url": "offset", "valueInteger": mention.start},
            {"url": "length", "valueInteger": mention.end - mention.start},
        ],
    }


def confidence(mention: Mention) -> Resource:
    """Return the AIconfidence extension, its probability rounded so that JSON writes it plainly."""
    return {
        "url": systems.AI_CONFIDENCE,
        "valueDecimal": round(float(mention.score), _DIGITS),
    }


def extensions(mentions: Iterable[MentionInNote]) -> list[Resource]:
    """Return, for each mention, its derivation-reference and right after it its confidence."""
    return [
        extension
        for one in mentions
        for extension in (
            derivation(one.note, one.mention),
            confidence(one.mention),
        )
    ]


def opening(group: Group) -> Resource:
    """Return how every clinical resource begins: type, id, AI label, evidence."""
    return {
        "resourceType": group.thing.kind,
        "id": group.id,
        "meta": ai_meta(),
        "extension": extensions(group.mentions),
    }


def name(group: Group) -> Resource:
    """Return the CodeableConcept of a group's name; the words beside its head have evidence too."""
    parts = modifiers(group.first)
    return {
        **({"extension": extensions(parts)} if parts else {}),
        **of_words(phrase(group.first)),
    }
