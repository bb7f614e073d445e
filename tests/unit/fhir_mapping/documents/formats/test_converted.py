"""How many places of its original a converted text leads back to."""

from functools import partial

import pytest

from fhir_mapping.documents.formats import dispatch
from fhir_mapping.documents.formats.converted import bounded
from models.clinical import SourcePart
from tests.unit.fhir_mapping.documents.formats.conversions import converted


def test_neighbours_are_one_part_where_there_are_too_many() -> None:
    """The range from the first to the last, under both places, or under theirs if it is one."""
    parts = [SourcePart(3 * n, 3 * n + 2, place) for n, place in enumerate("aabcd")]
    assert bounded(parts, most=5) == tuple(parts)
    assert bounded(parts, most=3) == (
        SourcePart(0, 5, "a"),
        SourcePart(6, 11, "b to c"),
        SourcePart(12, 14, "d"),
    )


def test_a_page_of_many_paragraphs_has_no_more_parts_than_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its first and its last characters still lead to where they come from."""
    monkeypatch.setattr(dispatch, "bounded", partial(bounded, most=10))
    found = converted("<p>x" * 25, "text/html")
    assert len(found.source) <= 10
    first, last = found.source[0], found.source[-1]
    assert (first.start, first.place) == (0, "/html[1]/body[1]/p[1] to /html[1]/body[1]/p[3]")
    assert (last.end, last.place) == (len(found.text.rstrip()), "/html[1]/body[1]/p[25]")
