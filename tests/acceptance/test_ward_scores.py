"""What comes out of real notes: thresholds that a change must not break (docs/ward.md)."""

import pytest

from models.ner.checkpoint.loading import DEFAULT, bundled
from tests.benchmarks import ward
from tests.benchmarks.ward import ALL, Row, Scores, parsed
from tests.data import corpus

pytestmark = pytest.mark.skipif(DEFAULT not in bundled(), reason="no model is bundled here")

PRINTED = """\
                           right      weak     wrong  mistyped  spurious   precision  harm/100
Condition                      3         1         0         1         0   0.600      20.0
all                            6         1         1         1         1   0.600      30.0
recall all                   right 0.773  seen 0.855  n 22
recall drug                  right 0.750  seen 0.875  n 12
recall drug       current    right 0.800  seen 0.900  n 10
dosage: 0.902 of 41 doses of current drugs that were found
ward: precision 0.600 recall 0.773 F1 0.676 harm/100 30.0
"""


@pytest.fixture(scope="module")
def scores() -> Scores:
    """Every third note of dev: about 20 seconds of one core; all of them are in `make bench`."""
    split = corpus("ward/dev")
    return ward.measure(split, ward.names(split)[::3])


@pytest.mark.parametrize(
    ("type_", "right", "harm"),
    [
        (ALL, 0.81, 16),
        ("Condition", 0.80, 16),
        ("MedicationStatement", 0.77, 17),
        ("Procedure", 0.78, 21),
        ("Observation", 0.86, 14),
    ],
)
def test_what_comes_out_is_right(scores: Scores, type_: str, right: float, harm: float) -> None:
    """Right of all at least, harmful of 100 at most (0.833 and 13.8 of all types together)."""
    assert scores.rows[type_].precision >= right
    assert scores.rows[type_].harm <= harm


@pytest.mark.parametrize(
    ("kind", "least"),
    [(ALL, 0.76), ("problem", 0.79), ("drug", 0.69), ("procedure", 0.60), ("measure", 0.95)],
)
def test_what_a_chart_should_hold_is_found(scores: Scores, kind: str, least: float) -> None:
    """Of the facts that a chart should hold, those that a right resource covers (0.785 of all)."""
    assert scores.found[kind] >= least


def test_a_value_stands_on_its_own_name(scores: Scores) -> None:
    """Of the measures that became Observations, and of how many that was said."""
    share, of = scores.shares["values"]
    assert share >= 0.95
    assert of >= 15


def test_the_table_of_the_measure_is_read() -> None:
    """Counts by type, shares by kind of fact but not by status; a text without a table is told."""
    found = parsed(PRINTED)
    assert found.rows == {"Condition": Row((3, 1, 0, 1, 0)), ALL: Row((6, 1, 1, 1, 1))}
    assert found.rows[ALL].precision == pytest.approx(0.6)
    assert found.rows[ALL].harm == pytest.approx(30)
    assert found.found == {"all": 0.773, "drug": 0.75}
    assert found.shares == {"dosage": (0.902, 41)}
    with pytest.raises(ValueError, match="no table"):
        parsed("nothing")
