"""Base64 to bytes, strictly (RFC 4648, 4; FHIR R4, base64Binary)."""

import binascii
import re
from typing import Final

from models.errors import BadBase64

# White space is allowed between the groups.
_BASE64: Final = re.compile(
    r"(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", re.ASCII
)
_WHITE_SPACE: Final = str.maketrans("", "", " \t\r\n\f\v")


def decoded(data: object, index: int) -> bytes:
    """Return the bytes of base64 text, which may hold white space and nothing else besides.

    Raises:
        BadBase64: it is not base64; it belongs to the attachment `content[index]`.
    """
    text = data.translate(_WHITE_SPACE) if isinstance(data, str) else "not text"
    # Python's strict decoders still take "YWJj=".
    if not _BASE64.fullmatch(text):
        raise BadBase64(index=index)
    return binascii.a2b_base64(text)
