"""Resources as they are served: versions that say something new, pages, documents as they came."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.clinical import Document
from models.db.inbox.inbox import Claim, Inbox
from models.db.resources.resources import Resources, Stored
from models.db.results.results import Results
from tests.memory import document, extraction, reference, resource_id

Claiming = Callable[[Sequence[Document]], list[Claim]]


def complete(results: Results, claim: Claim, status: str = "refuted") -> None:
    read = {claim.row: extraction(claim.document, status=status)}
    assert results.complete(claim.token, read) == [claim.row]


def read_again(inbox: Inbox, claim: Claim) -> Claim:
    """Claim a row once more that was completed: as a later version with the same FHIR id."""
    newer = document(claim.document.key, "corrected")
    (receipt,) = inbox.receive([newer])
    return inbox.claim([receipt.row], lease_seconds=60, max_attempts=3)[0]


def found(stored: Stored | None) -> Stored:
    assert stored is not None
    return stored


def test_stamped(results: Results, resources: Resources, claimed: Claiming) -> None:
    """The stored JSON carries its version and time, and all that the mapping wrote."""
    (claim,) = claimed([document()])
    complete(results, claim)
    id_ = resource_id(claim.document, "Condition")
    stored = found(resources.read("Condition", id_))
    content = json.loads(stored.json)
    assert content["meta"]["versionId"] == "1"
    assert content["meta"]["security"] == [{"code": "AIAST"}]
    moment = datetime.fromisoformat(content["meta"]["lastUpdated"])
    assert moment == stored.last_updated.replace(microsecond=moment.microsecond)
    assert abs(datetime.now(UTC) - stored.last_updated) < timedelta(minutes=1)
    assert (stored.type, stored.id, stored.version) == ("Condition", id_, 1)


def test_changed_gets_a_version(
    inbox: Inbox, results: Results, resources: Resources, claimed: Claiming
) -> None:
    """A corrected document gives a new version of the same resource; the old one stays."""
    (claim,) = claimed([document()])
    complete(results, claim)
    later = read_again(inbox, claim)
    complete(results, later)
    id_ = resource_id(claim.document, "Condition")
    now, then = found(resources.read("Condition", id_)), found(resources.vread("Condition", id_, 1))
    assert (now.version, then.version) == (2, 1)
    assert reference(later.document) in now.json
    assert reference(claim.document) in then.json
    assert resources.vread("Condition", id_, 2) == now
    assert resources.vread("Condition", id_, 3) is None


def test_equal_gets_no_version(
    inbox: Inbox, results: Results, resources: Resources, claimed: Claiming
) -> None:
    """A resource that says the same again, whoever brings it, keeps its version and time."""
    first, second = claimed([document("a"), document("b")])
    complete(results, first)
    before = resources.read("Device", "model-1")
    complete(results, second)
    complete(results, read_again(inbox, first))
    assert resources.read("Device", "model-1") == before
    assert found(before).version == 1


def test_older_does_not_overwrite(
    inbox: Inbox, results: Results, resources: Resources, claimed: Claiming
) -> None:
    """An older version of a document, completed late, leaves what the newer one said."""
    (older,) = claimed([document()])
    newer = read_again(inbox, older)
    complete(results, newer)
    complete(results, older)
    stored = found(resources.read("Condition", resource_id(older.document, "Condition")))
    assert stored.version == 1
    assert reference(newer.document) in stored.json


@pytest.mark.parametrize("order", [1, -1])
def test_both_versions_in_one_list(
    inbox: Inbox, results: Results, resources: Resources, order: int
) -> None:
    """Two versions of a document in one list leave what the newer one said."""
    rows = [one.row for one in inbox.receive([document(), document(text="corrected")])]
    claims = inbox.claim(rows[::order], lease_seconds=60, max_attempts=3)
    results.complete(claims[0].token, {one.row: extraction(one.document) for one in claims})
    newest = max((one.document for one in claims), key=lambda one: one.version)
    stored = found(resources.read("Condition", resource_id(newest, "Condition")))
    assert reference(newest) in stored.json


def test_document_is_served(inbox: Inbox, resources: Resources) -> None:
    """A document is served as it was sent, under our id and version, in each version."""
    sent = document()
    meta = '{"versionId": "99", "profile": ["p"]}'
    text = f'{{"resourceType": "DocumentReference", "id": "theirs", "meta": {meta}, "a": 1.50}}'
    inbox.receive([document(resource=text, sha256="1"), document(resource=text, sha256="2")])
    latest = found(resources.read("DocumentReference", sent.id))
    assert latest.version == 2
    assert resources.vread("DocumentReference", sent.id, 2) == latest
    assert '"a":1.50' in latest.json
    first = json.loads(found(resources.vread("DocumentReference", sent.id, 1)).json)
    assert (first["id"], first["meta"]["versionId"]) == (sent.id, "1")
    assert first["meta"]["profile"] == ["p"]


def test_derivation_reference_resolves(
    results: Results, resources: Resources, claimed: Claiming
) -> None:
    """The versioned reference inside a resource can be read."""
    (claim,) = claimed([document()])
    complete(results, claim)
    stored = found(resources.read("Condition", resource_id(claim.document, "Condition")))
    named = json.loads(stored.json)["extension"][0]["valueReference"]["reference"]
    kind, id_, _, version = named.split("/")
    assert found(resources.vread(kind, id_, int(version))).id == claim.document.id


def test_pages(results: Results, resources: Resources, claimed: Claiming) -> None:
    """Pages follow each other without a gap or a repetition, and each tells the total."""
    claims = claimed([document(f"key {place}") for place in range(5)])
    for claim in claims:
        complete(results, claim)
    for kind in ("Condition", "DocumentReference"):
        after, ids, pages = None, [], 0
        while pages == 0 or after:
            page = resources.search(kind, patient="Patient/7", limit=2, after=after)
            ids += [stored.id for stored in page.resources]
            after, pages = page.after, pages + 1
            assert page.total == 5
        assert pages == 3
        assert len(set(ids)) == len(ids) == 5


def test_search_counts_only(results: Results, resources: Resources, claimed: Claiming) -> None:
    """A search for no resources still tells how many there are."""
    (claim,) = claimed([document()])
    complete(results, claim)
    page = resources.search("Condition", patient=None, limit=0, after=None)
    assert (page.resources, page.total, page.after) == ((), 1, None)


def test_search_by_patient(inbox: Inbox, resources: Resources) -> None:
    """A patient's search finds nobody else's, and of a document only its latest version."""
    inbox.receive([document("a"), document("a", "moved", subject="Patient/8"), document("b")])
    ours = resources.search("DocumentReference", patient="Patient/7", limit=9)
    theirs = resources.search("DocumentReference", patient="Patient/8", limit=9)
    assert [stored.id for stored in ours.resources] == [document("b").id]
    assert [(stored.id, stored.version) for stored in theirs.resources] == [(document("a").id, 2)]


def test_the_card_is_a_document_too(
    results: Results, resources: Resources, claimed: Claiming
) -> None:
    """A DocumentReference that we made, the model's card, is read and found beside those sent."""
    (claim,) = claimed([document()])
    card = {"resourceType": "DocumentReference", "id": "card", "status": "current"}
    read = replace(extraction(claim.document), records=(card,))
    results.complete(claim.token, {claim.row: read})
    assert found(resources.read("DocumentReference", "card")).version == 1
    page = resources.search("DocumentReference", patient=None, limit=9)
    assert {stored.id for stored in page.resources} == {claim.document.id, "card"}


def test_unknown(resources: Resources) -> None:
    """What is not there is None, and a search finds nothing."""
    assert resources.read("Condition", "x") is None
    assert resources.read("DocumentReference", "x") is None
    assert resources.search("Condition", patient=None, limit=5).total == 0


def test_other_tenant(results: Results, resources: Resources, claimed: Claiming) -> None:
    """Another tenant's resources cannot be read, not even by id."""
    (claim,) = claimed([document(tenant="other")])
    complete(results, claim)
    assert resources.read("Condition", resource_id(claim.document, "Condition")) is None
    assert resources.read("DocumentReference", claim.document.id) is None
    assert resources.search("Device", patient=None, limit=5).total == 0
