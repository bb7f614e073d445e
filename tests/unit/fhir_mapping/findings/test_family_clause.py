import pytest

from fhir_mapping.findings.family_clause import Clause, clause, disease
from fhir_mapping.findings.grouping import group
from models.clinical import Mention
from tests.golden.markup import read


def of(words: str, label: str = "Family_history") -> Clause | None:
    return clause(Mention(0, len(words), words, label, 0.9))


@pytest.mark.parametrize(
    ("words", "disease", "began"),
    [
        ("Mother died of breast cancer at 52", "breast cancer", ""),
        ("her mother passed away from an intracranial hemorrhage", "intracranial hemorrhage", ""),
        ("Maternal grandmother with type 2 diabetes", "type 2 diabetes", ""),
        ("parents and 1 brother had lung cancer", "lung cancer", ""),
        ("younger brother who had been diagnosed with hepatitis C", "hepatitis C", ""),
        ("Sister: lupus", "lupus", ""),
        ("the patient's two sisters suffer from migraine.", "migraine", ""),
        ("father and paternal uncle have gout", "gout", ""),
        ("strong family history of colon cancer", "colon cancer", ""),
        ("family history of colon cancer in her mother", "colon cancer", ""),
        ("Mother had breast cancer at 45", "breast cancer", "at 45"),
        ("Mother had breast cancer at age 45", "breast cancer", "at age 45"),
        (
            "Mother had breast cancer, diagnosed at the age of 45",
            "breast cancer",
            "at the age of 45",
        ),
        ("aunt had a stroke in her 30s", "stroke", "in her 30s"),
        ("aunt had a stroke in her early 30s", "stroke", "in her early 30s"),
    ],
)
def test_a_clause_of_relatives_a_verb_and_a_name_is_of_that_name(
    words: str, disease: str, began: str
) -> None:
    """The age of one who died is not the age at which the disease began."""
    found = of(words)
    assert found is not None
    assert (found.disease, found.began) == (disease, began)


@pytest.mark.parametrize(
    "words",
    [
        "breast cancer",
        "stroke in her 30s",
        "Mother had gout and diabetes",
        "Mother had gout or diabetes",
        "Mother had gout, diabetes",
        "Mother with gout but not diabetes",
        "mother had one skin cancer lesion removed",
        "mother had a hysterectomy",
        "mother had no diabetes",
        "mother has possible gout",
        "mother had gout after surgery",
        "mother had gout during pregnancy",
        "Mother died of breast cancer at 52 and father of gout",
        "mother has a sister with gout",
        "Mother died at 52",
        "mother had",
        "neighbour had gout",
        "carrier of the Notch3 mutation",
        "One sibling, a girl died at the age of 1 month due to SIDS according to parents",
        "mother had a very long and winding name of a disease",
        "mother had 3 children",
    ],
)
def test_any_other_clause_keeps_its_words(words: str) -> None:
    """A second thing, a verb, a doubt, a procedure or no relative: nothing is taken out."""
    assert of(words) is None
    assert disease(Mention(0, len(words), words, "Family_history", 0.9)) == words


def test_only_a_family_history_is_a_clause() -> None:
    """Words that the reader took for a disease are its name."""
    assert of("Mother had gout", "Disease_disorder") is None


def test_a_clause_and_a_disease_of_one_relative_are_one_thing() -> None:
    """What is told twice of the mother is one history with two mentions."""
    one, reading = read(
        "[Mom had gout|Family_history]. [Gout|Disease_disorder family:mother] again."
        " [Father had gout|Family_history]."
    )
    assert [len(each.mentions) for each in group([one], [reading])] == [2, 1]


def test_a_long_clause_costs_no_more_than_its_length() -> None:
    """A note cannot stop the worker with a family."""
    assert of("the patient's " * 2000 + "mother had gout") is None
    assert of("mother, " * 24 + "x had") is None


def test_how_a_relative_died_is_no_part_of_the_disease() -> None:
    """Whatever the reader's type is."""
    for words in ("died of metastatic disease at 57", "passed away from metastatic disease"):
        mention = Mention(0, len(words), words, "Disease_disorder", 1.0)
        assert disease(mention) == "metastatic disease"
