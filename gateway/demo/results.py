"""The resources of each document, found by searching as FHIR clients do."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import httpx

from fhir_mapping.datatypes.systems import DERIVATION_REFERENCE

Resource = dict[str, Any]

TYPES = (
    "Condition",
    "MedicationStatement",
    "AllergyIntolerance",
    "Procedure",
    "FamilyMemberHistory",
)
PAGE = 200


def by_document(client: httpx.Client) -> dict[str, list[Resource]]:
    """Return the resources of each document in the order of the text, under the document's id."""
    found: defaultdict[str, list[Resource]] = defaultdict(list)
    for kind in TYPES:
        for resource in search(client, f"/fhir/{kind}?_count={PAGE}"):
            found[source(resource)].append(resource)
    return {document: sorted(resources, key=offset) for document, resources in found.items()}


def search(client: httpx.Client, address: str | None) -> Iterator[Resource]:
    """Give all resources that a search finds, page after page."""
    while address is not None:
        bundle = client.get(address).raise_for_status().json()
        yield from (entry["resource"] for entry in bundle.get("entry", []))
        address = next_page(bundle)


def next_page(bundle: Resource) -> str | None:
    """Return the address of the page after this one, None on the last."""
    links = (link["url"] for link in bundle["link"] if link["relation"] == "next")
    return next(links, None)


def source(resource: Resource) -> str:
    """Return the id of the document that a resource was read in, from its first evidence."""
    reference = evidence(resource)["reference"]["valueReference"]["reference"]
    return str(reference.split("/")[1])


def offset(resource: Resource) -> int:
    """Return the character at which the first evidence of a resource begins."""
    return int(evidence(resource)["offset"]["valueInteger"])


def evidence(resource: Resource) -> dict[str, Resource]:
    """Return the parts of a resource's first derivation-reference, by name."""
    found = (one for one in resource["extension"] if one["url"] == DERIVATION_REFERENCE)
    return {part["url"]: part for part in next(found)["extension"]}
