"""The words of the project: what a note is, and what was read in it.

Frozen values made of the standard library only. Everything else (the reader, the FHIR mapping, the
memory, the doors) speaks in these and stays a stranger to the others.

Offsets everywhere count Unicode code points of the note's text, `end` exclusive.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Experiencer = Literal["patient", "family", "other"]
CueKind = Literal["negated", "uncertain", "historical", "hypothetical", "family", "other"]

# What a name is of, by the tag at its end: "chill (finding)" (SNOMED CT Editorial Guide, Fully
# Specified Name). Left out: situation ("history of appendectomy" is one), event, substance (an
# allergy names one).
SEMANTIC_TAGS: Final[Mapping[str, Literal["problem", "procedure", "drug"]]] = {
    "finding": "problem",
    "disorder": "problem",
    "procedure": "procedure",
    "regime/therapy": "procedure",
    "product": "drug",
    "medicinal product": "drug",
    "clinical drug": "drug",
}


DOCUMENT_REFERENCE: Final = "DocumentReference"
DIAGNOSTIC_REPORT: Final = "DiagnosticReport"
DOCUMENT_TYPES: Final = (DOCUMENT_REFERENCE, DIAGNOSTIC_REPORT)
NO_SOURCE: Final = "urn:biomed:ingest"
"""The system of the identifiers of notes in plain text whose sender names none."""
"""The resource types that bring texts to read."""


Identifier = tuple[str, str]
"""System ("" for none) and value."""


def named(type_: str, name: str) -> str:
    """Return what a document of a type is called here: a DocumentReference by its name alone.

    The name is a FHIR id or an identifier. So a report and a DocumentReference may share one.
    """
    return name if type_ == DOCUMENT_REFERENCE else f"{type_}/{name}"


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, as 64 lower-case hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """A DocumentReference or DiagnosticReport as it was sent: what the inbox keeps.

    `key` says which document it is for its sender (its first identifier, else its id, else its
    hash; a report's says that it is one); `id` is its FHIR id here, `type` its resource type.
    `sha256` is the hash of its content: the same key and hash twice is one document, the same key
    with another hash is its next `version` ("1", "2", …; "" until the inbox has numbered it).
    `resource` is the JSON text as sent, `identifiers` are all by which its sender knows it.
    """

    tenant: str
    key: str
    id: str
    sha256: str
    resource: str
    subject: str | None = None
    encounter: str | None = None
    date: str | None = None
    version: str = ""
    type: str = DOCUMENT_REFERENCE
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Criteria:
    """Which document is meant, without naming it: by all of these together.

    Each part is a list of which one has to fit: an identifier (a system of None is any system, ""
    is none), a FHIR id, a reference to the subject.
    """

    type: str
    identifiers: tuple[tuple[tuple[str | None, str], ...], ...] = ()
    ids: tuple[tuple[str, ...], ...] = ()
    subjects: tuple[tuple[str, ...], ...] = ()

    @property
    def name(self) -> str:
        """The criteria as one text; the same criteria have the same."""
        return repr((self.type, self.identifiers, self.ids, self.subjects))


@dataclass(frozen=True, slots=True)
class MessageDocument:
    """A document that a message brings or, where it `cancels`, takes back."""

    document: Document
    cancels: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message of HL7 v2: its sender's names, its id there, and the documents it is about.

    `sha256` is that of its bytes; `sent` is when it was sent, UTC, ISO 8601, None where it does not
    say. `event` is its type and event, such as `MDM^T02`.
    """

    tenant: str
    application: str
    facility: str
    control_id: str
    event: str
    sha256: str
    sent: str | None
    documents: tuple[MessageDocument, ...]


@dataclass(frozen=True, slots=True)
class SourcePart:
    """The characters `start` to `end` of a note's text, and where its original has them.

    `place` names it in the words of the format: `bytes 120-310`, `page 2`, `OBX[3]-5[1]`.
    """

    start: int
    end: int
    place: str


@dataclass(frozen=True, slots=True)
class Note:
    """One text to read, and where it came from.

    `document_id` and `document_version` name the document, a DocumentReference unless
    `document_type` says otherwise; `content_index` is the position of the attachment in its
    `content[]` or `presentedForm[]`. `subject` and `encounter` are FHIR references such as
    `Patient/7`. `decoded_as` says how the bytes became text, such as `utf-8` or `windows-1252`.
    `source` leads back to the original of a text that was converted, in the order of the text; what
    no part covers (a line end between two cells) is the converter's own.
    """

    tenant: str
    document_id: str
    document_version: str
    content_index: int
    text: str
    decoded_as: str
    subject: str
    encounter: str | None = None
    date: str | None = None
    source: tuple[SourcePart, ...] = ()
    document_type: str = DOCUMENT_REFERENCE

    @property
    def sha256(self) -> str:
        """SHA-256 of the text."""
        return sha256_of(self.text)


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `start` to `end` of a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a note that name something: `text == note.text[start:end]`, always.

    `label` is one of the model's types, spelled as in MACCROBAT (`Disease_disorder`); `score` is
    the probability from 0 to 1 that the words name something of its kind, as the model sees it.
    """

    start: int
    end: int
    text: str
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Cue:
    """The words of the note that decided one part of an assertion."""

    kind: CueKind
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """What the note says of a mention, besides naming it, and the words that say so."""

    negated: bool = False
    uncertain: bool = False
    historical: bool = False
    hypothetical: bool = False
    experiencer: Experiencer = "patient"
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An attribute mention belongs to a head mention; both are positions in `Reading.mentions`."""

    type: str
    source: int
    target: int
    score: float


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model and which code, exactly: a result without one cannot be trusted.

    `weights_sha256` is the hash of all files of the checkpoint that decide a reading, calibration,
    labels and tokenizer among them; `code_version` changes with every rule and table. `labels` are
    types, or `problem=Disease_disorder` where the model's own name is another.
    """

    name: str
    revision: str
    weights_sha256: str
    labels: tuple[str, ...]
    code_version: str

    @property
    def types(self) -> tuple[str, ...]:
        """What its mentions are called: its labels without what the model itself calls them."""
        return tuple(label.rpartition("=")[2] for label in self.labels)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many characters of a text the model read, of how many it was given."""

    read: int
    given: int

    @property
    def complete(self) -> bool:
        """Whether nothing was left unread."""
        return self.read == self.given


@dataclass(frozen=True, slots=True)
class Section:
    """The characters `start` to `end` of a note, its heading included, under one kind of heading.

    `kind` says what the heading stands for: `home_medications`, `plan`, …, as
    `models.ner.text.layout` names them.
    """

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a model found in one text: `assertions[i]` is about `mentions[i]`.

    `sections` are in the order of the text and do not overlap; what is under no heading is in none.
    """

    mentions: tuple[Mention, ...]
    assertions: tuple[Assertion, ...]
    links: tuple[Link, ...]
    coverage: Coverage
    model: ModelIdentity
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One mention: which text of the document (`content_index`), which mention in its reading."""

    content_index: int
    mention: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Mentions of one thing under one assertion, and the FHIR resource made from them.

    `resource` is the FHIR JSON as plain dicts, or None where the assertion allows none (a planned
    procedure); `evidence` holds the supporting mentions in reading order.
    """

    label: str
    text: str
    assertion: Assertion
    evidence: tuple[Evidence, ...]
    resource: Mapping[str, object] | None = field(hash=False, default=None)


@dataclass(frozen=True, slots=True)
class Unread:
    """An attachment of a document that could not be read, and why (`code` and sentence)."""

    content_index: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """One reading of one document by one model; times are UTC, ISO 8601."""

    id: str
    model: ModelIdentity
    started: str
    finished: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that came of reading one document, ready to be stored in one piece.

    `readings[i]` is of `notes[i]`; `records` are the FHIR resources that document the run itself:
    Provenance, Device and the model card's DocumentReference. `replaces` are the other documents
    whose findings this one's take the place of: each as the key of a Document, or `id:<FHIR id>`.
    """

    run: Run
    notes: tuple[Note, ...]
    readings: tuple[Reading, ...]
    unread: tuple[Unread, ...]
    findings: tuple[Finding, ...]
    records: tuple[Mapping[str, object], ...]
    replaces: tuple[str, ...] = ()
