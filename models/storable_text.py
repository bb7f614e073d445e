"""Which text a database can keep: any without NUL (PostgreSQL) and half surrogates (UTF-8)."""

import re
from typing import Final

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether a database can keep a text; asked of what comes in, and again before it is stored."""
    return _UNSTORABLE.search(text) is None
