"""Messages of HL7 v2 for tests: invented senders, patients and words."""

from collections.abc import Sequence

MSH = ("MSH", "^~\\&", "SENDER", "WARD", "NLP", "HERE")
SENT = "20260105101500+0100"


def segments(*lines: Sequence[str] | str) -> bytes:
    """Return a message of segments, each as a text or as its fields."""
    texts = (line if isinstance(line, str) else "|".join(line) for line in lines)
    return "".join(f"{text}\r" for text in texts).encode()


def msh(kind: str, control: str = "C1", sent: str = SENT, **fields: str) -> list[str]:
    """Return a header; further fields by their numbers, as in `f18="8859/1"`."""
    found = [*MSH, sent, "", kind, control, "P", "2.5.1", *[""] * 7]
    for name, value in fields.items():
        found[int(name[1:]) - 1] = value
    return found


def numbered(name: str, **fields: str) -> list[str]:
    """Return a segment with fields by their numbers, as in `f12="D1"`."""
    last = max(int(one[1:]) for one in fields)
    return [name, *(fields.get(f"f{number}", "") for number in range(1, last + 1))]


def obx(text: str, kind: str = "TX", name: str = "", status: str = "F", number: int = 1) -> str:
    """Return an observation with a value."""
    return "|".join(numbered("OBX", f1=str(number), f2=kind, f3=name, f5=text, f11=status))


def mdm(  # noqa: PLR0913 what a message of documents says
    event: str = "T02",
    *texts: str,
    number: str = "D1",
    parent: str = "",
    control: str = "C1",
    sent: str = SENT,
    patient: str = "7^^^WARD^MR",
    **header: str,
) -> bytes:
    """Return a message of a document; each text is an OBX."""
    return segments(
        msh(f"MDM^{event}", control, sent, **header),
        numbered("EVN", f1=event, f2=sent),
        numbered("PID", f1="1", f3=patient, f5="Doe^Jane"),
        numbered("PV1", f1="1", f19="V9^^^WARD"),
        numbered("TXA", f1="1", f2="DS", f4="202601051000", f12=number, f13=parent, f17="AU"),
        *(obx(text, number=place) for place, text in enumerate(texts, 1)),
    )


def oru(*orders: Sequence[str], control: str = "C1", sent: str = SENT, **header: str) -> bytes:
    """Return a message of results: each order its number, then its texts."""
    lines: list[Sequence[str] | str] = [
        msh("ORU^R01^ORU_R01", control, sent, **header),
        numbered("PID", f1="1", f3="7^^^WARD^MR"),
    ]
    for number, *texts in orders:
        lines.append(numbered("OBR", f1="1", f3=number, f4="X^Chest film", f7="20260105", f25="F"))
        lines += [obx(text, number=place) for place, text in enumerate(texts, 1)]
    return segments(*lines)
