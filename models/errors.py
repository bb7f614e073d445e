"""Every way this system can fail, as a typed sentence.

A class's docstring is its message; `{name}` in it is the field of that name, given as a keyword
argument. `code` is the stable word stored with a failed note and sent in an OperationOutcome.
`retry` says whether the same work can succeed later without anybody changing anything. No message
holds text of a note.

In order: what comes in, the reader, the memory and the queue, the doors, the other FHIR server, the
terminal. Which HTTP status an error is answered with: `gateway/rest/errors.py`. What it costs a
document: `worker/failures.py`.
"""

from pathlib import Path
from typing import ClassVar, dataclass_transform


@dataclass_transform(kw_only_default=True, eq_default=False)
class BiomedError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"
    retry: ClassVar[bool] = False

    def __init__(self, **fields: object) -> None:
        self.__dict__.update(fields)
        super().__init__((type(self).__doc__ or "").format(**fields))


# What comes in: the sender has to change something.


class NotADocument(BiomedError):
    """The input is not an R4 document (DocumentReference, DiagnosticReport): {reason}."""

    code = "not-a-document-reference"
    reason: str


class NotIngestible(BiomedError):
    """The message is none of the task biomed.ingest: {reason}."""

    code = "not-ingestible"
    reason: str


class NotANote(BiomedError):
    """The document is neither FHIR nor a note in plain text: {reason}."""

    code = "not-a-note"
    reason: str


class InputTooLarge(BiomedError):
    """The request is larger than the {limit} bytes allowed."""

    code = "input-too-large"
    limit: int


class NotJson(BiomedError):
    """The input is not JSON that can be taken in: {reason}."""

    code = "not-json"
    reason: str


class TooComplex(BiomedError):
    """The input holds more than the {limit} {what} allowed."""

    code = "too-complex"
    limit: int
    what: str


class MissingSubject(BiomedError):
    """The document names no subject, so nothing read in it could be said of a patient."""

    code = "missing-subject"


class UnusableSubject(BiomedError):
    """The subject of the document is not a literal reference to a Patient or Group."""

    code = "unusable-subject"


class EnteredInError(BiomedError):
    """The document is marked entered-in-error, so nothing is read from it."""

    code = "entered-in-error"


class Superseded(BiomedError):
    """The document is marked superseded by another one, so nothing is read from it."""

    code = "superseded"


class NotYetReported(BiomedError):
    """The report is registered and has nothing to read yet."""

    code = "not-yet-reported"


class Cancelled(BiomedError):
    """The report is cancelled, so nothing is read from it."""

    code = "cancelled"


class NoPresentedForm(BiomedError):
    """The report has no presentedForm, so there is no text to read."""

    code = "no-presented-form"


class NoContent(BiomedError):
    """The attachment content[{index}] carries no data."""

    code = "no-attachment-data"
    index: int


class UnsupportedContentType(BiomedError):
    """The attachment content[{index}] is {content_type}, which cannot be read yet."""

    code = "unsupported-content-type"
    index: int
    content_type: str


class BadBase64(BiomedError):
    """The data of attachment content[{index}] is not valid base64."""

    code = "bad-base64"
    index: int


class EncodedTwice(BiomedError):
    """The data of attachment content[{index}] was encoded as base64 twice."""

    code = "base64-twice"
    index: int


class NotAsDeclared(BiomedError):
    """The attachment content[{index}] is not what it says it is: {found}, which is not read."""

    code = "not-as-declared"
    index: int
    found: str


class UnknownCharset(BiomedError):
    """The attachment content[{index}] declares the charset {charset}, which is not known."""

    code = "unknown-charset"
    index: int
    charset: str


class WrongCharset(BiomedError):
    """The bytes of attachment content[{index}] are not valid {charset}."""

    code = "wrong-charset"
    index: int
    charset: str


class NulCharacter(BiomedError):
    """The text of attachment content[{index}] holds a NUL character, which cannot be stored."""

    code = "nul-character"
    index: int


class NoteTooLarge(BiomedError):
    """The text has {size} characters; at most {limit} are read (BIOMED_MAX_NOTE_CHARACTERS)."""

    code = "note-too-large"
    size: int
    limit: int


# What a document holds that is more than plain text.


class DocumentTooComplex(BiomedError):
    """The attachment content[{index}] takes more to convert than is allowed: {what}."""

    code = "document-too-complex"
    index: int
    what: str


class MalformedDocument(BiomedError):
    """The attachment content[{index}] is no {format} that can be read: {reason}."""

    code = "malformed-document"
    index: int
    format: str
    reason: str


class ForbiddenDoctype(BiomedError):
    """The CDA document in content[{index}] holds a DOCTYPE, which CDA does not allow."""

    code = "forbidden-doctype"
    index: int


class EncryptedDocument(BiomedError):
    """The PDF in content[{index}] cannot be opened without a password."""

    code = "encrypted-document"
    index: int


class NoTextInDocument(BiomedError):
    """The {format} in content[{index}] holds pictures and no text."""

    code = "no-text-in-document"
    index: int
    format: str


class PagesUnread(BiomedError):
    """Of the PDF in content[{index}] pages hold pictures or signs that are not read: {pages}."""

    code = "pages-unread"
    index: int
    pages: str


class SameText(BiomedError):
    """The attachment content[{index}] says the same words as content[{other}], which was read."""

    code = "same-text"
    index: int
    other: int


class ConversionTimedOut(BiomedError):
    """Converting the attachment content[{index}] was not over after {seconds:g} seconds."""

    code = "conversion-timed-out"
    retry = True
    index: int
    seconds: float


class ConverterDied(BiomedError):
    """The process that converted the attachment content[{index}] died of it ({how})."""

    code = "converter-died"
    index: int
    how: str


class ConversionFailed(BiomedError):
    """Converting the attachment content[{index}] failed ({kind})."""

    code = "conversion-failed"
    index: int
    kind: str


class ConverterUnavailable(BiomedError):
    """No process to convert attachments in can be started ({kind})."""

    code = "converter-unavailable"
    retry = True
    kind: str


# Attachments that are named by a url.


class UrlNotAllowed(BiomedError):
    """The url of the attachment content[{index}] is not fetched: {reason}."""

    code = "url-not-allowed"
    index: int
    reason: str


class NotFetched(BiomedError):
    """The url of the attachment content[{index}] gave no usable answer: {reason}."""

    code = "not-fetched"
    index: int
    reason: str


class FetchDelayed(BiomedError):
    """The url of the attachment content[{index}] did not answer this time: {reason}."""

    code = "fetch-delayed"
    retry = True
    index: int
    reason: str


# The reader.


class CheckpointError(BiomedError):
    """The model {reference} cannot be loaded: {reason}."""

    code = "checkpoint"
    reference: Path | str
    reason: str | Exception


class UnknownLabels(BiomedError):
    """No label of the model {reference} is known here ({labels}): BIOMED_LABELS gives a meaning."""

    code = "unknown-labels"
    reference: str
    labels: str


class LabelsWithoutResource(BiomedError):
    """No label of the model {name} becomes a resource ({labels}): BIOMED_LABELS gives a meaning."""

    code = "labels-without-resource"
    name: str
    labels: str


class UnknownDevice(BiomedError):
    """The device {name} is none of auto, cpu, cuda and cuda:n (BIOMED_DEVICE)."""

    code = "unknown-device"
    name: str


class DeviceAbsent(BiomedError):
    """The device {name} is not there: this process sees {there} CUDA devices (BIOMED_DEVICE)."""

    code = "device-absent"
    name: str
    there: int


class DeviceMemoryExhausted(BiomedError):
    """The memory of the device does not hold a single window at present."""

    code = "device-memory"
    retry = True


class UnreadableNote(BiomedError):
    """The model failed on this note alone ({kind})."""

    code = "unreadable-note"
    kind: str


class Unscored(BiomedError):
    """The model gave no label scores for some words of the text."""

    code = "unscored"
    retry = True


class ReaderBroken(BiomedError):
    """The model fails on every text ({kind}); the worker has to be started again."""

    code = "reader-broken"
    retry = True
    kind: str


class ReaderStuck(BiomedError):
    """The model has not answered for {seconds:g} seconds; the worker has to be started again."""

    code = "reader-stuck"
    retry = True
    seconds: float


class ReaderStopped(BiomedError):
    """The worker is stopping and takes no more texts."""

    code = "reader-stopped"
    retry = True


class StepFailed(BiomedError):
    """The step `{step}` failed on this document alone ({kind})."""

    code = "step-failed"
    step: str
    kind: str


class AnnotationError(BiomedError):
    """The annotations in {path} cannot be read, line {line}: {reason}."""

    code = "annotation"
    path: Path | str
    line: int
    reason: str | Exception


class MissingCorpora(BiomedError):
    """The recipe teaches the encoder auxiliary corpora first, and no folder of them is given."""

    code = "missing-corpora"


# The memory and the queue.


class NotFound(BiomedError):
    """{reference} is not known here."""

    code = "not-found"
    reference: str


class DatabaseUnavailable(BiomedError):
    """The database did not answer ({kind})."""

    code = "database-unavailable"
    retry = True
    kind: str


class DatabaseRefused(BiomedError):
    """The database did not accept the work ({kind})."""

    code = "database-refused"
    kind: str


class TooLongToStore(BiomedError):
    """A value is longer or more complex than the database can store or index ({kind})."""

    code = "too-long-to-store"
    kind: str


class Unstorable(BiomedError):
    """The {what} holds a character that no database stores as text (NUL or half a surrogate)."""

    code = "unstorable-text"
    what: str


class SchemaOutdated(BiomedError):
    """The database schema is at {found}, not {wanted}: run `biomed-ner db upgrade`."""

    code = "schema-outdated"
    found: str
    wanted: str


class SchemaNewer(BiomedError):
    """The database schema is at {found}, newer than {wanted}: start the version it was made for."""

    code = "schema-newer"
    found: str
    wanted: str


class NoDatabase(BiomedError):
    """There is no database at {path}: run `biomed-ner db upgrade`."""

    code = "no-database"
    path: Path | str


class WrongTenant(BiomedError):
    """The database holds the data of tenant {found}, not of {wanted} (BIOMED_TENANT)."""

    code = "wrong-tenant"
    found: str | None
    wanted: str


class SeveralTenants(BiomedError):
    """The database holds several tenants ({names}); docs/operations.md says how to part them."""

    code = "several-tenants"
    names: str


class AttemptsExhausted(BiomedError):
    """Reading was tried {attempts} times, as often as BIOMED_MAX_ATTEMPTS allows."""

    code = "attempts-exhausted"
    attempts: int


class Unhealthy(BiomedError):
    """The process that is to write BIOMED_HEALTH_FILE was last seen at work {when}."""

    code = "unhealthy"
    when: str


class WorkerDied(BiomedError):
    """A worker died or hung while it read this document ({how})."""

    code = "worker-died"
    retry = True
    how: str


class ReadingTookTooLong(BiomedError):
    """Reading was not over after {seconds:g} seconds (BIOMED_READING_SECONDS)."""

    code = "reading-too-long"
    seconds: float


class BrokerUnavailable(BiomedError):
    """The broker did not answer ({kind}); the notes are stored, the sweeper will queue them."""

    code = "broker-unavailable"
    retry = True
    kind: str


class NotInTime(BiomedError):
    """There was no answer within {seconds:g} seconds."""

    code = "not-in-time"
    retry = True
    seconds: float


class NoBroker(BiomedError):
    """There is no broker: set BIOMED_BROKER_URL, or install the extra local (biomed-ner[local])."""

    code = "no-broker"


# The doors: how a request can be wrong without any look at its note.


class UnknownPath(BiomedError):
    """Nothing is served under this path."""

    code = "unknown-path"


class WrongMethod(BiomedError):
    """This path does not answer {method}."""

    code = "method-not-allowed"
    method: str


class SlowBody(BiomedError):
    """The body did not arrive within {seconds:g} seconds (BIOMED_BODY_SECONDS)."""

    code = "slow-body"
    retry = True
    seconds: float


class Busy(BiomedError):
    """Other large requests are being taken in; this one can be sent again."""

    code = "busy"
    retry = True


class WrongMediaType(BiomedError):
    """The body has to be FHIR JSON in UTF-8 (application/fhir+json), not compressed."""

    code = "unsupported-media-type"


class NotAcceptable(BiomedError):
    """Only FHIR JSON is served (application/fhir+json), which the request does not accept."""

    code = "not-acceptable"


class BadRequest(BiomedError):
    """The request cannot be understood: {reason}."""

    code = "bad-request"
    reason: str


class UnknownHost(BiomedError):
    """The Host header names no loopback address, and BIOMED_BASE_URL is not set."""

    code = "unknown-host"


class UnusableParameter(BiomedError):
    """The search parameter {name} {reason}."""

    code = "unusable-parameter"
    name: str
    reason: str


class NotAResource(BiomedError):
    """The input is not an R4 {kind}: {reason}."""

    code = "not-a-resource"
    kind: str
    reason: str


class ServerOwned(BiomedError):
    """{reference} was made here of a note; another system cannot change it."""

    code = "server-owned"
    reference: str


class IdInUse(BiomedError):
    """{reference} is another one here: no note has the id of what an AI made, nor the reverse."""

    code = "id-in-use"
    reference: str


class SeveralMatches(BiomedError):
    """The condition is met by several documents, so none of them is meant."""

    code = "several-matches"


class NoMatch(BiomedError):
    """A conditional reference of the Bundle leads to no document."""

    code = "no-match"


class NotOffered(BiomedError):
    """{what} is not offered here."""

    code = "not-offered"
    what: str


class NamedTwice(BiomedError):
    """The Bundle names a resource twice, so nobody could say which of the two is meant."""

    code = "named-twice"


class VersionConflict(BiomedError):
    """{reference} is not at the version that the request names."""

    code = "version-conflict"
    reference: str


class Unexpected(BiomedError):
    """The server failed ({kind}); the log says where."""

    code = "unexpected"
    kind: str


# HL7 v2 over MLLP: what a sender has to change, or, where a retry helps, send again.


class NotHl7(BiomedError):
    """The message is no HL7 v2 that can be read: {reason}."""

    code = "not-hl7"
    reason: str


class MissingField(BiomedError):
    """The message has no value in {field}, which it needs."""

    code = "missing-field"
    field: str


class FieldTooLong(BiomedError):
    """The message has more than {limit} characters in {field}."""

    code = "field-too-long"
    field: str
    limit: int


class TooManyOrders(BiomedError):
    """The message brings more than {limit}: send its orders in several messages."""

    code = "too-many-orders"
    limit: str


class UnsupportedMessage(BiomedError):
    """Messages of the type {kind} are not taken here."""

    code = "unsupported-message"
    kind: str


class UnsupportedEvent(BiomedError):
    """Messages of the event {event} are not taken here."""

    code = "unsupported-event"
    event: str


class UnknownCharacterSet(BiomedError):
    """MSH-18 names the character set {name}, which is not known."""

    code = "unknown-character-set"
    name: str


class WrongCharacterSet(BiomedError):
    """The bytes of the message are not valid {charset} (MSH-18)."""

    code = "wrong-character-set"
    charset: str


class MessageTooLarge(BiomedError):
    """The message is larger than the {limit} bytes allowed (BIOMED_MLLP_MAX_BYTES)."""

    code = "message-too-large"
    limit: int


class CutOff(BiomedError):
    """The message does not end: VT and MSH stand within it, and begin another one."""

    code = "cut-off"


class NotFramed(BiomedError):
    """There are bytes outside of a frame, which MLLP begins with VT and ends with FS and CR."""

    code = "not-framed"


class SenderTooSlow(BiomedError):
    """The sender did not {what} within {seconds:g} seconds ({setting})."""

    code = "sender-too-slow"
    retry = True
    what: str
    seconds: float
    setting: str


class SenderGaveUp(BiomedError):
    """The sender did not wait for an answer; a late one could be taken for that to its next."""

    code = "sender-gave-up"
    retry = True


class NoTextInMessage(BiomedError):
    """The message holds no text that is read: no OBX-5 of the types {types}."""

    code = "no-text-in-message"
    types: str


class NotText(BiomedError):
    """The values of {places} are no text and are not read."""

    code = "not-text"
    places: str


# Who may come in.


class NoCredentials(BiomedError):
    """Nothing in the request says who sends it (Authorization: Bearer)."""

    code = "no-credentials"


class Unauthenticated(BiomedError):
    """The request does not say who sends it in a way that is accepted here: {reason}."""

    code = "unauthenticated"
    reason: str


class Forbidden(BiomedError):
    """The scopes of the client do not allow this; needed is {needed}."""

    code = "forbidden"
    needed: str


class TooManyRequests(BiomedError):
    """The client sends more than is allowed; the next request is heard in {seconds} seconds."""

    code = "too-many-requests"
    retry = True
    seconds: int


class KeysUnavailable(BiomedError):
    """The keys that tokens are checked with cannot be had now ({kind})."""

    code = "keys-unavailable"
    retry = True
    kind: str


class UnusableApiKeys(BiomedError):
    """The file of BIOMED_API_KEYS_FILE cannot be used: {reason}."""

    code = "unusable-api-keys"
    retry = True
    reason: str


class OpenToTheNetwork(BiomedError):
    """Whoever reaches {host} could read every patient: SECURITY.md says how to say who may."""

    code = "open-to-the-network"
    host: str


# What is written down of it, and what is taken away.


class AuditLogBroken(BiomedError):
    """The audit log is not as it was written, from row {position} on: {reason}."""

    code = "audit-log-broken"
    position: int
    reason: str


class Purged(BiomedError):
    """The document was purged here, and is not taken in again."""

    code = "purged"


class StillBeingSent(BiomedError):
    """Something of it is just being sent to the other FHIR server; nothing was purged."""

    code = "still-being-sent"
    retry = True


# The other FHIR server, to which results go.


class DeliveryRefused(BiomedError):
    """The other server refused {reference} ({answer})."""

    code = "delivery-refused"
    reference: str
    answer: str


class Unsendable(BiomedError):
    """What is stored of a resource cannot be written as a request ({kind})."""

    code = "unsendable"
    kind: str


class DeliveryDelayed(BiomedError):
    """The other server could not take {reference} this time ({answer})."""

    code = "delivery-delayed"
    retry = True
    reference: str
    answer: str


class ServerRefusing(BiomedError):
    """The other server refused the whole request ({answer})."""

    code = "server-refusing"
    retry = True
    answer: str


class ServerSilent(BiomedError):
    """The other server did not answer ({kind})."""

    code = "server-silent"
    retry = True
    kind: str


class ServerConfused(BiomedError):
    """The answer of the other server is no batch-response to the request ({reason})."""

    code = "server-confused"
    retry = True
    reason: str


class DeliveryUnanswered(BiomedError):
    """Sending was tried {attempts} times and never ended; the deliverer died or was stopped."""

    code = "delivery-unanswered"
    attempts: int


# The terminal.


class UnreadableFile(BiomedError):
    """The file {path} cannot be read: {reason}."""

    code = "unreadable-file"
    path: Path | str
    reason: str


class UnwritableFile(BiomedError):
    """The file {path} cannot be written: {reason}."""

    code = "unwritable-file"
    path: Path | str
    reason: str


class NameTaken(BiomedError):
    """Two notes are called {name}, so that one result would be written over the other."""

    code = "name-taken"
    name: str


class CannotListen(BiomedError):
    """Nothing can listen at {host}, port {port}: {reason} (BIOMED_…HOST, BIOMED_…PORT)."""

    code = "cannot-listen"
    host: str
    port: int
    reason: str


class MetricsCannotListen(BiomedError):
    """Nothing can listen at {host}, port {port}: {reason} (BIOMED_METRICS_PORT)."""

    code = "metrics-cannot-listen"
    host: str
    port: int
    reason: str


class WrongSettings(BiomedError):
    """The settings are wrong: {reason}."""

    code = "wrong-settings"
    reason: str


class WrongUsage(BiomedError):
    """{reason}."""

    code = "wrong-usage"
    reason: str


class DemoFailed(BiomedError):
    """The demo cannot go on: {reason}."""

    code = "demo-failed"
    reason: str
