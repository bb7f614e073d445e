"""What a sig is made of, once read."""

from dataclasses import dataclass

from fhir_mapping.elements.sig.dose_and_route_tables import Unit
from fhir_mapping.elements.sig.timing import Timing


@dataclass(frozen=True, slots=True)
class Dose:
    """`low` units, or `low` to `high` units."""

    low: int | float
    high: int | float | None
    unit: Unit


@dataclass(frozen=True, slots=True)
class Route:
    """A SNOMED CT code and the words for it."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class AsNeeded:
    """As needed: for what, or None where the note does not say."""

    reason: str | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """For so many `name`s (UCUM `code`), or for `value` to `longest` of them."""

    value: int
    name: str
    code: str
    longest: int | None = None


Part = Dose | Route | Timing | AsNeeded | Bounds


@dataclass(frozen=True, slots=True)
class Sig:
    """All that a sig says, and nothing that it does not."""

    dose: Dose | None = None
    route: Route | None = None
    timing: Timing | None = None
    as_needed: AsNeeded | None = None
    bounds: Bounds | None = None
