"""Converting takes time in proportion to the length of a document."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from fhir_mapping.documents.content_kinds import markup_kind
from tests.growth import growing_too_fast
from tests.pdfs import Page, pdf
from tests.unit.fhir_mapping.documents.formats.conversions import converted
from tests.unit.fhir_mapping.documents.formats.test_cda import section

MOST = 10_000_000

UNITS: Mapping[str, tuple[str, ...]] = {
    "text/html": (
        "<p>x", "<li>x", "<tr><td>x<td>y", "<b>x</b>", "<br>", "<!--", "&amp;", "<", "</div>",
        "<p hidden>x", "<option selected>x", "<p class='a b'>x</p>", "<span></p></span>",
        "<input>", "<style>.a{display:none}</style>", "{", "<dt>x<dd>y", "<pre>\n\n</pre>",
    ),
    "application/rtf": (
        r"x\par ", r"{\b x}", r"\'e9", r"\u233?", r"x\cell ", r"\trowd x\cell\row ", "}", "\\",
        r"{\listtext 1.}x\par ", r"{\fonttbl{\f1 x;}}", r"\f1 x", r"\bin1 ", r"\uc255\u1 ",
        r"\trowd ", r"{\*\x y}", r"\tab ", r"\outlinelevel1 x\par\pard ", r"\intbl x\par ",
    ),
    "text/xml": ("<paragraph>x</paragraph>", "<br/>", "<list><item>x</item></list>", "x ",
                 "<table><tr><td>x</td><td>y</td></tr></table>", "<!-- x -->"),
}  # fmt: skip
AROUND: Mapping[str, Callable[[str], bytes]] = {
    "text/html": lambda body: f"<html><body><table>{body}".encode(),
    "application/rtf": lambda body: rf"{{\rtf1 {body}}}".encode(),
    "text/xml": lambda body: section(body).encode(),
}
CASES = [(media_type, unit) for media_type, units in UNITS.items() for unit in units]
UNCLOSED = ("<?a><!--x", "<!--x>", "<!DOCTYPE a[x>", "<!DOCTYPE a", "<!DOCTYPE a[x]y", "<!-- - ",
            "<p ", "</p ")  # fmt: skip


FEW = [("text/html", "<tr><td>x<td>y"), ("application/rtf", r"{\b x}"),
       ("text/xml", "<list><item>x</item></list>")]  # fmt: skip


def too_fast(media_type: str, unit: str, sizes: Sequence[int]) -> list[str]:
    """Return what is to be said of a converter whose time grows faster than a document."""

    def stages(text: str) -> dict[str, Callable[[], object]]:
        data = AROUND[media_type](unit * (len(text) // len(unit)))
        return {media_type: lambda: converted(data, media_type, most=MOST)}

    return growing_too_fast(stages, unit, sizes)


@pytest.mark.parametrize(("media_type", "unit"), FEW)
def test_time_grows_with_the_document(media_type: str, unit: str) -> None:
    """Four times as much takes no more than a little over four times as long."""
    assert too_fast(media_type, unit, (10_000, 40_000)) == []


@pytest.mark.soak
@pytest.mark.parametrize(("media_type", "unit"), CASES)
def test_time_grows_with_whatever_a_document_repeats(media_type: str, unit: str) -> None:
    """Tags, escapes and groups of every sort, in long documents."""
    assert too_fast(media_type, unit, (100_000, 400_000)) == []


def test_time_grows_with_the_pages_of_a_pdf() -> None:
    """Each page costs what it holds."""

    def stages(text: str) -> dict[str, Callable[[], object]]:
        data = pdf([Page(["No fever, no cough.\tx"] * 40)] * (len(text) // 100))
        return {"pdf": lambda: converted(data, "application/pdf", most=MOST)}

    assert growing_too_fast(stages, "x", (500, 2000)) == []


@pytest.mark.parametrize("unit", UNCLOSED)
def test_time_to_tell_a_kind_grows_with_markup_that_is_never_closed(unit: str) -> None:
    """A worker itself looks at it, without the limits of converting."""

    def stages(text: str) -> dict[str, Callable[[], object]]:
        sent = unit * (len(text) // len(unit))
        return {"kind": lambda: markup_kind(sent)}

    assert growing_too_fast(stages, unit, (9_000, 36_000)) == []
