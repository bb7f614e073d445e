"""Ids that stay: the same thing in the same document keeps its id, whoever reads it next."""

import unicodedata
from json.encoder import encode_basestring_ascii as quoted
from typing import Final
from uuid import UUID, uuid5

_LONGEST_NAME: Final = 500  # characters
NAMESPACE: Final = UUID("6f0c1c5e-1d1f-5b2a-9a55-0d5f8a1f7c11")


def identify(*parts: str) -> str:
    """Return the UUIDv5 of the parts; no two lists of parts share one by how they are joined."""
    return str(uuid5(NAMESPACE, f"[{', '.join(map(quoted, parts))}]"))  # as json.dumps writes it


def normalise(text: str) -> str:
    """Return `text` as it is compared: NFKC, case-folded, white space single.

    In parts of what no name exceeds: the accents of one letter are sorted in quadratic time.
    """
    parts = (text[i : i + _LONGEST_NAME] for i in range(0, len(text), _LONGEST_NAME))
    composed = "".join(unicodedata.normalize("NFKC", part) for part in parts)
    return " ".join(composed.casefold().split())


def document_id(tenant: str, key: str) -> str:
    """Return the id of a document that brought none of its own."""
    return identify("DocumentReference", tenant, key)


def resource_id(tenant: str, document: str, kind: str, text: str, assertion_status: str) -> str:
    """Return the id of a clinical resource.

    `text` is normalised, `assertion_status` a row of the status tables. Neither the offsets, the
    document version, the model nor a code take part: a better reading is a new version of the same
    resource.
    """
    return identify(kind, tenant, document, text, assertion_status)
