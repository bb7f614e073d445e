"""Bytes to text, never by guessing.

A declared charset is taken at its word. Without one the bytes are what their byte order mark says,
else UTF-8 if they are valid UTF-8, else windows-1252, which is what senders that declare nothing
use. A byte order mark is a declaration and no part of the text.
"""

import codecs
import re
from typing import Final

from models.errors import UnknownCharset, WrongCharset

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
)
_NEED_A_MARK: Final = frozenset({"utf-16", "utf-32"})
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._:+-]{0,39}")
# Python codecs that are no charset a sender can mean.
_NOT_CHARSETS: Final = frozenset(
    {"idna", "punycode", "unicode-escape", "unicode_escape", "raw-unicode-escape",
     "raw_unicode_escape", "undefined", "mbcs", "oem", "utf-7"}
)  # fmt: skip


def decode(data: bytes, charset: str | None, index: int) -> tuple[str, str]:
    """Return the text of `data` and the name of the charset that gave it.

    `charset` is what the attachment `content[index]` declares, if it does.

    Raises:
        UnknownCharset: the declared charset is not known.
        WrongCharset: the bytes are not valid in the charset that is declared or marked.
    """
    if charset is not None:
        name = _declared(data, charset, index)
    else:
        name = marked(data) or ("utf-8" if _valid(data, "utf-8") else "cp1252")
    if not _valid(data, name):
        raise WrongCharset(index=index, charset=_iana(name))
    return data.decode(name), _iana(name)


def _declared(data: bytes, charset: str, index: int) -> str:
    """Return the codec of a declared charset, with its byte order mark if the bytes have one."""
    name = _codec(charset, index)
    for mark, marked, plain in _MARKS:
        if data.startswith(mark) and name in {marked, plain}:
            return marked
    if name in _NEED_A_MARK and data:
        raise WrongCharset(index=index, charset=f"{name} without a byte order mark")
    return name


def _codec(charset: str, index: int) -> str:
    """Return Python's name of a declared charset."""
    name = charset.strip().lower()
    if not _NAME.fullmatch(name):
        raise UnknownCharset(index=index, charset="(not a charset name)")
    try:
        found = codecs.lookup(name).name
        "x".encode(name)  # what is no text encoding (hex, zip) refuses this
    except (LookupError, UnicodeError):
        raise UnknownCharset(index=index, charset=name) from None
    if found in _NOT_CHARSETS:
        raise UnknownCharset(index=index, charset=name)
    return found


def marked(data: bytes) -> str | None:
    """Return the codec that the byte order mark of `data` names."""
    return next((marked for mark, marked, _ in _MARKS if data.startswith(mark)), None)


def _valid(data: bytes, name: str) -> bool:
    """Return whether `data` is text in the codec `name` that can be written as UTF-8 again."""
    try:
        data.decode(name).encode("utf-8")
    except UnicodeError:
        return False
    return True


def _iana(codec: str) -> str:
    """Return the registered name of a Python codec: `cp1252` is windows-1252 outside Python."""
    return re.sub(r"^cp(?=125\d$)", "windows-", re.sub(r"^iso8859-", "iso-8859-", codec))
