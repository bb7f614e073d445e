"""All that can be scored of a model on a folder of annotated notes, read once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.clinical import Reading
from models.ner import brat
from models.ner.brat import AnnotatedText
from models.ner.evaluation import assertion, links
from models.ner.evaluation.counts import Counts
from models.ner.evaluation.entities import Evaluation, evaluate, found_items, gold_items
from models.ner.evaluation.reliability import Reliability, Scored, judged, reliability
from models.ner.links import corpus
from models.ner.links.corpus import LinkedText
from models.ner.recogniser import Recogniser

TEXTS_AT_ONCE = 8
GOLD = "gold_mentions"
FOUND = "end_to_end"

Tables = dict[str, dict[str, Counts]]


@dataclass(frozen=True, slots=True)
class Report:
    """Scores of one model on one folder; tables are by `GOLD` and `FOUND`."""

    entities: Evaluation
    calibration: Reliability
    assertion: Tables
    links: Tables

    def figures(self) -> dict[str, object]:
        """Return everything as numbers under its names, ready for JSON."""
        return {
            "entities": self.entities.summary(),
            "calibration": self.calibration.figures(),
            "assertion": _figures(self.assertion),
            "links": _figures(self.links),
        }


def report(folder: Path, recogniser: Recogniser) -> Report:
    """Read the notes of a folder of brat files and score entities, scores, assertions and links.

    Raises:
        AnnotationError: a file is not brat.
    """
    texts = brat.read_folder(folder)
    return compared(texts, corpus.read_folder(folder), recogniser, read_decoded(texts, recogniser))


def read_decoded(
    texts: Sequence[AnnotatedText],
    recogniser: Recogniser,
    advance: Callable[[int], None] = lambda _: None,
) -> list[Reading]:
    """Read annotated texts, scores as decoded; `advance` is told of each few that are read."""
    found: list[Reading] = []
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        some = texts[start : start + TEXTS_AT_ONCE]
        found += recogniser.read_decoded([text.text for text in some])
        advance(len(some))
    return found


def compared(
    texts: Sequence[AnnotatedText],
    linked: Sequence[LinkedText],
    recogniser: Recogniser,
    decoded: Sequence[Reading],
) -> Report:
    """Score what was read in annotated texts; `linked` are the same texts with their links."""
    readings = [recogniser.calibration.of(each) for each in decoded]
    gold = [gold_items(text) for text in texts]
    return Report(
        evaluate(gold, [found_items(each.mentions) for each in readings]),
        reliability(scored(texts, decoded), recogniser.calibration),
        _assertion(texts, readings),
        _links(linked, readings),
    )


def scored(texts: Sequence[AnnotatedText], readings: Sequence[Reading]) -> list[list[Scored]]:
    """Return, text by text, the score of each found mention and whether it was right.

    Types that are annotated in none of the texts are passed over.
    """
    gold = [gold_items(text) for text in texts]
    listed = {label for items in gold for label, _, _ in items}
    return [
        judged(items, [each for each in reading.mentions if each.label in listed])
        for items, reading in zip(gold, readings, strict=True)
    ]


def _assertion(texts: Sequence[AnnotatedText], readings: Sequence[Reading]) -> Tables:
    def found() -> Iterator[assertion.Judged]:
        for text, reading in zip(texts, readings, strict=True):
            yield from assertion.end_to_end(text, reading)

    given = (each for text in texts for each in assertion.given_gold(text))
    return {GOLD: assertion.score(given), FOUND: assertion.score(found())}


def _links(texts: Sequence[LinkedText], readings: Sequence[Reading]) -> Tables:
    pairs = zip(texts, readings, strict=True)
    return {
        GOLD: links.totals(links.given_gold(text) for text in texts),
        FOUND: links.totals(links.end_to_end(text, reading) for text, reading in pairs),
    }


def _figures(tables: Tables) -> dict[str, object]:
    return {
        how: {name: counts.figures() for name, counts in table.items()}
        for how, table in tables.items()
    }
