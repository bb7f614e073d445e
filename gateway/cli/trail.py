"""The audit trail of one resource, for people: which words it came from, and who read them."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.json import JSON
from rich.table import Table
from rich.text import Text

from models.clinical import Assertion, Cue, Run
from models.db.audit.audit import Trail
from models.db.audit.evidence import MentionEvidence, Sentence
from models.db.audit.retraction import RetractionOrigin
from models.db.resources.resources import Stored

FLAGS = ("negated", "uncertain", "historical", "hypothetical")
NOT_IN_FORCE = (
    "entered-in-error",
    "superseded",
    "cancelled",
    "registered",
)  # statuses of a document that nobody reads
WORDS = ("»", "«")  # so that the words can be seen without colours
EXPERIENCERS = {"family": "of a relative", "other": "of somebody else"}


def show(trail: Trail, console: Console) -> None:
    """Print a resource, who retracted it, the words behind it and the model that read them."""
    console.rule(Text(title(trail.resource)), align="left")
    console.print(JSON(trail.resource.json), soft_wrap=True)
    if trail.retraction:
        console.rule("Retracted; it rested on the evidence below", align="left")
        console.print(grid(of_retraction(trail.retraction, trail.evidence)))
    if not trail.evidence:
        console.print("No words of a note stand behind this resource.")
    for number, proof in enumerate(trail.evidence, 1):
        console.rule(f"Evidence {number} of {len(trail.evidence)}", align="left")
        console.print(grid(rows(proof)))


def title(stored: Stored) -> str:
    """Return which version of which resource it is, and since when."""
    return f"{stored.type}/{stored.id}, version {stored.version}, {stored.last_updated:%F %T} UTC"


PARTS = {"DocumentReference": "content", "DiagnosticReport": "presentedForm"}
"""The element of a document that holds its texts."""


def grid(lines: Iterable[tuple[str, Text]]) -> Table:
    """Return names with their values, line by line."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in lines:
        table.add_row(Text(name, "bold"), value)
    return table


def of_retraction(
    one: RetractionOrigin, evidence: Sequence[MentionEvidence]
) -> Iterator[tuple[str, Text]]:
    """Give why a resource was retracted, by which run, and where that is recorded."""
    yield "why", Text(why(one, evidence))
    yield "read then", Text(f"{one.document_type}/{one.document}/_history/{one.document_version}")
    yield from by(one.run)
    if one.record:
        yield "recorded as", Text(f"Provenance/{one.record}")


def why(one: RetractionOrigin, evidence: Sequence[MentionEvidence]) -> str:
    """Return what the run that retracted had found out."""
    said = {(proof.document, proof.document_version) for proof in evidence}
    not_in_force = [status for status in one.statuses if status in NOT_IN_FORCE]
    if not_in_force:
        return f"the document is {not_in_force[0]}"
    if one.document not in {document for document, _ in said}:
        return f"{one.document_type}/{one.document} replaces the document"
    if (one.document, one.document_version) in said:
        return "the same version of the document was read again, and this was not found"
    return f"version {one.document_version} of the document does not say it"


def rows(proof: MentionEvidence) -> Iterator[tuple[str, Text]]:
    """Give what is known of a mention, line by line."""
    mention = proof.mention
    place = f"{proof.document_type}/{proof.document}/_history/{proof.document_version}"
    yield "sentence", marked(proof.sentence)
    yield "document", Text(f"{place}, {PARTS[proof.document_type]}[{proof.content_index}]")
    yield "characters", Text(f"{mention.start} to {mention.end}")
    if proof.places:
        yield "original", Text("; ".join(proof.places))
    yield "read as", Text(f"{mention.label}, score {mention.score:.3f}")
    yield "assertion", Text(said(proof.assertion))
    yield from by(proof.run)


def by(run: Run) -> Iterator[tuple[str, Text]]:
    """Give who read, line by line."""
    yield "model", Text(f"{run.model.name}, revision {run.model.revision}")
    yield "weights", Text(f"sha256 {run.model.weights_sha256}")
    yield "run", Text(f"{run.id}, {run.started} to {run.finished}, code {run.model.code_version}")


def marked(sentence: Sentence) -> Text:
    """Return the sentence with its words set off by marks and, where there are any, colours."""
    words = sentence.text[sentence.start : sentence.end]
    return Text.assemble(
        sentence.text[: sentence.start],
        (words.join(WORDS), "bold reverse"),
        sentence.text[sentence.end :],
    )


def said(assertion: Assertion) -> str:
    """Return what the note says of the mention, and the cues that decided it."""
    flags = [flag for flag in FLAGS if getattr(assertion, flag)]
    whose = EXPERIENCERS.get(assertion.experiencer)
    meaning = ", ".join([*flags, *([whose] if whose else [])]) or "stated of the patient"
    cues = ", ".join(map(cue, assertion.cues))
    return f"{meaning} (cue: {cues})" if cues else meaning


def cue(one: Cue) -> str:
    """Return the words of a cue with their place in the note."""
    return f'"{" ".join(one.text.split())}" at {one.start} to {one.end}, {one.kind}'
