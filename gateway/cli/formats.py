"""What was found in a text, as a line of JSON or as brat standoff."""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from models.clinical import Assertion, Link, Mention, ModelIdentity, Reading

FLAGS = ("negated", "uncertain", "historical", "hypothetical")


@dataclass(frozen=True, slots=True)
class Text:
    """A text to read, under the name its user knows it by.

    A `placed` one is called by its place in a folder that the user named, such as `ward/7`.
    """

    id: object
    text: str
    placed: bool = False


def jsonl(text: Text, reading: Reading) -> bytes:
    """Return one line of JSON; offsets count code points, mentions are named T1, T2 and so on."""
    pairs = zip(reading.mentions, reading.assertions, strict=True)
    found = {
        "id": text.id,
        "mentions": [mention(number, *pair) for number, pair in enumerate(pairs, 1)],
        "links": [link(one) for one in reading.links],
        "model": model(reading.model),
    }
    return orjson.dumps(found) + b"\n"


def mention(number: int, one: Mention, assertion: Assertion) -> dict[str, object]:
    """Return a mention with what is asserted of it."""
    return {
        "id": f"T{number}",
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "label": one.label,
        "score": one.score,
        "assertion": {
            **{flag: getattr(assertion, flag) for flag in FLAGS},
            "experiencer": assertion.experiencer,
        },
    }


def link(one: Link) -> dict[str, object]:
    """Return a link between two mentions."""
    ends = {"from": f"T{one.source + 1}", "to": f"T{one.target + 1}"}
    return {"type": one.type, **ends, "score": one.score}


def model(identity: ModelIdentity) -> dict[str, str]:
    """Return which model it was; its labels follow from the hash of the weights."""
    return {
        "name": identity.name,
        "revision": identity.revision,
        "weights_sha256": identity.weights_sha256,
        "code_version": identity.code_version,
    }


def brat(reading: Reading) -> str:
    """Return the content of an .ann file (https://brat.nlplab.org/standoff.html)."""
    lines = [*entities(reading), *attributes(reading), *relations(reading)]
    return "".join(f"{line}\n" for line in lines)


def entities(reading: Reading) -> Iterator[str]:
    """Give the mentions; the words of a line lose their line breaks, the offsets keep them."""
    for number, one in enumerate(reading.mentions, 1):
        words = one.text.replace("\r", " ").replace("\n", " ")
        yield f"T{number}\t{one.label} {one.start} {one.end}\t{words}"


def attributes(reading: Reading) -> Iterator[str]:
    """Give what is asserted of the mentions: `Negated`, `Experiencer family`."""
    said = (one for number, each in enumerate(reading.assertions, 1) for one in parts(number, each))
    for number, (name, owner, value) in enumerate(said, 1):
        yield f"A{number}\t{name} {owner}{value}"


def parts(number: int, assertion: Assertion) -> Iterator[tuple[str, str, str]]:
    """Give the attributes of one mention: name, mention, value."""
    for flag in FLAGS:
        if getattr(assertion, flag):
            yield flag.capitalize(), f"T{number}", ""
    if assertion.experiencer != "patient":
        yield "Experiencer", f"T{number}", f" {assertion.experiencer}"


def relations(reading: Reading) -> Iterator[str]:
    """Give the links."""
    for number, one in enumerate(reading.links, 1):
        yield f"R{number}\t{one.type} Arg1:T{one.source + 1} Arg2:T{one.target + 1}"
