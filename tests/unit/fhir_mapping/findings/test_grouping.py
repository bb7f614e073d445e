import pytest

from fhir_mapping.datatypes.identity import identify, normalise
from fhir_mapping.findings.grouping import Group, group
from tests.golden.markup import read


def groups(*marked: str) -> tuple[Group, ...]:
    pairs = [read(text, index) for index, text in enumerate(marked)]
    notes, readings = zip(*pairs, strict=True)
    return group(notes, readings)


def test_the_same_words_are_one_thing() -> None:
    """Case, white space and width of letters do not make two things of one."""
    made = groups("[Type 2  diabetes|Disease_disorder], [type 2\ndiabetes|Disease_disorder]")
    assert [len(one.mentions) for one in made] == [2]
    assert normalise("ＴＹＰＥ 2 Diabetes") == "type 2 diabetes"


def test_another_assertion_is_another_thing() -> None:
    """The same words negated and asserted are two findings with two ids."""
    made = groups("[gout|Disease_disorder] no [gout|Disease_disorder negated]")
    assert len({one.id for one in made}) == len(made) == 2


def test_another_resource_type_is_another_thing() -> None:
    """The same words as a drug and as a procedure are two."""
    made = groups("[oxygen|Medication] [oxygen|Therapeutic_procedure]")
    assert [one.thing.kind for one in made] == ["MedicationStatement", "Procedure"]


def test_two_labels_of_one_resource_type_are_one_thing() -> None:
    """Therapeutic and diagnostic procedures with one name would share an id, so they are one."""
    made = groups("[biopsy|Therapeutic_procedure] [biopsy|Diagnostic_procedure]")
    assert [len(one.mentions) for one in made] == [2]


def test_things_are_gathered_across_attachments() -> None:
    """A thing named in two attachments of a document is one, in reading order."""
    (made,) = groups("[gout|Disease_disorder]", "more [gout|Disease_disorder]")
    assert [each.evidence.content_index for each in made.mentions] == [0, 1]


def test_other_labels_are_no_findings() -> None:
    """Attributes become no resource of their own."""
    assert groups("[left|Biological_structure] [mild|Severity] [5 mg|Dosage]") == ()


def test_a_disease_with_the_characters_of_a_history_is_the_history() -> None:
    """Of two labels on the very same characters the historical one stays: it says less."""
    one, reading = read("[pneumonia|Disease_disorder] and [pneumonia|History]")
    disease, history = reading.mentions
    same = type(history)(disease.start, disease.end, disease.text, "History", 0.9)
    both = type(reading)((disease, same), reading.assertions, (), reading.coverage, reading.model)
    assert [found.thing.assertion_status for found in group([one], [both])] == ["historical"]


def test_a_disease_inside_a_longer_history_stays() -> None:
    """Only identical spans are merged; a disease inside a History clause is its own finding."""
    one, reading = read("[gout|Disease_disorder] since years")
    disease = reading.mentions[0]
    clause = type(disease)(0, len(one.text), one.text, "History", 0.9)
    both = type(reading)(
        (disease, clause), reading.assertions * 2, (), reading.coverage, reading.model
    )
    assert len(group([one], [both])) == 2


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("appendectomy", "Procedure"),
        ("history of appendectomy in 2004", "Procedure"),
        ("s/p coronary artery bypass", "Procedure"),
        ("spleen abscess drainage", "Procedure"),
        ("liver transplantation 10 years ago", "Procedure"),
        ("hypertension", "Condition"),
        ("history of MI", "Condition"),
        ("gout and appendectomy", "Condition"),
        ("pain after appendectomy", "Condition"),
        ("bypass failure", "Condition"),
        ("history of", "Condition"),
    ],
)
def test_the_head_word_of_a_history_decides(words: str, kind: str) -> None:
    """A History is a Condition unless its head word alone names a procedure."""
    assert groups(f"[{words}|History]")[0].thing.kind == kind


@pytest.mark.parametrize(
    ("marked", "relative"),
    [
        ("[gout|Disease_disorder family:mother]", "mother"),
        ("[gout|Disease_disorder family:maternal_aunt]", "maternal aunt"),
        ("[gout|Disease_disorder family:younger_brother]", "brother"),
        ("[gout|Disease_disorder family:Mom]", "mother"),
        ("[Dad had gout|Family_history]", "father"),
        ("[mom's dad had gout|Family_history]", ""),
        ("[gout|Disease_disorder family:grandparent]", "grandparent"),
        ("[gout|Disease_disorder family:Family_history]", ""),
        ("[gout|Disease_disorder family]", ""),
        ("[her mother had gout|Family_history family:mother]", "mother"),
        ("[mother and father had gout|Family_history]", ""),
        ("[two brothers had gout|Family_history]", ""),
        ("[mother-in-law had gout|Family_history]", ""),
        ("[step-mother had gout|Family_history]", ""),
        ("[half-brother had gout|Family_history]", "half brother"),
        ("[great grandmother had gout|Family_history]", ""),
        ("[child of cousins|Family_history]", ""),
        ("[person in charge had gout|Family_history]", ""),
    ],
)
def test_a_relative_is_named_only_when_certain(marked: str, relative: str) -> None:
    """One relative in the words is that relative; several, plurals and in-laws are any."""
    assert groups(marked)[0].thing.relative == relative


def test_the_same_disease_of_two_relatives_is_two_things() -> None:
    """Mother's and father's gout are two histories."""
    made = groups("[gout|Disease_disorder family:mother] [gout|Disease_disorder family:father]")
    assert len({one.id for one in made}) == 2


def test_parts_of_an_id_cannot_run_together() -> None:
    """Where one part ends matters: ("a", "bc") is not ("ab", "c")."""
    assert identify("a", "bc") != identify("ab", "c")
