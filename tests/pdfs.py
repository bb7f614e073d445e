"""A small writer of PDF files, so that tests need no library for it."""

import zlib
from collections.abc import Sequence
from typing import NamedTuple

LEFT, TOP, LEADING, SIZE = 60, 760, 14, 11


class Page(NamedTuple):
    """A page: its lines, a tab leads to the next column; whether a picture fills it."""

    lines: Sequence[str] = ()
    picture: bool = False


def pdf(pages: Sequence[Page], *, encrypted: bool = False, streams: Sequence[bytes] = ()) -> bytes:
    """Return a PDF; `streams` take the place of the pages' contents, deflated already."""
    objects: dict[int, bytes] = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        4: _stream(b"\x80", b"/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8"
                   b"/ColorSpace/DeviceGray"),
    }  # fmt: skip
    kids = []
    for number, page in enumerate(pages):
        name = 5 + 2 * number
        kids.append(f"{name} 0 R")
        objects[name] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>/XObject<</I 4 0 R>>>>>>" % (name + 1)
        )
        deflated = streams[number] if streams else zlib.compress(_content(page))
        objects[name + 1] = _stream(deflated, b"/Filter/FlateDecode")
    objects[2] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    extra = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%b>/U<%b>/P -4>>/ID[<00><00>]" % (
        b"ab" * 32,
        b"cd" * 32,
    )
    return _file(objects, extra if encrypted else b"")


def _content(page: Page) -> bytes:
    drawn = [b"q 612 0 0 792 0 0 cm /I Do Q"] if page.picture else []
    for number, line in enumerate(page.lines):
        y = TOP - LEADING * number
        for column, words in enumerate(line.split("\t")):
            x = LEFT + 180 * column
            drawn.append(b"BT /F %d Tf %d %d Td (%b) Tj ET" % (SIZE, x, y, _escaped(words)))
    return b"\n".join(drawn)


def _escaped(words: str) -> bytes:
    data = words.encode("cp1252")
    return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _stream(data: bytes, entries: bytes) -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(data), data)


def _file(objects: dict[int, bytes], extra: bytes) -> bytes:
    written = bytearray(b"%PDF-1.4\n")
    places = {}
    for number in sorted(objects):
        places[number] = len(written)
        written += b"%d 0 obj\n%b\nendobj\n" % (number, objects[number])
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(objects))
    written += b"trailer<</Size %d/Root 1 0 R%b>>\n" % (len(objects) + 1, extra)
    written += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(written)
