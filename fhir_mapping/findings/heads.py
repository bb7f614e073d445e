"""What a History names, where its head word alone says so: something done, or a drug."""

import re

from fhir_mapping.findings import labels
from fhir_mapping.findings.labels import Kind


def kind(text: str) -> Kind | None:
    """Return the resource type of a History, None for a problem and for several things at once."""
    plain = text.strip()
    if _is_head(labels.PROCEDURE_HEAD, labels.LEAD_IN.sub("", plain)):
        return "Procedure"
    past = labels.PAST_DRUG.match(plain)
    if past and _is_head(labels.DRUG_HEAD, labels.DRUG_TAIL.sub("", plain[past.end() :])):
        return "MedicationStatement"
    return None


def _is_head(heads: re.Pattern[str], words: str) -> bool:
    core = labels.TAIL.sub("", words)
    last = core.split()[-1:]
    several = labels.SEVERAL_THINGS.search(core) is not None
    return bool(last) and not several and heads.fullmatch(last[0]) is not None
