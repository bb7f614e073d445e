"""Whether work grows with the length of a text: adversarial texts, and the stages of reading them.

A stage's time is the processor time of this process, the least of several tries. What takes less
than LEAST cannot be told from noise, and counts as growing with the text. On a busy machine long
work is disturbed more surely than short work: where it matters the short work is repeated until it
takes as long, and what still seems to grow too fast must do so again at twice the length.
"""

import gc
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import cycle
from math import log2
from typing import Final

import numpy as np

from fhir_mapping.extraction import extract
from fhir_mapping.findings.grouping import group
from models.clinical import Coverage, Extraction, Mention, Reading
from models.db.audit.evidence import around
from models.ner.assertion.context import assert_all
from models.ner.checkpoint.loading import Checkpoint, load
from models.ner.decoding.layout_limits import without_titles
from models.ner.decoding.mentions_of_path import decode
from models.ner.decoding.priors.apply import apply_priors
from models.ner.decoding.span_trimming import trimmed
from models.ner.inference.passages import batches, passages
from models.ner.links.link_attributes import link_all
from models.ner.text.abbreviations.expansion import spelled_out
from models.ner.text.encoding import Encoding, Scores, encode
from models.ner.text.layout.layout_of_text import layout
from models.ner.text.sentence_ends import sentence_starts
from models.ner.text.words import words_of
from tests.golden.markup import MODEL, RUN, note

MOST: Final = 2.3  # times the work for twice the text
TRIES: Final = 8
LEAST: Final = 0.04  # seconds
APART: Final = 20  # characters from a mention to the next of its label: there are thousands

PATTERNS: Final[Mapping[str, str]] = {
    "blanks": " ",
    "line breaks": "\n",
    "blank lines": "\n \t\n",
    "line ends of Windows": "\r\n",
    "form feeds": "fever\f",
    "tabs": "\t",
    "hyphens": "-",
    "full stops": ".",
    "dots and blanks": ". ",
    "digits": "7",
    "numbers": "12.5 ",
    "slashes": "/",
    "commas": ", ",
    "semicolons": "; ",
    "colons": "a: ",
    "opening brackets": "(",
    "pairs of brackets": "(a) ",
    "quotes": "\" '",
    "one word": "a",
    "words": "fever ",
    "combining marks": "e\u0301",
    "zero width": "a\u200b",
    "many scripts": "Ä中😷жß ",
    "no": "no ",
    "and": "and ",
    "mg": "mg ",
    "cues": "possible history of mother ",
    "denials in a row": "no fever no cough no rash ",
    "a denial that never ends": "no fever, cough, chills, rash, ",
    "alternatives": "fever or cough, pain or ",
    "sigs": "metformin 500 mg BID ",
    "sigs of sentences": "Take metformin 500 mg PO twice daily, aspirin 81 mg. ",
    "doses": "10 mg to 20 mg and ",
    "headings": "PMH: ",
    "headings of lines": "MEDICATIONS:\n",
    "items": "- aspirin 81 mg\n",
    "numbered items": "1. gout\n",
    "a table": "| Hb | 9.1 g/dL |\n",
    "abbreviations": "SOB (AB) ",
    "brackets of tags": "asthma (disorder), ",
    "dates": "fever since 03/04/2015, ",
    "ages": "45 year old mother ",
    "a family": "mother had cancer at age 50, ",
    "courses": "stopped aspirin was resumed ",
    "results": "Hb 9.1 g/dL ",
    "sentences": "Severe pain of the left hip since May 2014. ",
    "a list that a cue opens": "denies:\n- fever\n",
    "is a": "is a ",
    "following": "The following drugs: \n- a\n",
    "bullets": "- \n",
    "low lines": "a_",
    "words that open a list": "denies any of the symptoms ",
    "accents": "e\u0315\u0300\u0301 ",
}

_LABELS_OF: Final = {
    "fever": "Sign_symptom", "cough": "Sign_symptom", "pain": "Sign_symptom",
    "rash": "Sign_symptom", "chills": "Sign_symptom", "asthma": "Disease_disorder",
    "gout": "Disease_disorder", "cancer": "Disease_disorder", "metformin": "Medication",
    "aspirin": "Medication", "mg": "Dosage", "twice": "Frequency", "bid": "Frequency",
    "hb": "Diagnostic_procedure", "g": "Lab_value", "left": "Biological_structure",
    "severe": "Severity", "mother": "Family_history", "45": "Age", "50": "Age", "2014": "Date",
    "2015": "Date", "sob": "Sign_symptom", "history": "History",
}  # fmt: skip
_IN_TURN: Final = (
    "Medication", "Dosage", "Disease_disorder", "Severity", "Date", "Diagnostic_procedure",
    "Lab_value", "Biological_structure", "Family_history", "Age", "History", "Sign_symptom",
)  # fmt: skip

Stage = Callable[[], object]


def text_of(unit: str, length: int) -> str:
    """Return a text of about a length that repeats a unit between two findings."""
    return f"fever {unit * (length // len(unit))} fever.\n"


def mentioned(text: str) -> list[Mention]:
    """Return mentions of words that are known, and of others in turn where there are none."""
    others, before, free = cycle(_IN_TURN), "", 0
    found: list[Mention] = []
    for start, end in _spans(text):
        label = _LABELS_OF.get(text[start:end].lower(), before)
        if label != before or start >= free:
            before, free = next(others) if label == before else label, start + APART
            found.append(Mention(start, end, text[start:end], before, 0.9))
    return found


def of_one_label(text: str, label: str) -> list[Mention]:
    """Return the same words as mentions of one label."""
    return [replace(one, label=label) for one in mentioned(text)]


def few(text: str) -> list[Mention]:
    """Return twelve mentions that fill a text."""
    edges = np.linspace(0, len(text), len(_IN_TURN) + 1).astype(int).tolist()
    spans = zip(edges[:-1], edges[1:], _IN_TURN, strict=True)
    return [Mention(start, end, text[start:end], label, 0.9) for start, end, label in spans]


def _spans(text: str) -> list[tuple[int, int]]:
    words = words_of(text)
    return list(zip(words.starts.tolist(), words.ends.tolist(), strict=True))


def reading(text: str, mentions: Sequence[Mention]) -> Reading:
    """Return a reading of a text with its mentions, their assertions and their links."""
    found, whole = tuple(mentions), Coverage(len(text), len(text))
    return Reading(found, assert_all(text, found), link_all(text, found), whole, MODEL)


@cache
def checkpoint() -> Checkpoint:
    """Return the bundled model, whose tokenizer and tables the stages use."""
    return load("bundled", plain=True)


@cache
def _doubtful() -> Scores:
    """Return log probabilities of words of which any could be anything, shape [words, labels]."""
    labels = 1 + 2 * len(checkpoint().labels.types)
    chances = np.random.default_rng(7).dirichlet(np.full(labels, 0.3), 4096)
    scores: Scores = np.log(chances + 1e-9).astype(np.float32)
    return scores


def _scores(encoding: Encoding) -> Scores:
    return np.resize(_doubtful(), (len(encoding.words), _doubtful().shape[1]))


def before_the_network(text: str) -> dict[str, Stage]:
    """Return what is done with a text before and right after its words are scored."""
    tokenizer, types = checkpoint().tokenizer, checkpoint().labels.types
    encoding = encode(text, tokenizer)
    scores = _scores(encoding)
    return {
        "words": lambda: (words_of(text), sentence_starts(text)),
        "tokens": lambda: encode(text, tokenizer),
        "shorthand": lambda: spelled_out(encoding, tokenizer),
        "windows": lambda: list(batches(passages([encoding]))),
        "priors": lambda: apply_priors(encoding, scores, types),
    }


def decoding(text: str) -> dict[str, Stage]:
    """Return the searches for the best labels of a text's words."""
    words, types = words_of(text), checkpoint().labels.types
    scores = np.resize(_doubtful(), (len(words), _doubtful().shape[1]))
    return {
        "decoding": lambda: decode(text, words, scores).mentions(types),
        "decoding with bigrams": lambda: decode(text, words, scores, checkpoint().follows),
    }


def of_mentions(text: str, mentions: Sequence[Mention]) -> dict[str, Stage]:
    """Return what is done with the mentions of a text, up to the resources."""
    read, made = reading(text, mentions), layout(text)
    return {
        "edges": lambda: trimmed(text, mentions),
        "layout": lambda: layout(text),
        "titles": lambda: without_titles(made, mentions),
        "assertion": lambda: assert_all(text, mentions),
        "links": lambda: link_all(text, mentions),
        "sentences": lambda: [around(text, one.start, one.end) for one in mentions],
        **of_reading(text, read),
    }


def of_reading(text: str, read: Reading) -> dict[str, Stage]:
    """Return what is made of a reading: findings, then sigs, narratives and all other elements."""
    return {
        "findings": lambda: group([note(text)], [read]),
        "resources": lambda: extracted(text, read),
    }


def extracted(text: str, read: Reading) -> Extraction:
    """Return what comes of a reading: findings, and resources with their narratives."""
    return extract([note(text)], [read], [], run=RUN, card="# Card")


def drugs_and_relatives(text: str) -> dict[str, Stage]:
    """Return what is made of a text whose every other word is a drug, or a relative's disease."""
    readings = {label: _alone(text, label) for label in ("Medication", "Family_history")}
    return {
        f"{stage} of one {label}": work
        for label, read in readings.items()
        for stage, work in of_reading(text, read).items()
    }


def _alone(text: str, label: str) -> Reading:
    found = tuple(of_one_label(text, label))
    whole = Coverage(len(text), len(text))
    return Reading(found, assert_all(text, found), (), whole, MODEL)


MADE: Final[Mapping[str, Callable[[str], dict[str, Stage]]]] = {
    "before the network": before_the_network,
    "many mentions": lambda text: of_mentions(text, mentioned(text)),
    "few mentions": lambda text: of_mentions(text, few(text)),
    "one label": drugs_and_relatives,
}


def growing_too_fast(
    made: Callable[[str], dict[str, Stage]], unit: str, sizes: Sequence[int]
) -> list[str]:
    """Return the stages whose time grows by more than MOST with each doubling of a text.

    Args:
        made: gives the stages of a text by name.
        unit: what the text repeats.
        sizes: characters of the shortest and the longest text.
    """
    found = _growing(made, unit, sizes)
    return [*(found and _growing(made, unit, [2 * size for size in sizes], only=found)).values()]


def _growing(
    made: Callable[[str], dict[str, Stage]],
    unit: str,
    sizes: Sequence[int],
    only: Collection[str] | None = None,
) -> dict[str, str]:
    """Return what is to be said of each stage, of some or of all, that grew too fast."""
    short, long = (made(text_of(unit, size)) for size in (sizes[0], sizes[-1]))
    times = sizes[-1] / sizes[0]
    said = {
        name: _complaint(name, short[name], long[name], times)
        for name in short
        if only is None or name in only
    }
    return {name: complaint for name, complaint in said.items() if complaint}


def _complaint(name: str, short: Stage, long: Stage, times: float) -> str | None:
    """Return by how much a stage grew, if by too much however often it is measured.

    `times` is how many times as long the long text is. What is measured first pays for what a
    stage does once: that is the long work, since it would hide how fast the short one's time grows.
    """
    most = MOST ** log2(times)
    ended, begun = seconds(long), seconds(short)
    for _ in range(TRIES - 1):
        if ended < max(LEAST, most * begun):
            return None
        ended = min(ended, seconds(long))
        begun = min(begun, seconds(short, round(times)))
    return f"{name}: {begun:.4f} s became {ended:.4f} s"


def seconds(work: Stage, repeats: int = 1) -> float:
    """Return the processor time of some work, without collections of garbage."""
    gc.disable()
    try:
        begun = time.process_time()
        for _ in range(repeats):
            work()
        return (time.process_time() - begun) / repeats
    finally:
        gc.enable()
