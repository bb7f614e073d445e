"""A sig that was read whole, as elements of a FHIR R4 Dosage."""

from fhir_mapping.datatypes import systems
from fhir_mapping.datatypes.codeable_concept import Resource, concept, words
from fhir_mapping.elements.sig.dose_and_route_tables import Unit
from fhir_mapping.elements.sig.sig_model import AsNeeded, Bounds, Dose, Sig
from fhir_mapping.elements.sig.timing import Timing


def elements(sig: Sig) -> Resource:
    """Return timing, asNeeded[x], route and doseAndRate, as far as the sig has them."""
    timed = sig.timing or sig.bounds
    return {
        **({"timing": _timing(sig.timing, sig.bounds)} if timed else {}),
        **(_as_needed(sig.as_needed) if sig.as_needed else {}),
        **({"route": _route(sig.route.code, sig.route.text)} if sig.route else {}),
        **({"doseAndRate": [_amount(sig.dose)]} if sig.dose else {}),
    }


def _timing(timing: Timing | None, bounds: Bounds | None) -> Resource:
    """Bounds stand beside a code, which does not contain them (FHIR R4, Timing.code)."""
    repeat = {**(_bounds(bounds) if bounds else {}), **(_repeat(timing) if timing else {})}
    code = timing.code if timing else None
    named = {"code": concept(systems.GTS_ABBREVIATION, code)} if code else {}
    return {"repeat": repeat, **named}


def _repeat(timing: Timing) -> Resource:
    return {
        "frequency": timing.frequency,
        **({"frequencyMax": timing.most} if timing.most else {}),
        "period": timing.period,
        **({"periodMax": timing.longest} if timing.longest else {}),
        "periodUnit": timing.unit,
        **({"when": [timing.when]} if timing.when else {}),
    }


def _bounds(bounds: Bounds) -> Resource:
    duration = Unit(bounds.name, systems.UCUM, bounds.code)
    if bounds.longest is None:
        return {"boundsDuration": _quantity(bounds.value, duration)}
    return {"boundsRange": _range(bounds.value, bounds.longest, duration)}


def _as_needed(needed: AsNeeded) -> Resource:
    if needed.reason is None:
        return {"asNeededBoolean": True}
    return {"asNeededCodeableConcept": {"text": " ".join(words(needed.reason).split())}}


def _route(code: str, text: str) -> Resource:
    return {**concept(systems.SNOMED_CT, code), "text": " ".join(words(text).split())}


def _amount(dose: Dose) -> Resource:
    if dose.high is None:
        return {"doseQuantity": _quantity(dose.low, dose.unit)}
    return {"doseRange": _range(dose.low, dose.high, dose.unit)}


def _range(low: int | float, high: int | float, unit: Unit) -> Resource:  # JSON writes them apart
    return {"low": _quantity(low, unit), "high": _quantity(high, unit)}


def _quantity(value: int | float, unit: Unit) -> Resource:  # JSON writes them apart
    return {"value": value, "unit": unit.name, "system": unit.system, "code": unit.code}
