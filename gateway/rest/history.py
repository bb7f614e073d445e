"""All versions of a resource as a history Bundle (FHIR R4, http.html#history)."""

from collections.abc import Sequence

import orjson

from models.db.resources.resources import Stored
from models.db.resources.stamping import instant


def history(base: str, versions: Sequence[Stored]) -> dict[str, object]:
    """Return the Bundle of a resource's versions, at least one, in the order given.

    `base` is the absolute FHIR base.
    """
    address = f"{base}/{versions[0].type}/{versions[0].id}"
    return {
        "resourceType": "Bundle",
        "type": "history",
        "total": len(versions),
        "link": [{"relation": "self", "url": f"{address}/_history"}],
        "entry": [entry(address, one) for one in versions],
    }


def entry(address: str, stored: Stored) -> dict[str, object]:
    """Return one version: what was asked of the server, and what came of it (bdl-3, bdl-4)."""
    first = stored.version == 1
    return {
        "fullUrl": address,
        "resource": orjson.Fragment(stored.json),
        "request": {
            "method": "POST" if first else "PUT",
            "url": stored.type if first else f"{stored.type}/{stored.id}",
        },
        "response": {
            "status": "201 Created" if first else "200 OK",
            "etag": f'W/"{stored.version}"',
            "lastModified": instant(stored.last_updated),
        },
    }
