"""From what a reader found in a document to the resources: the story on one screen."""

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import Final

from fhir_mapping.datatypes.codeable_concept import Resource
from fhir_mapping.elements import evidence
from fhir_mapping.findings.denied_past import denies_only_past, is_present, names
from fhir_mapping.findings.grouping import Group, group
from fhir_mapping.findings.labels import Kind
from fhir_mapping.findings.not_charted import names_nothing
from fhir_mapping.findings.policy import DEFAULT, Policy
from fhir_mapping.resources.allergy_intolerance import allergy_intolerance
from fhir_mapping.resources.condition import condition
from fhir_mapping.resources.device import device
from fhir_mapping.resources.family_member_history import family_member_history
from fhir_mapping.resources.medication_statement import medication_statement
from fhir_mapping.resources.model_card import model_card
from fhir_mapping.resources.narrative import narrated
from fhir_mapping.resources.observation import observation
from fhir_mapping.resources.procedure import procedure
from fhir_mapping.resources.provenance import provenance
from models.clinical import Extraction, Finding, ModelIdentity, Note, Reading, Run, Unread

_BUILDERS: Final[dict[Kind, Callable[[Group], Resource | None]]] = {
    "Condition": condition,
    "MedicationStatement": medication_statement,
    "AllergyIntolerance": allergy_intolerance,
    "Procedure": procedure,
    "FamilyMemberHistory": family_member_history,
    "Observation": observation,
}


def extract(  # noqa: PLR0913 - what was read, and three things to say of it
    notes: Sequence[Note],
    readings: Sequence[Reading],
    unread: Sequence[Unread],
    *,
    run: Run,
    card: str,
    policy: Policy = DEFAULT,
) -> Extraction:
    """Return all that came of reading one document.

    `readings[i]` is of `notes[i]`; `card` is the Markdown text of the model card; `policy` is
    what the operator chose. The findings depend on nothing of the run, so the same document read
    twice yields equal ones.
    """
    groups = group(notes, readings, policy)
    present = {name for one in groups if is_present(one) for name in names(one)}
    findings = tuple(_finding(one, policy, present) for one in groups)
    return Extraction(
        run=run,
        notes=tuple(notes),
        readings=tuple(readings),
        unread=tuple(unread),
        findings=findings,
        records=_records(notes, findings, run, card),
    )


def _finding(one: Group, policy: Policy, present: Collection[str]) -> Finding:
    """Return the finding of a group, under the label, words and assertion of its first mention.

    `present` are the names of the problems that the document says are there.
    """
    untold = names_nothing(one) or _unwanted(one, policy) or denies_only_past(one, present)
    return Finding(
        label=one.first.mention.label,
        text=one.first.mention.text,
        assertion=one.first.assertion,
        evidence=tuple(each.evidence for each in one.mentions),
        resource=None if untold else _resource(one),
    )


def _resource(one: Group) -> Resource | None:
    made = _BUILDERS[one.thing.kind](one)
    return narrated(made) if made else None


def _unwanted(one: Group, policy: Policy) -> bool:
    """Return whether the operator wants no resource."""
    score = max(each.mention.score for each in one.mentions)
    denied = one.thing.assertion_status == "negated"
    return policy.leaves_out(one.thing.kind, score, denied=denied)


def _records(
    notes: Sequence[Note], findings: Sequence[Finding], run: Run, card: str
) -> tuple[Resource, ...]:
    """Return what documents the run: the device, its card and, if anything was made, how."""
    if not notes:
        return ()
    made = [finding.resource for finding in findings if finding.resource]
    about_model = model_records(run.model, card)
    if not made:  # Provenance.target is 1..*
        return about_model
    targets = [f"{resource['resourceType']}/{resource['id']}" for resource in made]
    made_by = provenance(run, targets=targets, source=evidence.document(notes[0]))
    return (narrated(made_by), *about_model)


@lru_cache(maxsize=8)  # the same for all documents that a model reads
def model_records(model: ModelIdentity, card: str) -> tuple[Resource, Resource]:
    """Return the Device of a model and its card, as every document that it reads brings them."""
    return narrated(device(model)), narrated(model_card(model, card))
