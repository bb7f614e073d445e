"""The character set of a message: MSH-18, by HL7 table 0211 (HL7 v2.9, chapter 2.A)."""

from typing import Final

from fhir_mapping.documents import charset
from models.errors import (
    UnknownCharacterSet,
    UnknownCharset,
    WrongCharacterSet,
    WrongCharset,
)

# Names that are registered elsewhere too, such as UTF-8, are looked up as those of attachments.
TABLE_0211: Final = {
    "ASCII": "us-ascii",
    "8859/1": "iso-8859-1",
    "8859/2": "iso-8859-2",
    "8859/3": "iso-8859-3",
    "8859/4": "iso-8859-4",
    "8859/5": "iso-8859-5",
    "8859/6": "iso-8859-6",
    "8859/7": "iso-8859-7",
    "8859/8": "iso-8859-8",
    "8859/9": "iso-8859-9",
    "8859/15": "iso-8859-15",
    "ISO IR6": "us-ascii",
    "ISO IR14": "iso2022_jp_2",
    "ISO IR87": "iso2022_jp_2",
    "ISO IR159": "iso2022_jp_2",
    "JAS2020": "iso2022_jp_2",
    "JIS X 0202": "iso2022_jp_2",
    "GB 18030-2000": "gb18030",
    "KS X 1001": "euc-kr",
    "BIG-5": "big5",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
}


def decoded(data: bytes, declared: str) -> tuple[str, str]:
    """Return the text of a message and the name of the charset that gave it.

    `declared` is MSH-18: of several sets the first is the message's own. Empty means UTF-8 where
    the bytes are valid, else windows-1252.

    Raises:
        UnknownCharacterSet: no such set is known.
        WrongCharacterSet: the bytes are not valid in it.
    """
    name = declared.strip()
    try:
        return charset.decode(data, TABLE_0211.get(name.upper(), name) or None, 0)
    except UnknownCharset as error:
        raise UnknownCharacterSet(name=error.charset) from None
    except WrongCharset as error:
        raise WrongCharacterSet(charset=error.charset) from None
