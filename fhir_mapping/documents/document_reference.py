"""DocumentReference or DiagnosticReport in, texts to read out (FHIR R4)."""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import orjson

from fhir_mapping.datatypes import identity, json_values, references
from fhir_mapping.datatypes.json_text import MOST_ELEMENTS, checked
from fhir_mapping.datatypes.validation import fhir_complaints
from fhir_mapping.documents import attachment, diagnostic_report, document_rules
from fhir_mapping.documents.formats import dispatch
from fhir_mapping.documents.formats.converted import Converted
from models.clinical import (
    DIAGNOSTIC_REPORT,
    DOCUMENT_REFERENCE,
    DOCUMENT_TYPES,
    Document,
    Identifier,
    Note,
    Unread,
    named,
    sha256_of,
)
from models.errors import (
    BiomedError,
    Cancelled,
    EnteredInError,
    MissingSubject,
    NoPresentedForm,
    NotADocument,
    NotJson,
    NotYetReported,
    SameText,
    Superseded,
    UnusableSubject,
)

SUBJECTS: Final = ("Patient", "Group")
# Words and signs that change what is said ("-", "+", "<"), however they are laid out.
_WORD: Final = re.compile(r"\w++|[^\w\s]")

UNREAD_BY_STATUS: Final[Mapping[str, type[BiomedError]]] = {
    "entered-in-error": EnteredInError,
    "superseded": Superseded,
    diagnostic_report.REGISTERED: NotYetReported,
    diagnostic_report.CANCELLED: Cancelled,
}
"""Statuses of documents from which nothing is read, each with the reason."""


def parse(
    raw: bytes | str,
    *,
    tenant: str,
    most_elements: int = MOST_ELEMENTS,
    kinds: Collection[str] = DOCUMENT_TYPES,
) -> Document:
    """Return the Document that the JSON text `raw` of a document is, as `parsed` does."""
    return parsed(raw, tenant=tenant, most_elements=most_elements, kinds=kinds)[0]


def parsed(
    raw: bytes | str,
    *,
    tenant: str,
    most_elements: int = MOST_ELEMENTS,
    kinds: Collection[str] = DOCUMENT_TYPES,
) -> tuple[Document, Mapping[str, Any]]:
    """Return the Document that the JSON text `raw` of an R4 document of one of `kinds` is.

    With it comes its JSON in the shape of a DocumentReference, as `loaded` returns it.

    Raises:
        NotADocument: it is not one. The reason names elements and kinds of error, never values.
        TooComplex: it holds more than `most_elements` values.
    """
    try:
        json = checked(raw, most_elements=most_elements)
    except NotJson as error:
        raise NotADocument(reason=error.reason) from None
    resource = _of_kind(json.value, kinds)
    found = faults(resource)
    if found:
        raise NotADocument(reason="; ".join(found))
    return checked_document(json.text, resource, tenant), as_document_reference(resource)


def faults(resource: Mapping[str, Any]) -> list[str]:
    """Return why a document cannot be stored at all, each as `element: what`.

    The data of the attachments is lifted out before fhir.resources decodes it: text that is not
    base64 is for `notes` to report.
    """
    rules, without_data = _RULES[resource["resourceType"]]
    return (
        json_values.complaints(resource)
        or rules(resource)
        or fhir_complaints(resource["resourceType"], without_data(resource))
    )


def loaded(document: Document) -> Mapping[str, Any]:
    """Return the JSON of a document that was stored, for `notes` and `relations.replaces`.

    A DiagnosticReport comes in the shape of a DocumentReference.
    """
    resource: Mapping[str, Any] = orjson.loads(document.resource)
    return as_document_reference(resource)


def as_document_reference(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a document in the shape in which all documents are read."""
    if resource["resourceType"] == DIAGNOSTIC_REPORT:
        return diagnostic_report.as_document_reference(resource)
    return resource


def notes(  # noqa: PLR0913 how attachments are read, and by what means
    document: Document,
    resource: Mapping[str, Any],
    *,
    max_characters: int,
    convert: attachment.Convert = dispatch.convert,
    fetch: attachment.Fetch = attachment.refuse,
    wait_for_passing: bool = False,
) -> tuple[tuple[Note, ...], tuple[Unread, ...]]:
    """Return the texts of a document's attachments, and what of them cannot be read.

    `resource` is the document's JSON. Of attachments that say the same words the first is read:
    they are one document in several formats (FHIR R4, DocumentReference.content). `convert` and
    `fetch` are as in `attachment.read`. With `wait_for_passing` an error that may pass is raised,
    so that the whole document is tried again.

    Raises:
        MissingSubject: the document names no subject.
        UnusableSubject: its subject is no literal reference to a Patient or Group.
    """
    attachments = [content["attachment"] for content in resource["content"]]
    if not attachments:
        return (), (_unread(0, NoPresentedForm()),)
    not_in_force = _not_in_force(resource)
    if not_in_force:
        return (), tuple(_unread(i, not_in_force()) for i in range(len(attachments)))
    subject = _subject(document, resource)
    read = partial(attachment.read, max_characters=max_characters, convert=convert, fetch=fetch)
    found = _read_all(attachments, read, wait_for_passing=wait_for_passing)
    made = tuple(_note(document, subject, index, one) for index, one in found.texts.items())
    return made, tuple(found.unread)


def _not_in_force(resource: Mapping[str, Any]) -> type[BiomedError] | None:
    """Return why nothing is read from a document of this status; an error outweighs the rest."""
    statuses = {resource["status"], resource.get("docStatus")}
    return next((why for status, why in UNREAD_BY_STATUS.items() if status in statuses), None)


def _of_kind(resource: object, kinds: Collection[str]) -> dict[str, Any]:
    """Return a JSON value that says it is of one of these types."""
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    if not isinstance(resource, dict) or kind not in DOCUMENT_TYPES or kind not in kinds:
        raise NotADocument(reason=f"resourceType is not {' or '.join(kinds)}")
    return resource


def _without_data(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return a DocumentReference whose attachments have lost their data."""
    contents = resource["content"]
    bare = document_rules.without_data([content["attachment"] for content in contents])
    pairs = zip(contents, bare, strict=True)
    return {**resource, "content": [{**content, "attachment": one} for content, one in pairs]}


_RULES: Final = {
    DOCUMENT_REFERENCE: (document_rules.complaints, _without_data),
    DIAGNOSTIC_REPORT: (diagnostic_report.complaints, diagnostic_report.without_data),
}
"""By type: what is wrong with its shape, and a copy without the data of its attachments."""


def checked_document(text: str, resource: Mapping[str, Any], tenant: str) -> Document:
    """Return the Document of a document without faults, which `text` is."""
    digest, kind = _digest(resource), resource["resourceType"]
    key = named(kind, _key(resource, digest))
    seen = as_document_reference(resource)
    return Document(
        tenant=tenant,
        key=key,
        id=resource.get("id") or identity.document_id(tenant, key),
        sha256=digest,
        resource=text,
        subject=references.of_any_version(references.literal(seen.get("subject"), SUBJECTS)),
        encounter=_encounter(seen),
        date=seen.get("date"),
        type=kind,
        identifiers=_identifiers(resource),
    )


def _digest(resource: Mapping[str, Any]) -> str:
    """Return the hash of a document's content.

    Servers stamp `meta` anew on every export, so of it only the version counts.
    """
    version = (resource.get("meta") or {}).get("versionId")
    content = {**resource, "meta": {"versionId": version}}
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _key(resource: Mapping[str, Any], digest: str) -> str:
    """Return what names a document for its sender: its first identifier, its id, or its hash."""
    for identifier in resource.get("identifier", []):
        if identifier.get("value"):
            return f"{identifier.get('system', '')}|{identifier['value']}"
    return f"id:{resource['id']}" if resource.get("id") else f"sha256:{digest}"


def _identifiers(resource: Mapping[str, Any]) -> tuple[Identifier, ...]:
    """Return all identifiers, the master identifier too: R4 searches both as `identifier`."""
    master = resource.get("masterIdentifier")
    found = (*resource.get("identifier", ()), *([master] if isinstance(master, dict) else ()))
    pairs = ((one.get("system", ""), one["value"]) for one in found if one.get("value"))
    return tuple(dict.fromkeys(pairs))


def _encounter(resource: Mapping[str, Any]) -> str | None:
    """Return the one Encounter of a document; of several none is surely the right one."""
    contexts = resource.get("context", {}).get("encounter") or []
    encounters = {references.literal(context, ("Encounter",)) for context in contexts} - {None}
    return encounters.pop() if len(encounters) == 1 else None


def _subject(document: Document, resource: Mapping[str, Any]) -> str:
    """Return the reference to whom the document is about."""
    if document.subject:
        return document.subject
    raise UnusableSubject if resource.get("subject") else MissingSubject


class _Read(NamedTuple):
    texts: dict[int, Converted]
    unread: list[Unread]


def _read_all(
    attachments: Sequence[Mapping[str, object]],
    read: Callable[[Mapping[str, object], int], Converted],
    *,
    wait_for_passing: bool,
) -> _Read:
    """Read the attachments of a document, each words once; sort them by their places."""
    found = _Read({}, [])
    seen: dict[str, int] = {}
    for index, one in enumerate(attachments):
        try:
            text = read(one, index)
            found.unread.extend(_unread(index, error) for error in text.unread)
            if len(attachments) > 1:
                _require_new(text, index, seen)
        except BiomedError as error:
            if error.retry and wait_for_passing:
                raise
            found.unread.append(_unread(index, error))
        else:
            found.texts[index] = text
    return found


def _require_new(text: Converted, index: int, seen: dict[str, int]) -> None:
    """Refuse a text whose words are those of one that was read, as in another format of it."""
    words = _WORD.findall(_own_words(text))
    if not words:
        return
    first = seen.setdefault(sha256_of(" ".join(words)), index)
    if first != index:
        raise SameText(index=index, other=first)


def _own_words(text: Converted) -> str:
    """Return what the original says, without the marks and colons of the converter."""
    if not text.source:
        return text.text
    return "\n".join(text.text[part.start : part.end] for part in text.source)


def _note(document: Document, subject: str, index: int, found: Converted) -> Note:
    return Note(
        tenant=document.tenant,
        document_id=document.id,
        document_version=document.version,
        content_index=index,
        text=found.text,
        decoded_as=found.decoded_as,
        subject=subject,
        encounter=document.encounter,
        date=document.date,
        source=found.source,
        document_type=document.type,
    )


def _unread(index: int, error: BiomedError) -> Unread:
    return Unread(content_index=index, code=error.code, reason=str(error))
