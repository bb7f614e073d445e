"""Which media types are taken and served."""

import pytest

from gateway.rest.negotiation import accepts_json, media_type


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("", True),
        ("*/*", True),
        ("application/*", True),
        ("application/json", True),
        ("Application/FHIR+JSON; fhirVersion=4.0", True),
        ("text/html, application/json;q=0.1", True),
        ("application/json;q=0", False),
        ("application/json; q=0.000", False),
        ("application/json; q=0.001", True),
        ("text/*", False),
        ("application/fhir+xml", False),
        ("nonsense", False),
    ],
)
def test_accept_headers(header: str, accepted: bool) -> None:  # noqa: FBT001 a table of cases
    """A header admits JSON when one of its ranges names it with a quality above 0."""
    assert accepts_json(header) is accepted


def test_media_types_have_parameters() -> None:
    """Case, spaces and quotes of a media type do not count."""
    assert media_type('Application/JSON ; Charset="UTF-8"') == (
        "application/json",
        {"charset": "utf-8"},
    )
