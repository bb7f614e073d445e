"""The demo's notes."""

import base64
import binascii

import orjson
import pytest

from fhir_mapping.documents.document_reference import notes, parse, parsed
from gateway.demo.samples import SAMPLES, Sample, content, document
from models.errors import NotADocument

LIMIT = 100_000
ACCEPTED = [sample for sample in SAMPLES if sample.expected == "done"]
PLAIN = [sample for sample in ACCEPTED if sample.content_type.startswith("text/plain")]


def test_there_are_notes_of_every_kind() -> None:
    """A dozen notes or more: long, in Latin-1, empty and in capitals among them."""
    texts = {sample.file: content(sample.file) for sample in ACCEPTED}
    assert len(texts) >= 12
    assert len(texts["long_hospital_course.txt"].decode()) >= 30_000
    assert texts["empty.txt"] == b""
    assert texts["all_capitals.txt"].decode().isupper()
    with pytest.raises(UnicodeDecodeError):
        texts["geriatric_letter_latin1.txt"].decode()


@pytest.mark.parametrize("sample", PLAIN, ids=lambda sample: sample.title)
def test_a_sample_s_text_is_that_of_its_file(sample: Sample) -> None:
    """What the worker will read is the file, in the charset that is declared."""
    charset = sample.content_type.rpartition("=")[2]
    found, unread = notes(*parsed(document(sample, 1), tenant="t"), max_characters=LIMIT)
    assert unread == ()
    assert [note.text for note in found] == [content(sample.file).decode(charset)]


def test_samples_of_other_formats_are_converted() -> None:
    """HTML, RTF, CDA, PDF: their tables are rows, and what is hidden or deleted is not read."""
    texts = [
        notes(*parsed(document(sample, 1), tenant="t"), max_characters=LIMIT)[0][0].text
        for sample in ACCEPTED
        if sample not in PLAIN
    ]
    assert len(texts) == 4
    assert "Methotrexate\t15 mg\tonce weekly" in texts[0]
    assert "Apixaban\t5 mg\ttwice daily" in texts[1]
    assert "Community-acquired pneumonia\tActive" in texts[2]
    assert "2. Enoxaparin 40 mg subcutaneously daily for 10 days" in texts[3]
    unseen = ("internal remark", "Dictated", "Warfarin")
    assert not any(words in text for text in texts for words in unseen)


def test_the_malformed_one_is_refused() -> None:
    """An unknown element makes the document none."""
    [sample] = [one for one in SAMPLES if one.expected == "refused"]
    with pytest.raises(NotADocument):
        parse(document(sample, 1), tenant="t")


def test_the_broken_one_is_no_base64() -> None:
    """The attachment of the failing sample really cannot be decoded, though its document parses."""
    [sample] = [one for one in SAMPLES if one.expected == "failed"]
    raw = document(sample, 1)
    parse(raw, tenant="t")
    with pytest.raises(binascii.Error):
        base64.b64decode(orjson.loads(raw)["content"][0]["attachment"]["data"], validate=True)
