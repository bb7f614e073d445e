"""Superseding: newer versions, addenda, replacements and errors, in whatever order."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from models.chunks import chunks
from models.clinical import Document
from models.db.inbox.inbox import Inbox
from models.db.resources.resources import Resources
from tests.fakes.keyword_recogniser import KeywordRecogniser
from tests.integration.worker.conftest import Make, Memory
from tests.integration.worker.documents import document
from tests.validity.check import problems
from worker.pipeline import Pipeline

Read = Callable[..., list[int]]

CLINICAL = ("Condition", "MedicationStatement", "AllergyIntolerance", "Procedure")
ERROR = "entered-in-error"


@pytest.fixture
def reader(pipeline: Make) -> Pipeline:
    return pipeline(KeywordRecogniser())


@pytest.fixture
def read(inbox: Inbox, reader: Pipeline) -> Read:
    """Receives documents and reads them, each in a list of its own; returns their rows."""

    def receive_and_read(*documents: Document) -> list[int]:
        rows = [receipt.row for receipt in inbox.receive(documents)]
        for row in rows:
            reader.process([row])
        return rows

    return receive_and_read


@pytest.fixture
def resources(engine: Engine) -> Resources:
    return Resources(engine)


def all_of(resources: Resources, *kinds: str) -> list[dict[str, object]]:
    """Return the latest versions of the resources of some types."""
    found = [one for kind in kinds for one in resources.search(kind, limit=99).resources]
    return [json.loads(one.json) for one in found]


def standing(resources: Resources) -> dict[str, int]:
    """Return what stands, by its words, each with its version."""
    return {word: version for word, version, status in said(resources) if status != ERROR}


def retracted(resources: Resources) -> dict[str, int]:
    """Return what was retracted, by its words, each with its version."""
    return {word: version for word, version, status in said(resources) if status == ERROR}


def said(resources: Resources) -> list[tuple[str, int, str]]:
    return [(words(one), int(version(one)), status(one)) for one in all_of(resources, *CLINICAL)]


def words(resource: dict[str, object]) -> str:
    named = resource.get("code") or resource["medicationCodeableConcept"]
    assert isinstance(named, dict)
    return str(named["text"]).lower()


def version(resource: dict[str, object]) -> str:
    meta = resource["meta"]
    assert isinstance(meta, dict)
    return str(meta["versionId"])


def status(resource: dict[str, object]) -> str:
    verified = resource.get("verificationStatus")
    return str(verified["coding"][0]["code"] if isinstance(verified, dict) else resource["status"])


def note(text: str, key: str = "1", **changes: object) -> Document:
    return document(text, key=key, **changes)


def relates(code: str, key: str) -> list[dict[str, object]]:
    """Return a relatesTo that names another document by its identifier."""
    identifier = {"system": "urn:test", "value": key}
    return [{"code": code, "target": {"identifier": identifier}}]


def replacing(text: str, key: str, other: str, **changes: object) -> Document:
    return note(text, key, relatesTo=relates("replaces", other), **changes)


def everything(memory: Memory) -> list[tuple[object, ...]]:
    return memory.rows("SELECT type, id, version, json FROM resource_version ORDER BY 1, 2, 3")


def test_a_newer_version_retracts_what_it_no_longer_says(read: Read, resources: Resources) -> None:
    """What both versions say gets a new version, what only the older said is an error now."""
    read(note("Pneumonia, on aspirin."), note("Pneumonia after appendectomy."))
    assert standing(resources) == {"pneumonia": 2, "appendectomy": 1}
    assert retracted(resources) == {"aspirin": 2}


def test_a_drug_that_turns_out_to_be_an_allergen(read: Read, resources: Resources) -> None:
    """The drug is retracted, the allergen stands; a correction retracts that one too."""
    read(note("On aspirin."), note("Allergic to aspirin."))
    (allergy,) = all_of(resources, "AllergyIntolerance")
    assert (words(allergy), status(allergy)) == ("aspirin", "unconfirmed")
    assert resources.search("AllergyIntolerance", limit=9, patient=("Patient/1",)).total == 1
    assert retracted(resources) == {"aspirin": 2}

    read(note("No allergies were asked for."))
    (gone,) = all_of(resources, "AllergyIntolerance")
    assert (version(gone), status(gone), gone.get("clinicalStatus")) == ("2", ERROR, None)
    assert problems(gone) == []


def test_a_superseded_document_says_nothing(read: Read, resources: Resources) -> None:
    """Marked superseded, a document's findings are retracted; one that comes so states none."""
    read(note("Pneumonia."), note("Pneumonia.", status="superseded"))
    assert retracted(resources) == {"pneumonia": 2}
    read(note("Appendectomy.", "2", status="superseded"))
    assert standing(resources) == {}


def test_a_superseded_document_goes_on_replacing(read: Read, resources: Resources) -> None:
    """When the second of three corrections is superseded the first is not current again."""
    read(note("Pneumonia.", "1"), replacing("Bronchitis.", "2", "1"))
    read(
        replacing("Aspirin.", "3", "2"),
        replacing("Bronchitis.", "2", "1", status="superseded"),
    )
    assert set(standing(resources)) == {"aspirin"}


def test_history_stays_readable(read: Read, resources: Resources) -> None:
    """The version before the retraction is served as it was."""
    read(note("Pneumonia."))
    (before,) = resources.search("Condition", limit=9).resources
    read(note("All well."))
    assert resources.vread("Condition", before.id, 1) == before
    after = resources.read("Condition", before.id)
    assert after is not None
    assert (after.version, status(json.loads(after.json))) == (2, ERROR)


def test_a_retraction_is_valid_and_recorded(read: Read, resources: Resources) -> None:
    """Every retracted resource is valid R4 (con-5), and a Provenance says who nullified it."""
    read(note("Pneumonia, on aspirin, after appendectomy."), note("All well."))
    assert [problems(one) for one in all_of(resources, *CLINICAL, "Provenance")] == [[]] * 5
    nullified = [one for one in all_of(resources, "Provenance") if activity(one) == "NULLIFY"]
    assert len(nullified) == 1
    targets = {one["reference"] for one in nullified[0]["target"]}  # type: ignore[attr-defined]
    gone = all_of(resources, *CLINICAL)
    assert targets == {f"{one['resourceType']}/{one['id']}" for one in gone}
    assert "/_history/2" in json.dumps(nullified[0]["entity"])


def activity(provenance: dict[str, object]) -> str:
    return str(provenance["activity"]["coding"][0]["code"])  # type: ignore[index]


@pytest.mark.parametrize("place", ["status", "docStatus"])
def test_an_error_retracts_all_of_a_document(
    place: str, read: Read, resources: Resources, memory: Memory
) -> None:
    """A version entered in error leaves nothing standing, and its neighbour alone."""
    read(note("Pneumonia, on aspirin."), note("Pneumonia.", "2"))
    read(note("Pneumonia, on aspirin.", **{place: ERROR}))
    assert retracted(resources) == {"pneumonia": 2, "aspirin": 2}
    assert len([one for one in said(resources) if one[2] != ERROR]) == 1
    assert memory.rows("SELECT DISTINCT state FROM document") == [("done",)]


def test_references_of_a_retraction_can_be_read(read: Read, resources: Resources) -> None:
    """Even where the first document a model sees is an error, its Device and card are there."""
    read(note("Pneumonia.", status=ERROR))
    assert len(all_of(resources, "Device")) == 1
    assert all_of(resources, "Provenance") == []


def test_what_is_found_again_stands_again(read: Read, resources: Resources) -> None:
    """A finding that was retracted and is found once more gets its next version."""
    read(note("Pneumonia."), note("All well."), note("Pneumonia after all."))
    assert standing(resources) == {"pneumonia": 3}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1), (1, 0, 2)])
def test_versions_may_be_read_in_any_order(
    order: Sequence[int], inbox: Inbox, reader: Pipeline, resources: Resources
) -> None:
    """Whichever is completed last, the newest version decides what stands."""
    texts = ("Pneumonia, on aspirin.", "On aspirin after appendectomy.", "Pneumonia.")
    rows = [receipt.row for receipt in inbox.receive([note(text) for text in texts])]
    for place in order:
        reader.process([rows[place]])
    assert set(standing(resources)) == {"pneumonia"}


def test_an_older_version_in_the_same_list_says_nothing(
    inbox: Inbox, reader: Pipeline, resources: Resources, memory: Memory
) -> None:
    """Two versions in one list are both read, and the newer one alone is heard."""
    receipts = inbox.receive([note("Pneumonia."), note("On aspirin.")])
    reader.process([receipt.row for receipt in receipts])
    assert said(resources) == [("aspirin", 1, "active")]
    assert memory.number("mention") == 2


def test_a_version_that_cannot_be_read_retracts_nothing(read: Read, resources: Resources) -> None:
    """As long as nobody knows what the newer version says, the older one stands."""
    read(note("Pneumonia."), note("", content=[{"attachment": {"data": "%%%"}}]))
    assert standing(resources) == {"pneumonia": 1}


def test_an_addendum_leaves_its_parent(read: Read, resources: Resources) -> None:
    """What an addendum says is added, what its parent said stays."""
    read(note("Pneumonia."), note("On aspirin.", "2", relatesTo=relates("appends", "1")))
    assert standing(resources) == {"pneumonia": 1, "aspirin": 1}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("size", [1, 2])
def test_a_replacement_supersedes_whenever_its_parent_comes(
    order: Sequence[int], size: int, inbox: Inbox, reader: Pipeline, resources: Resources
) -> None:
    """The parent's findings do not stand, whether it is read before, after or with the other."""
    documents = [note("Pneumonia."), replacing("On aspirin.", "2", "1")]
    rows = [inbox.receive([documents[place]])[0].row for place in order]
    for some in chunks(rows, size):
        reader.process(some)
    assert standing(resources) == {"aspirin": 1}


def test_a_parent_named_by_its_id_is_replaced(read: Read, resources: Resources) -> None:
    """relatesTo may name the parent by a reference instead of an identifier."""
    parent = note("Pneumonia.", id="parent")
    target = {"reference": "https://ehr.example.org/fhir/DocumentReference/parent/_history/4"}
    read(parent, note("Well.", "2", relatesTo=[{"code": "replaces", "target": target}]))
    assert standing(resources) == {}
    assert retracted(resources) == {"pneumonia": 2}


def test_a_newer_version_of_a_replaced_parent_stays_silent(
    read: Read, resources: Resources
) -> None:
    """A late correction of a document that was replaced brings nothing back."""
    read(note("Pneumonia."), replacing("Well.", "2", "1"), note("Pneumonia, on aspirin."))
    assert standing(resources) == {}


def test_a_replacement_entered_in_error_gives_its_parent_back(
    read: Read, resources: Resources, inbox: Inbox, reader: Pipeline
) -> None:
    """The parent waits to be read again, and what it says stands again."""
    read(note("Pneumonia."), replacing("On aspirin.", "2", "1"))
    read(replacing("On aspirin.", "2", "1", status=ERROR))
    reader.process(inbox.due(queued_for_seconds=600, limit=9, max_attempts=3))
    assert standing(resources) == {"pneumonia": 3}
    assert retracted(resources) == {"aspirin": 2}


def test_a_document_that_replaces_itself_is_read(read: Read, resources: Resources) -> None:
    """Some senders name the version before as what is replaced: that is a newer version."""
    read(note("Pneumonia.", id="a"), replacing("On aspirin.", "1", "1", id="a"))
    assert standing(resources) == {"aspirin": 1}
    assert retracted(resources) == {"pneumonia": 2}


def test_two_senders_with_one_id_leave_each_other_alone(read: Read, resources: Resources) -> None:
    """Documents that share an id but not an identifier are not versions of each other."""
    read(note("Pneumonia.", "1", id="a"), note("On aspirin.", "2", id="a"))
    assert standing(resources) == {"pneumonia": 1, "aspirin": 1}


def test_nothing_changes_when_all_of_it_comes_twice(
    read: Read, memory: Memory, inbox: Inbox, reader: Pipeline
) -> None:
    """Versions, errors and replacements sent and rung for again write nothing."""
    sent = [
        note("Pneumonia, on aspirin."),
        note("Pneumonia."),
        replacing("Appendectomy.", "2", "1"),
        note("On aspirin.", "3"),
        note("On aspirin.", "3", status=ERROR),
    ]
    read(*sent)
    before = everything(memory)
    read(*sent)
    reader.process(inbox.due(queued_for_seconds=0, limit=99, max_attempts=3))
    assert everything(memory) == before


def test_versions_completed_at_once(
    inbox: Inbox, reader: Pipeline, resources: Resources, memory: Memory
) -> None:
    """Workers that read versions of one document at the same moment leave what the newest says."""
    for number in range(4):
        texts = ("Pneumonia.", "On aspirin.", "After appendectomy.")
        sent = [note(text, str(number)) for text in texts]
        rows = [receipt.row for receipt in inbox.receive(sent)]
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda row: reader.process([row]), rows))
    assert [word for word, _, state in said(resources) if state != ERROR] == ["appendectomy"] * 4
    assert memory.rows("SELECT DISTINCT state FROM document") == [("done",)]
