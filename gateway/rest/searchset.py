"""A page of resources as a searchset Bundle (FHIR R4, bundle.html#searchset)."""

from collections.abc import Mapping
from urllib.parse import urlencode

import orjson

from models.db.resources import Page, Stored


def searchset(base: str, kind: str, asked: Mapping[str, str], page: Page) -> dict[str, object]:
    """Return the Bundle of one page.

    `base` is the absolute FHIR base, `asked` the parameters that were understood. The total is
    always told, links are absolute, and `entry` is left out when empty, since FHIR has no empty
    arrays.
    """
    bundle: dict[str, object] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": page.total,
        "link": links(f"{base}/{kind}", asked, page.after),
    }
    if page.resources:
        bundle["entry"] = [entry(base, stored) for stored in page.resources]
    return bundle


def links(address: str, asked: Mapping[str, str], after: str | None) -> list[dict[str, str]]:
    """Return the link to this page and, where there is more, to the next."""
    found = [{"relation": "self", "url": with_query(address, asked)}]
    if after is not None:
        found.append({"relation": "next", "url": with_query(address, {**asked, "_after": after})})
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
