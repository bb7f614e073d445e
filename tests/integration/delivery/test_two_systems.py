"""What was found here is there too: against a second instance of our own server, a real process."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from fhir_mapping.readdressing import readdressed
from models.db.outbox import Outbox
from models.db.resources import Resources
from models.db.stamping import fingerprint, verbatim
from tests.integration.delivery.conftest import Deliver, Read
from tests.integration.worker.documents import document

TEXT = "Pneumonia. Aspirin was given after the appendectomy."
KINDS = ("Condition", "MedicationStatement", "Procedure", "Provenance", "Device")
ALL = (*KINDS, "DocumentReference")


def everything(other: httpx.Client) -> dict[str, dict[str, Any]]:
    """Return all resources of the other system by their references."""
    found: dict[str, dict[str, Any]] = {}
    for kind in ALL:
        bundle = other.get(f"/fhir/{kind}?_count=500").json()
        entries = [entry["resource"] for entry in bundle.get("entry", [])]
        assert len(entries) == bundle["total"]
        found |= {f"{kind}/{one['id']}": one for one in entries}
    return found


def ours(resources: Resources) -> dict[str, dict[str, Any]]:
    """Return all our resources by their references."""
    pages = [resources.search(kind, limit=500) for kind in ALL]
    return {f"{one.type}/{one.id}": verbatim(one.json) for page in pages for one in page.resources}


def references(value: Any) -> set[str]:
    """Return all references within a resource."""
    if isinstance(value, list):
        return {found for part in value for found in references(part)}
    if not isinstance(value, dict):
        return set()
    own = {value["reference"]} if isinstance(value.get("reference"), str) else set()
    return own | references(list(value.values()))


def test_everything_arrives_and_every_reference_leads_somewhere(
    read: Read, deliver: Deliver, resources: Resources, other: httpx.Client, outbox: Outbox
) -> None:
    """All our resources are there and say the same; whatever they refer to is there too."""
    read([document(TEXT, key="1"), document("No fever. Cough.", key="2")])
    came = deliver()
    there, here = everything(other), ours(resources)
    assert there.keys() == here.keys()
    assert came.delivered == len(here)
    assert outbox.counts() == {"waiting": 0, "sending": 0, "delivered": len(here), "dead": 0}
    for reference, resource in here.items():
        sent = readdressed(resource, {(one, 1): "1" for one in [resource["id"]]})
        same = fingerprint(verbatim(other.get(f"/fhir/{reference}").text))
        assert same == fingerprint(sent) or "_history/1" in str(there[reference])
    targets = {one for resource in there.values() for one in references(resource)}
    followed = {one for one in targets if not one.startswith("Patient/")}
    assert any("/_history/" in one for one in followed)
    assert [one for one in followed if other.get(f"/fhir/{one}").status_code != 200] == []
