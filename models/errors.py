"""Every way this system can fail, as a typed sentence.

A class's docstring is its message; `{name}` in it is filled from the keyword arguments. `code` is
the stable word stored with a failed note and sent in an OperationOutcome. `retry` says whether the
same work can succeed later without anybody changing anything. No message holds text of a note.
"""

from typing import ClassVar


class BiomedError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"
    retry: ClassVar[bool] = False

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__((type(self).__doc__ or "").format(**details))


# What comes in: the sender has to change something.


class NotADocument(BiomedError):
    """The input is not an R4 DocumentReference: {reason}."""

    code = "not-a-document-reference"


class InputTooLarge(BiomedError):
    """The request is larger than the {limit} bytes allowed."""

    code = "input-too-large"


class NotJson(BiomedError):
    """The input is not JSON that can be taken in: {reason}."""

    code = "not-json"


class TooComplex(BiomedError):
    """The input holds more than the {limit} {what} allowed."""

    code = "too-complex"


class MissingSubject(BiomedError):
    """The DocumentReference names no subject, so nothing read in it could be said of a patient."""

    code = "missing-subject"


class UnusableSubject(BiomedError):
    """The subject of the DocumentReference is not a literal reference to a Patient or Group."""

    code = "unusable-subject"


class EnteredInError(BiomedError):
    """The document is marked entered-in-error, so nothing is read from it."""

    code = "entered-in-error"


class Superseded(BiomedError):
    """The document is marked superseded by another one, so nothing is read from it."""

    code = "superseded"


class NoContent(BiomedError):
    """The attachment content[{index}] carries no data."""

    code = "no-attachment-data"


class UnsupportedContentType(BiomedError):
    """The attachment content[{index}] is {content_type}, which cannot be read yet."""

    code = "unsupported-content-type"


class BadBase64(BiomedError):
    """The data of attachment content[{index}] is not valid base64."""

    code = "bad-base64"


class EncodedTwice(BiomedError):
    """The data of attachment content[{index}] was encoded as base64 twice."""

    code = "base64-twice"


class NotAsDeclared(BiomedError):
    """The attachment content[{index}] says it is plain text and is {found}, not read yet."""

    code = "not-as-declared"


class UnknownCharset(BiomedError):
    """The attachment content[{index}] declares the charset {charset}, which is not known."""

    code = "unknown-charset"


class WrongCharset(BiomedError):
    """The bytes of attachment content[{index}] are not valid {charset}."""

    code = "wrong-charset"


class NulCharacter(BiomedError):
    """The text of attachment content[{index}] holds a NUL character, which cannot be stored."""

    code = "nul-character"


class NoteTooLarge(BiomedError):
    """The text has {size} characters; at most {limit} are read (BIOMED_MAX_NOTE_CHARACTERS)."""

    code = "note-too-large"


# The reader.


class CheckpointError(BiomedError):
    """The model {reference} cannot be loaded: {reason}."""

    code = "checkpoint"


class UnknownLabels(BiomedError):
    """No label of the model {reference} is known here ({labels}): BIOMED_LABELS gives a meaning."""

    code = "unknown-labels"


class LabelsWithoutResource(BiomedError):
    """No label of the model {name} becomes a resource ({labels}): BIOMED_LABELS gives a meaning."""

    code = "labels-without-resource"


class UnknownDevice(BiomedError):
    """The device {name} is none of auto, cpu, cuda and cuda:n (BIOMED_DEVICE)."""

    code = "unknown-device"


class DeviceAbsent(BiomedError):
    """The device {name} is not there: this process sees {there} CUDA devices (BIOMED_DEVICE)."""

    code = "device-absent"


class DeviceMemoryExhausted(BiomedError):
    """The memory of the device does not hold a single window at present."""

    code = "device-memory"
    retry = True


class UnreadableNote(BiomedError):
    """The model failed on this note alone ({kind})."""

    code = "unreadable-note"


class Unscored(BiomedError):
    """The model gave no label scores for some words of the text."""

    code = "unscored"
    retry = True


class ReaderBroken(BiomedError):
    """The model fails on every text ({kind}); the worker has to be started again."""

    code = "reader-broken"
    retry = True


class ReaderStuck(BiomedError):
    """The model has not answered for {seconds:g} seconds; the worker has to be started again."""

    code = "reader-stuck"
    retry = True


class ReaderStopped(BiomedError):
    """The worker is stopping and takes no more texts."""

    code = "reader-stopped"
    retry = True


class StepFailed(BiomedError):
    """The step `{step}` failed on this document alone ({kind})."""

    code = "step-failed"


class AnnotationError(BiomedError):
    """The annotations in {path} cannot be read, line {line}: {reason}."""

    code = "annotation"


class MissingCorpora(BiomedError):
    """The recipe teaches the encoder auxiliary corpora first, and no folder of them is given."""

    code = "missing-corpora"


# The memory and the queue.


class NotFound(BiomedError):
    """{reference} is not known here."""

    code = "not-found"


class DatabaseUnavailable(BiomedError):
    """The database did not answer ({kind})."""

    code = "database-unavailable"
    retry = True


class DatabaseRefused(BiomedError):
    """The database did not accept the work ({kind})."""

    code = "database-refused"


class Unstorable(BiomedError):
    """The {what} holds a character that no database stores as text (NUL or half a surrogate)."""

    code = "unstorable-text"


class SchemaOutdated(BiomedError):
    """The database schema is at {found}, not {wanted}: run `biomed-ner db upgrade`."""

    code = "schema-outdated"


class SchemaNewer(BiomedError):
    """The database schema is at {found}, newer than {wanted}: start the version it was made for."""

    code = "schema-newer"


class NoDatabase(BiomedError):
    """There is no database at {path}: run `biomed-ner db upgrade`."""

    code = "no-database"


class WrongTenant(BiomedError):
    """The database holds the data of tenant {found}, not of {wanted} (BIOMED_TENANT)."""

    code = "wrong-tenant"


class SeveralTenants(BiomedError):
    """The database holds several tenants ({names}); docs/operations.md says how to part them."""

    code = "several-tenants"


class AttemptsExhausted(BiomedError):
    """Reading was tried {attempts} times, as often as BIOMED_MAX_ATTEMPTS allows."""

    code = "attempts-exhausted"


class Unhealthy(BiomedError):
    """The process that is to write BIOMED_HEALTH_FILE was last seen at work {when}."""

    code = "unhealthy"


class WorkerDied(BiomedError):
    """A worker died or hung while it read this document ({how})."""

    code = "worker-died"
    retry = True


class ReadingTookTooLong(BiomedError):
    """Reading was not over after {seconds:g} seconds (BIOMED_READING_SECONDS)."""

    code = "reading-too-long"


class BrokerUnavailable(BiomedError):
    """The broker did not answer ({kind}); the notes are stored, the sweeper will queue them."""

    code = "broker-unavailable"
    retry = True


# The doors: how a request can be wrong without any look at its note.


class UnknownPath(BiomedError):
    """Nothing is served under this path."""

    code = "unknown-path"


class WrongMethod(BiomedError):
    """This path does not answer {method}."""

    code = "method-not-allowed"


class SlowBody(BiomedError):
    """The body did not arrive within {seconds:g} seconds (BIOMED_BODY_SECONDS)."""

    code = "slow-body"
    retry = True


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


class UnknownHost(BiomedError):
    """The Host header names no loopback address, and BIOMED_BASE_URL is not set."""

    code = "unknown-host"


class UnusableParameter(BiomedError):
    """The search parameter {name} {reason}."""

    code = "unusable-parameter"


class NotAResource(BiomedError):
    """The input is not an R4 {kind}: {reason}."""

    code = "not-a-resource"


class ServerOwned(BiomedError):
    """{reference} was made here of a note; another system cannot change it."""

    code = "server-owned"


class VersionConflict(BiomedError):
    """{reference} is not at the version that the request names."""

    code = "version-conflict"


class Unexpected(BiomedError):
    """The server failed ({kind}); the log says where."""

    code = "unexpected"


# The other FHIR server, to which results go.


class DeliveryRefused(BiomedError):
    """The other server refused {reference} ({answer})."""

    code = "delivery-refused"


class Unsendable(BiomedError):
    """What is stored of a resource cannot be written as a request ({kind})."""

    code = "unsendable"


class DeliveryDelayed(BiomedError):
    """The other server could not take {reference} this time ({answer})."""

    code = "delivery-delayed"
    retry = True


class ServerRefusing(BiomedError):
    """The other server refused the whole request ({answer})."""

    code = "server-refusing"
    retry = True


class ServerSilent(BiomedError):
    """The other server did not answer ({kind})."""

    code = "server-silent"
    retry = True


class ServerConfused(BiomedError):
    """The answer of the other server is no batch-response to the request ({reason})."""

    code = "server-confused"
    retry = True


class DeliveryUnanswered(BiomedError):
    """Sending was tried {attempts} times and never ended; the deliverer died or was stopped."""

    code = "delivery-unanswered"


# The terminal.


class UnreadableFile(BiomedError):
    """The file {path} cannot be read: {reason}."""

    code = "unreadable-file"


class UnwritableFile(BiomedError):
    """The file {path} cannot be written: {reason}."""

    code = "unwritable-file"


class NameTaken(BiomedError):
    """Two notes are called {name}, so that one result would be written over the other."""

    code = "name-taken"


class CannotListen(BiomedError):
    """Nothing can listen at {host}, port {port}: {reason} (BIOMED_HOST, BIOMED_PORT)."""

    code = "cannot-listen"


class WrongSettings(BiomedError):
    """The settings are wrong: {reason}."""

    code = "wrong-settings"


class WrongUsage(BiomedError):
    """{reason}."""

    code = "wrong-usage"


class DemoFailed(BiomedError):
    """The demo cannot go on: {reason}."""

    code = "demo-failed"
