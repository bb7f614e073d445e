"""Components of fields, as their sender meant them: escapes resolved, white space single."""

from fhir_mapping.documents.hl7v2.escapes import Escapes
from fhir_mapping.documents.hl7v2.message import Message


class Fields:
    """Reads the fields of one message."""

    def __init__(self, message: Message) -> None:
        self.signs = message.header.delimiters
        self.escapes = Escapes(self.signs, message.decoded_as)

    def repetitions(self, field: str) -> list[str]:
        """Return the repetitions of a field, as they stand."""
        return field.split(self.signs.repetition)

    def component(self, field: str, number: int = 1, sub: int = 1) -> str:
        """Return a subcomponent; empty where there is none or the sender says that it has none."""
        component = part(field, self.signs.component, number)
        sign = self.signs.subcomponent
        found = part(component, sign, sub) if sign else component
        value = " ".join(self.escapes.resolved(found).split())
        return "" if value == '""' else value

    def first(self, field: str) -> str:
        """Return the first component of the first repetition of a field."""
        return self.component(self.repetitions(field)[0])


def part(text: str, sign: str, number: int) -> str:
    """Return one of the parts of a text, counted from 1; empty where there are not so many."""
    parts = text.split(sign)
    return parts[number - 1] if number <= len(parts) else ""
