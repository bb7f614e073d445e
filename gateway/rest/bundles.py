"""Stored resources as Bundles: a page of a search, or all versions of one (R4, bundle.html)."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson

from fhir_mapping.exchange.operation_outcome import outcome
from models.db.resources.resources import Page, Stored
from models.db.resources.stamping import instant
from models.errors import BiomedError


def searchset(
    base: str,
    kind: str,
    applied: Mapping[str, str],
    page: Page,
    ignored: Sequence[BiomedError] = (),
) -> dict[str, object]:
    """Return the Bundle of one page.

    `base` is the absolute FHIR base, `applied` the parameters that were applied, `ignored` why
    others were not. The total counts the matches and is always told, links are absolute, and
    `entry` is left out when empty, since FHIR has no empty arrays.
    """
    bundle: dict[str, object] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": page.total,
        "link": links(f"{base}/{kind}", applied, page.after),
    }
    entries = [match_entry(base, stored) for stored in page.resources]
    entries += [warning(ignored)] if ignored else []
    if entries:
        bundle["entry"] = entries
    return bundle


def links(address: str, applied: Mapping[str, str], after: str | None) -> list[dict[str, str]]:
    """Return the link to this page and, where there is more, to the next."""
    found = [{"relation": "self", "url": with_query(address, applied)}]
    if after is not None:
        next_page = with_query(address, {**applied, "_after": after})
        found.append({"relation": "next", "url": next_page})
    return found


def with_query(address: str, parameters: Mapping[str, str]) -> str:
    """Return an address with its parameters."""
    return f"{address}?{urlencode(parameters, safe='/')}" if parameters else address


def match_entry(base: str, stored: Stored) -> dict[str, object]:
    """Return one match; its JSON is put in as it was stored."""
    return {
        "fullUrl": f"{base}/{stored.type}/{stored.id}",
        "resource": orjson.Fragment(stored.json),
        "search": {"mode": "match"},
    }


def warning(ignored: Sequence[BiomedError]) -> dict[str, object]:
    """Return the entry that says which parameters were ignored (FHIR R4, search.html#handling)."""
    made: dict[str, Any] = outcome(*ignored)
    issues = [{**issue, "severity": "warning"} for issue in made["issue"]]
    return {"resource": {**made, "issue": issues}, "search": {"mode": "outcome"}}


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
        "entry": [version_entry(address, one) for one in versions],
    }


def version_entry(address: str, stored: Stored) -> dict[str, object]:
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
