"""What of a drug's sig becomes structure: all of it or nothing."""

import pytest

from fhir_mapping.extraction import extract
from tests.golden.markup import RUN, read
from tests.unit.fhir_mapping.elements.sig.brief import briefs, dosages_of
from tests.unit.fhir_mapping.elements.sig.sigs import READ, UNREAD
from tests.validity.check import problems


def marked(sig: str) -> str:
    """Return a drug with a sig whose first word alone was found by the reader."""
    lead = sig[: len(sig) - len(sig.lstrip(" ,:(-~+"))]
    first, space, rest = sig[len(lead) :].partition(" ")
    glue = "" if lead.startswith((",", ":")) else " "
    return f"[Name|drug]{glue}{lead}[{first}|dose >0]{space}{rest}"


def test_there_are_enough() -> None:
    """Eighty sigs at least, and as many that must stay text as may be read."""
    assert len(READ) >= 80
    assert len(UNREAD) >= 80


@pytest.mark.parametrize(("sig", "expected"), READ)
def test_a_sig_that_is_understood_is_structured(sig: str, expected: str) -> None:
    """Every part of the sig is there, with the very digits of the text, and nothing else."""
    assert briefs(marked(sig)) == [expected]


@pytest.mark.parametrize("sig", UNREAD)
def test_a_sig_with_anything_left_over_stays_text(sig: str) -> None:
    """No half of a prescription: the text is there, and no element beside it."""
    assert [set(dosage) for dosage in dosages_of(marked(sig))] == [{"extension", "text"}]


@pytest.mark.parametrize("sig", [sig for sig, _ in READ])
def test_structure_is_valid_and_its_words_are_the_text(sig: str) -> None:
    """The statement is valid R4, and the text of its dosage holds the whole sig."""
    note, reading = read(marked(sig).replace("|drug", "|Medication").replace("|dose", "|Dosage"))
    (statement,) = (f.resource for f in extract([note], [reading], (), run=RUN, card="#").findings)
    assert statement is not None
    assert problems(statement) == []
    (dosage,) = dosages_of(marked(sig))
    edges = ",:-(.) "
    assert dosage["text"].strip(edges).split() == sig.strip(edges).split()
