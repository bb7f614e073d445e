"""A page of resources as a searchset Bundle (FHIR R4, bundle.html#searchset)."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson

from fhir_mapping.exchange.operation_outcome import outcome
from models.db.resources.resources import Page, Stored
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
    entries = [entry(base, stored) for stored in page.resources]
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


def entry(base: str, stored: Stored) -> dict[str, object]:
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
