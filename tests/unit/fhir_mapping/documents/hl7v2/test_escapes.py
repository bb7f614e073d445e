r"""Escape sequences, and backslashes that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_mapping.documents.hl7v2.escapes import Escapes, escaped
from fhir_mapping.documents.hl7v2.message import Delimiters

SIGNS = Delimiters("|", "^", "~", "\\", "&")


def resolved(text: str, charset: str = "utf-8") -> str:
    return Escapes(SIGNS, charset).resolved(text)


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (r"\F\\S\\T\\R\\E\ ", r"|^&~\ "),
        (r"first\.br\second", "first\nsecond"),
        (r"first\.BR\second\.sp\third", "first\nsecond\nthird"),
        (r"a\.sp2\b\.sk3\c\.in+4\d\.ti-2\e\.ce\f\.fi\g\.nf\h", "a\n\nb   cde\nfgh"),
        (r"\H\bold\N\ plain", "bold plain"),
        (r"38\XB0\C", "38\\XB0\\C"),
        (r"38\XC2B0\C", "38°C"),
        (r"a\X0D0A\b\X0D\c\X0A\d", "a\nb\nc\nd"),
        (r"\Z99\ \C2842\ \X\ \XZZ\ \X1\ ", r"\Z99\ \C2842\ \X\ \XZZ\ \X1\ "),
        ("50\\ 60", "50\\ 60"),
        ("C:\\temp\\note", "C:\\temp\\note"),
        ("\\", "\\"),
        ("\\\\", "\\\\"),
        ("a\\F", "a\\F"),
        ("1\\2 tablet\\.br\\daily", "1\\2 tablet\ndaily"),
    ],
)
def test_what_a_sequence_means(sent: str, meant: str) -> None:
    """What is no sequence that is known stays as it was sent."""
    assert resolved(sent) == meant


def test_bytes_are_of_the_charset_of_the_message() -> None:
    """The same bytes in another charset are another character."""
    assert resolved(r"\XB0\ ", "windows-1252") == "° "


@given(st.text(alphabet="|^~\\&FSTREab \n", max_size=40))
def test_what_was_escaped_is_meant_as_it_was(text: str) -> None:
    """Escaping and resolving again changes nothing."""
    sent = escaped(text, SIGNS)
    assert not set("|^~&") & set(sent)
    assert resolved(sent) == text
