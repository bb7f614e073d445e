"""text/plain: exactly what was sent, since offsets count in it; it needs no way back."""

from fhir_mapping.documents.charset import decode
from fhir_mapping.documents.content_kinds import is_base64_of_text
from fhir_mapping.documents.formats.converted import Conversion, Converted
from models.errors import EncodedTwice


def convert(data: bytes, told: Conversion) -> Converted:
    """Return the text as it was sent: line ends, odd spaces and signs stay.

    Only a byte order mark at its start is left out: it says how the bytes are to be read.

    Raises:
        UnknownCharset, WrongCharset: the bytes cannot be decoded.
        EncodedTwice: the text is base64.
    """
    text, decoded_as = decode(data, told.charset, told.index)
    if is_base64_of_text(text):
        raise EncodedTwice(index=told.index)
    return Converted(text, decoded_as)
