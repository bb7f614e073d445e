"""A sig that was read whole, as elements of a FHIR R4 Dosage."""

from fhir_mapping import systems
from fhir_mapping.concept import Resource, concept, words
from fhir_mapping.sig.parts import AsNeeded, Bounds, Dose, Sig
from fhir_mapping.sig.timings import Timing
from fhir_mapping.sig.units import Unit


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
        "period": timing.period,
        **({"periodMax": timing.longest} if timing.longest else {}),
        "periodUnit": timing.unit,
        **({"when": [timing.when]} if timing.when else {}),
    }


def _bounds(bounds: Bounds) -> Resource:
    duration = Unit(bounds.name, systems.UCUM, bounds.code)
    return {"boundsDuration": _quantity(bounds.value, duration)}


def _as_needed(needed: AsNeeded) -> Resource:
    if needed.reason is None:
        return {"asNeededBoolean": True}
    return {"asNeededCodeableConcept": {"text": " ".join(words(needed.reason).split())}}


def _route(code: str, text: str) -> Resource:
    return {**concept(systems.SNOMED_CT, code), "text": " ".join(words(text).split())}


def _amount(dose: Dose) -> Resource:
    low = _quantity(dose.low, dose.unit)
    if dose.high is None:
        return {"doseQuantity": low}
    return {"doseRange": {"low": low, "high": _quantity(dose.high, dose.unit)}}


def _quantity(value: int | float, unit: Unit) -> Resource:  # JSON writes them apart
    return {"value": value, "unit": unit.name, "system": unit.system, "code": unit.code}
