"""The ward's shorthand is read as what it stands for, and no offset moves."""

import numpy as np
import pytest
from transformers import PreTrainedTokenizerFast

from models.clinical import Span
from models.ner.brat import AnnotatedText, Entity
from models.ner.checkpoint.labels import TYPES
from models.ner.evaluation.entities import gold_items
from models.ner.text.abbreviations.brands import BRANDS
from models.ner.text.abbreviations.expansion import Meaning, head_of, meaning, meanings, spelled_out
from models.ner.text.abbreviations.table import ABBREVIATIONS, AS_WRITTEN, EACH
from models.ner.text.encoding import Encoding, encode, word_scores
from models.ner.text.words import words_of
from tests.unit.models.ner.oracle import decoded

NOTE = "Pt w/ h/o HTN, on Lasix.\nc/o SOB, N/V x2d; BP 90/60."


def _read(encoding: Encoding, tokenizer: PreTrainedTokenizerFast) -> str:
    """What the encoder is given, in small letters and without spaces."""
    return "".join(str(tokenizer.decode(encoding.ids.tolist())).lower().split())


def test_the_encoder_reads_the_long_form(tokenizer: PreTrainedTokenizerFast) -> None:
    """Abbreviations and brands are given in full, in their places."""
    read = _read(spelled_out(encode(NOTE, tokenizer), tokenizer), tokenizer)
    whole = _read(
        encode(
            "patient with history of hypertension, on furosemide. complains of dyspnea, "
            "nausea / vomiting x2d; blood pressure 90/60.",
            tokenizer,
        ),
        tokenizer,
    )
    assert read == whole


def test_the_words_stay_where_they_are(tokenizer: PreTrainedTokenizerFast) -> None:
    """Every word keeps its place in the text and begins at the piece of what it stands for."""
    plain = encode(NOTE, tokenizer)
    encoding = spelled_out(plain, tokenizer)
    assert encoding.text == NOTE
    assert encoding.words is plain.words
    word = int(np.flatnonzero(encoding.words.starts == NOTE.index("Lasix"))[0])
    piece = encoding.ids[encoding.first[word]]
    assert piece == tokenizer("furosemide", add_special_tokens=False)["input_ids"][0]
    assert encoding.coverage.complete
    assert encoding.borders[-1] == len(encoding.ids)


def test_a_sentence_still_begins_where_it_began(tokenizer: PreTrainedTokenizerFast) -> None:
    """The border before "c/o" is now before the pieces of "complains of"."""
    encoding = spelled_out(encode(NOTE, tokenizer), tokenizer)
    word = int(np.flatnonzero(encoding.words.starts == NOTE.index("c/o"))[0])
    assert encoding.first[word] in encoding.borders


def test_prose_is_left_alone(tokenizer: PreTrainedTokenizerFast) -> None:
    """A text without shorthand comes back as it was; "cp" and "capillary" are none."""
    encoding = encode("He had a capillary leak, nothing more; cp.", tokenizer)
    assert spelled_out(encoding, tokenizer) is encoding
    assert meaning("CP") == Meaning("chest pain", "other")
    assert meaning("cp") is None


def test_a_text_tells_what_its_shorthand_means() -> None:
    """Each in its place, with the kind of thing that it is; a brand is a drug."""
    text = "Pt s/p TKA, on Lasix; Cp"
    found = [(text[start:end], each.form, each.named) for start, end, each in meanings(text)]
    assert found == [
        ("Pt", "patient", "other"),
        ("s/p", "after", "other"),
        ("TKA", "knee arthroplasty", "procedure"),
        ("Lasix", "furosemide", "drug"),
    ]


@pytest.mark.parametrize(
    "text", [NOTE, "SOB", "n/v/d s/p CABG", "Coumadin,Zofran/Tylenol", "-CP,+N/V"]
)
def test_perfect_labels_give_exactly_the_spans(
    text: str, tokenizer: PreTrainedTokenizerFast
) -> None:
    """A mention that is an abbreviation comes back as the abbreviation."""
    words = words_of(text)
    alone = [i for i in range(len(words)) if text[words.starts[i] : words.ends[i]].isalpha()]
    spans = [(int(words.starts[i]), int(words.ends[i])) for i in alone]
    whole = [
        span
        for span in spans
        if not {text[span[0] - 1 : span[0]], text[span[1] : span[1] + 1]} & {"/"}
    ]
    entities = tuple(Entity(f"T{i}", TYPES[i % 41], (Span(*span),)) for i, span in enumerate(whole))
    annotated = AnnotatedText("x", text, entities, (), ())
    encoding = spelled_out(encode(text, tokenizer), tokenizer)
    assert decoded(annotated, encoding) == gold_items(annotated)


def test_each_word_of_a_pair_has_its_own_meaning(tokenizer: PreTrainedTokenizerFast) -> None:
    """In "N/V" the V begins at the pieces of "vomiting", so that both can be mentions."""
    encoding = spelled_out(encode("N/V", tokenizer), tokenizer)
    assert not encoding.shared.any()
    vomiting = tokenizer("vomiting", add_special_tokens=False)["input_ids"]
    assert encoding.ids[encoding.first[2] :].tolist() == vomiting


@pytest.mark.parametrize("table", [*ABBREVIATIONS.values(), *AS_WRITTEN.values(), BRANDS])
def test_an_entry_has_one_meaning_or_one_for_each_word(table: dict[str, str]) -> None:
    """Another number of meanings would never be used."""
    for short, long in table.items():
        assert len(long.split(EACH)) in (1, len(words_of(short))), short


def test_the_tables_do_not_contradict_each_other() -> None:
    """Nothing is in two tables, and small letters are the spelling of what may be small."""
    entries = [short for table in (*ABBREVIATIONS.values(), BRANDS) for short in table]
    assert len(entries) == len(set(entries)) > 900
    assert all(short == short.lower() for short in entries)


@pytest.mark.parametrize(
    ("form", "head"),
    [
        ("chest pain", "pain"),
        ("loss of consciousness", "loss"),
        ("complains of", "complains"),
        ("end-stage renal disease", "disease"),
        ("hypertension", "hypertension"),
        ("with", "with"),
    ],
)
def test_the_head_of_a_phrase(form: str, head: str) -> None:
    """Its last word, or the last before a preposition."""
    assert form[head_of(form) :].startswith(head)
    assert form[: head_of(form)].endswith(" ") or form.startswith(head)


def test_an_abbreviation_is_what_its_head_is(tokenizer: PreTrainedTokenizerFast) -> None:
    """The chest in "CP" is no place: it has the pain's piece, and begins what that goes on."""
    encoding = spelled_out(encode("CP", tokenizer), tokenizer)
    pain = tokenizer("pain", add_special_tokens=False)["input_ids"]
    assert encoding.ids[encoding.first[0] :].tolist() == pain
    symptom = 1 + 2 * TYPES.index("Sign_symptom")
    scores = np.full((1, 1 + 2 * len(TYPES)), -20.0, np.float32)
    scores[0, [symptom, symptom + 1]] = np.log([0.3, 0.6])
    assert np.exp(word_scores(encoding, scores)[0, symptom]) == pytest.approx(0.9, abs=1e-4)
