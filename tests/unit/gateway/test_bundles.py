"""Searchset Bundles."""

from datetime import UTC, datetime

import orjson
from fhir.resources.R4B.bundle import Bundle

from gateway.rest.bundles import searchset
from models.db.resources.resources import Page, Stored

BASE = "https://notes.example.org/fhir"
STORED = Stored(
    "Device", "d1", 1, datetime(2024, 1, 1, tzinfo=UTC), '{"resourceType":"Device","id":"d1"}'
)


def test_a_page_with_more_behind_it() -> None:
    """A page names its total, itself, the next one, and the full address of each match."""
    page = Page((STORED,), 2, "d1")
    bundle = orjson.loads(orjson.dumps(searchset(BASE, "Device", {"_count": "1"}, page)))
    Bundle.model_validate(bundle)
    assert bundle == {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": 2,
        "link": [
            {"relation": "self", "url": f"{BASE}/Device?_count=1"},
            {"relation": "next", "url": f"{BASE}/Device?_count=1&_after=d1"},
        ],
        "entry": [
            {
                "fullUrl": f"{BASE}/Device/d1",
                "resource": {"resourceType": "Device", "id": "d1"},
                "search": {"mode": "match"},
            }
        ],
    }


def test_an_empty_page() -> None:
    """Without matches there is no `entry`, without parameters no question mark."""
    bundle = searchset(BASE, "Device", {}, Page((), 0, None))
    Bundle.model_validate(bundle)
    assert bundle["link"] == [{"relation": "self", "url": f"{BASE}/Device"}]
    assert "entry" not in bundle


def test_links_are_escaped() -> None:
    """A patient's reference keeps its slash; everything else that means something is escaped."""
    asked = {"patient": "Patient/a&b"}
    bundle = searchset(BASE, "Device", asked, Page((), 0, None))
    assert bundle["link"] == [{"relation": "self", "url": f"{BASE}/Device?patient=Patient/a%26b"}]
