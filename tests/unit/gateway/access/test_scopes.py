"""What a scope allows, in both versions of SMART's grammar."""

import pytest

from gateway.access.policy import Asked, authorise, needed
from gateway.access.principal import Principal
from gateway.access.scopes import ALL, METRICS, Permission, parsed
from models.audit_events import Agent
from models.errors import Forbidden

LETTERS: tuple[Permission, ...] = ("c", "r", "u", "d", "s")
ALLOWED = [
    ("system/Condition.rs", "Condition", "rs"),
    ("system/Condition.read", "Condition", "rs"),
    ("system/Condition.write", "Condition", "cud"),
    ("system/Condition.*", "Condition", "cruds"),
    ("system/*.cruds", "Provenance", "cruds"),
    ("system/*.s", "Provenance", "s"),
    ("system/Condition.c system/Condition.rs", "Condition", "crs"),
]
NOTHING = [
    "",
    "user/Condition.rs",
    "patient/*.rs",
    "system/Condition.sr",
    "system/Condition.",
    "system/Condition.rs?category=vital-signs",
    "system/condition.rs",
    "system/Condition.reads",
    "xsystem/Condition.rs",
    "system/Condition.rs\n",
    "openid",
]


@pytest.mark.parametrize(("words", "kind", "letters"), ALLOWED)
def test_a_scope_allows_its_letters(words: str, kind: str, letters: str) -> None:
    """Each letter of the grammar is one permission, and no other is given."""
    scopes = parsed(words.split(" "))
    assert "".join(one for one in LETTERS if scopes.allow(kind, one)) == letters


@pytest.mark.parametrize("word", NOTHING)
def test_what_is_not_understood_allows_nothing(word: str) -> None:
    """Other contexts, searches, wrong order and misspelling give no permission at all."""
    scopes = parsed([word])
    assert not any(scopes.allow("Condition", one) for one in LETTERS)


def test_the_audit_log_has_to_be_named() -> None:
    """Who may read every clinical type does not see who else does."""
    assert not parsed(["system/*.cruds"]).allow("AuditEvent", "s")
    assert parsed(["system/AuditEvent.rs"]).allow("AuditEvent", "s")
    assert ALL.allow("AuditEvent", "s")


NEEDED = [
    (Asked("GET", "/fhir/Condition"), {("Condition", "s")}),
    (Asked("POST", "/fhir/Condition/_search"), {("Condition", "s")}),
    (Asked("GET", "/fhir/Condition/1"), {("Condition", "r")}),
    (Asked("GET", "/fhir/Condition/1/_history/2"), {("Condition", "r")}),
    (Asked("GET", "/fhir/Condition/_history"), {("Condition", "r"), ("Condition", "s")}),
    (Asked("PUT", "/fhir/Condition/1"), {("Condition", "u")}),
    (Asked("POST", "/fhir/DocumentReference"), {("DocumentReference", "c")}),
    (
        Asked("POST", "/fhir/DocumentReference", if_none_exist=True),
        {("DocumentReference", "c"), ("DocumentReference", "s"), ("DocumentReference", "r")},
    ),
    (
        Asked("GET", "/fhir/Condition", (("_revinclude", "Provenance:target"),)),
        {("Condition", "s"), ("Provenance", "r")},
    ),
    (
        Asked("GET", "/fhir/Condition", (("_include:iterate", "Condition:evidence"),)),
        {("Condition", "s"), ("*", "r")},
    ),
    (
        Asked("GET", "/fhir/Provenance", (("_include", "Provenance:target:Condition"),)),
        {("Provenance", "s"), ("Condition", "r")},
    ),
    (
        Asked("GET", "/fhir/Condition", (("_has:Provenance:target:_id", "7"),)),
        {("Condition", "s"), ("*", "s")},
    ),
    (Asked("GET", "/fhir/Patient/1/$everything"), {("*", "r"), ("*", "s")}),
]
ANYTHING = [
    Asked("GET", "/fhir/$unknown"),
    Asked("GET", "/fhir/Patient/1/Condition"),
    Asked("GET", "/fhir//Condition"),
    Asked("GET", "/other"),
    Asked("TRACE", "/fhir/Condition/1"),
]


@pytest.mark.parametrize(("asked", "wanted"), NEEDED)
def test_what_a_request_needs(asked: Asked, wanted: set[tuple[str, str]]) -> None:
    """Every way to get at a type asks for that type."""
    assert set(needed(asked)) == wanted


@pytest.mark.parametrize("asked", ANYTHING)
def test_what_nobody_thought_of_needs_everything(asked: Asked) -> None:
    """A route that is added without a word about it is closed, not open."""
    with pytest.raises(Forbidden):
        authorise(Principal(Agent("client", "x"), parsed(["system/*.rs"])), asked)


def test_figures_need_their_own_scope() -> None:
    """A clinical token does not open /metrics."""
    asked = Asked("GET", "/metrics")
    with pytest.raises(Forbidden, match=METRICS):
        authorise(Principal(Agent("client", "x"), parsed(["system/*.cruds"])), asked)
    authorise(Principal(Agent("client", "x"), parsed([METRICS])), asked)
