"""What converting a page costs, as part of what reading the same page costs.

`python -m tests.benchmarks.table conversion`.
"""

import time
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from fhir_mapping.documents.formats import dispatch
from models.ner.recogniser import load
from tests.benchmarks.measuring import Row, Work, medians
from tests.documents import FORMATS, NOTE, Section
from worker.converter_pool import ConverterPool
from worker.converter_process import ConversionLimits, ConverterProcess

MOST: Final = 10.0  # percent of the reading
PAGE: Final = 3000  # characters
REPEATS: Final = 15
LIMIT: Final = 1_000_000
LIMITS: Final = ConversionLimits(seconds=20, megabytes=1024)
NAMES: Final[Mapping[str, str]] = {
    "text/html": "HTML",
    "application/rtf": "RTF",
    "application/hl7-cda+xml": "CDA",
    "application/pdf": "PDF",
}


def page() -> tuple[Section, ...]:
    """Return a note of about a page."""
    length = sum(len(" ".join([one.heading, one.prose, *one.items, *one.rows])) for one in NOTE)
    return NOTE * round(PAGE / length)


def rows() -> Iterator[Row]:
    """Yield the rows of the table of speeds."""
    documents = {name: FORMATS[name](note=page()) for name in FORMATS}
    text = dispatch.convert(documents["text/html"], "text/html", index=0, max_characters=LIMIT).text
    model = load("bundled", device="cpu", threads=1)
    works: dict[str, Work] = {"reading": partial(model.read, [text])}
    for name, data in documents.items():
        works[name] = partial(dispatch.convert, data, name, index=0, max_characters=LIMIT)
    seconds = medians(works, REPEATS)
    for name in documents:
        part = 100 * seconds[name] / seconds["reading"]
        yield Row(
            f"converting a page of {NAMES[name]}", "reading it", part, MOST, unit="%", most=True
        )
    yield from _of_processes(documents["text/html"])


def _of_processes(data: bytes) -> Iterator[Row]:
    """Yield what the process around it costs, by the clock on the wall."""
    with ConverterPool(LIMITS) as pool:
        kept = partial(pool.convert, data, "text/html", index=0, max_characters=LIMIT)
        here = partial(dispatch.convert, data, "text/html", index=0, max_characters=LIMIT)
        kept()
        works: dict[str, Work] = {"new": partial(_anew, data), "kept": kept, "here": here}
        seconds = medians(works, REPEATS, time.perf_counter)
    for name, what in (("kept", "in a process that is kept"), ("new", "in a new process")):
        times = seconds[name] / seconds["here"]
        yield Row(f"the page of HTML {what}", "in this process", times)


def _anew(data: bytes) -> None:
    process = ConverterProcess(LIMITS)
    process.convert(data, "text/html", index=0, max_characters=LIMIT)
    process.end()
