"""What the reading of a message and the meaning of it both know by a code of HL7 v2."""

from typing import Final

ER7: Final = "x-application/hl7-v2+er7"
"""The media type of a message, as HL7's v2-to-FHIR names it."""

WITHDRAWN: Final = frozenset({"D", "W"})
"""Result statuses (OBX-11, table 0085; OBR-25, table 0123): deleted, and posted as wrong."""
