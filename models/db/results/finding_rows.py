"""Findings as rows: what was found, which resource says so, and which mentions stand behind it."""

from collections.abc import Iterator, Mapping

from models.clinical import Extraction, Finding
from models.db.resources.versions import Key, key_of
from models.db.results.reading_rows import assertion_values, mention_id
from models.db.sql.statements import Row

Versions = Mapping[tuple[Key, str | None], int]
"""Which version of a resource says what a run stated."""


def finding_id(run: str, ordinal: int) -> str:
    """Return the id of a finding: its run and its place among the run's findings."""
    return f"{run}.finding.{ordinal}"


def finding_rows(tenant: str, extraction: Extraction, versions: Versions) -> Iterator[Row]:
    """Yield the rows of the findings, each with the version of the resource made from it."""
    run = extraction.run.id
    for ordinal, finding in enumerate(extraction.findings):
        yield {
            "id": finding_id(run, ordinal),
            "run_id": run,
            "ordinal": ordinal,
            "label": finding.label,
            "text": finding.text,
            **assertion_values(finding.assertion),
            "tenant": tenant,
            **_resource(tenant, run, finding, versions),
        }


def evidence_rows(extraction: Extraction) -> Iterator[Row]:
    """Yield the rows that say which mentions stand behind which finding."""
    run = extraction.run.id
    for place, finding in enumerate(extraction.findings):
        for ordinal, evidence in enumerate(finding.evidence):
            yield {
                "finding_id": finding_id(run, place),
                "mention_id": mention_id(run, evidence.content_index, evidence.mention),
                "ordinal": ordinal,
            }


def _resource(tenant: str, run: str, finding: Finding, versions: Versions) -> Row:
    if finding.resource is None:
        return {"resource_type": None, "resource_id": None, "resource_version": None}
    key = key_of(tenant, finding.resource)
    return {
        "resource_type": key[1],
        "resource_id": key[2],
        "resource_version": versions.get((key, run)),
    }
