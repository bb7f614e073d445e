"""From a resource back to its words, with what the note says around them."""

import json
from collections.abc import Callable, Sequence

from sqlalchemy import Engine

from models.clinical import Document
from models.db.audit.audit import Audit
from models.db.inbox.inbox import Claim, Inbox
from models.db.results.results import Results
from tests.memory import TEXT, document, extraction, reading, resource_id

Claiming = Callable[[Sequence[Document]], list[Claim]]


def test_trail(audit: Audit, results: Results, claimed: Claiming) -> None:
    """The trail of a Condition shows words, place, sentence, assertion, cue, model and run."""
    (claim,) = claimed([document()])
    read = extraction(claim.document)
    results.complete(claim.token, {claim.row: read})
    trail = audit.trail("Condition", resource_id(claim.document, "Condition"))
    assert trail is not None
    assert json.loads(trail.resource.json)["resourceType"] == "Condition"
    (proof,) = trail.evidence
    assert (proof.document, proof.document_version) == (claim.document.id, "1")
    assert proof.content_index == 0
    assert proof.mention == read.readings[0].mentions[0]
    assert proof.assertion == read.readings[0].assertions[0]
    assert proof.run == read.run
    sentence = proof.sentence
    assert sentence.text == "No pneumonia."
    assert sentence.text[sentence.start : sentence.end] == "pneumonia"
    assert TEXT[sentence.offset :].startswith(sentence.text)


def test_trail_of_a_version(audit: Audit, results: Results, claimed: Claiming) -> None:
    """Each version of a resource has the evidence of the document version it was made from."""
    for version in (document(), document(text="corrected")):
        (claim,) = claimed([version])
        results.complete(claim.token, {claim.row: extraction(claim.document)})
    condition = resource_id(document(), "Condition")
    for number in (1, 2):
        trail = audit.trail("Condition", condition, number)
        assert trail is not None
        assert [proof.document_version for proof in trail.evidence] == [str(number)]


def test_trail_without_words(audit: Audit, results: Results, claimed: Claiming) -> None:
    """A Device has a trail without evidence; what does not exist has none."""
    (claim,) = claimed([document()])
    results.complete(claim.token, {claim.row: extraction(claim.document)})
    trail = audit.trail("Device", "model-1")
    assert trail is not None
    assert trail.evidence == ()
    assert audit.trail("Condition", "x") is None


def test_run_and_mention(audit: Audit, results: Results, claimed: Claiming) -> None:
    """A run lists all its mentions in reading order, and each can be asked for alone."""
    (claim,) = claimed([document()])
    read = extraction(claim.document)
    results.complete(claim.token, {claim.row: read})
    proofs = audit.run(read.run.id)
    assert tuple(proof.mention for proof in proofs) == reading().mentions
    assert audit.mention(proofs[1].id) == proofs[1]
    assert audit.mention("x") is None


def test_other_tenant(engine: Engine, inbox: Inbox, results: Results) -> None:
    """Another tenant's notes are not shown, whatever id is asked for."""
    (receipt,) = inbox.receive([document(tenant="other")])
    (claim,) = inbox.claim([receipt.row], lease_seconds=60, max_attempts=3)
    read = extraction(claim.document)
    results.complete(claim.token, {claim.row: read})
    assert Audit(engine).run(read.run.id) == ()
    assert len(Audit(engine, tenant="other").run(read.run.id)) == 3
