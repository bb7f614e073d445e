"""A DiagnosticReport is a document: the texts in its `presentedForm` are read (FHIR R4).

`conclusion` and `result` are not: they are data already, and stay in the report as it was sent.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fhir_mapping.documents import document_rules

REGISTERED: Final = "registered"
CANCELLED: Final = "cancelled"

STATUSES: Final = (
    REGISTERED, "partial", "preliminary", "final", "amended", "corrected", "appended", CANCELLED,
    "entered-in-error", "unknown",
)  # fmt: skip
"""Value set diagnostic-report-status."""

_NOT_IN_FORCE: Final = frozenset({REGISTERED, CANCELLED, "entered-in-error"})
_IN_FORCE: Final = "current"


def complaints(report: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the shape of a DiagnosticReport; no complaint quotes a value."""
    forms = report.get("presentedForm", [])
    checks = {
        "presentedForm: not a list of objects whose data is text": (
            document_rules.is_objects(forms) and all(map(document_rules.is_attachment, forms))
        ),
        "subject: not an object": isinstance(report.get("subject", {}), dict),
        "encounter: not an object": isinstance(report.get("encounter", {}), dict),
        "identifier: not a list of objects": (
            document_rules.is_objects(report.get("identifier", []))
        ),
        "status: not a code of diagnostic-report-status": report.get("status") in STATUSES,
    }
    return [complaint for complaint, passed in checks.items() if not passed]


def without_data(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report whose attachments have lost their data."""
    if "presentedForm" not in report:
        return dict(report)
    return {**report, "presentedForm": document_rules.without_data(report["presentedForm"])}


def as_document_reference(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report in the shape of a DocumentReference, as far as reading it needs one."""
    status = report["status"]
    encounter = report.get("encounter")
    seen = {
        "resourceType": "DocumentReference",
        "status": status if status in _NOT_IN_FORCE else _IN_FORCE,
        "subject": report.get("subject"),
        "context": {"encounter": [encounter]} if encounter else None,
        "date": _date(report),
        "content": [{"attachment": form} for form in report.get("presentedForm", ())],
    }
    return {name: value for name, value in seen.items() if value is not None}


def _date(report: Mapping[str, Any]) -> str | None:
    """Return when it was written: it was issued then, else it is about that time."""
    period: Mapping[str, Any] = report.get("effectivePeriod") or {}
    times: Sequence[str | None] = (
        report.get("issued"),
        report.get("effectiveDateTime"),
        period.get("end"),
        period.get("start"),
    )
    return next((time for time in times if time), None)
