"""One bad item never fails its neighbours."""

from collections.abc import Sequence

import pytest

from models.errors import (
    BiomedError,
    BrokerUnavailable,
    DatabaseUnavailable,
    StepFailed,
    UnreadableNote,
)
from worker.isolate_failures import blame, isolate, isolate_one


def unreadable(kind: str) -> BiomedError:
    return UnreadableNote(kind=kind)


class Doubler:
    """Doubles numbers, and raises when one of them is bad."""

    def __init__(self, bad: dict[int, BaseException]) -> None:
        self.bad = bad
        self.calls = 0

    def __call__(self, items: Sequence[int]) -> list[int]:
        self.calls += 1
        for item in items:
            if item in self.bad:
                raise self.bad[item]
        return [2 * item for item in items]


def test_good_items_are_done_in_one_call() -> None:
    """Without trouble there is no halving."""
    double = Doubler({})
    assert isolate(double, range(64), blame=unreadable) == [2 * item for item in range(64)]
    assert double.calls == 1


def test_no_items_are_no_work() -> None:
    """An empty list does not bother the model."""
    double = Doubler({})
    assert isolate(double, [], blame=unreadable) == []
    assert double.calls == 0


@pytest.mark.parametrize("culprit", [0, 1, 31, 32, 63])
def test_the_culprit_is_found_alone(culprit: int) -> None:
    """Wherever it stands, only the culprit's place holds an error, after 2·log2(n)+1 calls."""
    double = Doubler({culprit: ValueError("Mr Smith, 54")})
    found = isolate(double, range(64), blame=unreadable)
    assert [place for place, one in enumerate(found) if isinstance(one, BiomedError)] == [culprit]
    assert [one for one in found if isinstance(one, int)] == [
        2 * item for item in range(64) if item != culprit
    ]
    assert double.calls == 13


def test_an_error_holds_the_exceptions_type_and_nothing_of_its_message() -> None:
    """A foreign exception may quote the note, so only its type's name is kept."""
    error = isolate(Doubler({0: ValueError("Mr Smith")}), [0], blame=unreadable)[0]
    assert isinstance(error, UnreadableNote)
    assert str(error) == "The model failed on this note alone (ValueError)."
    assert error.__cause__ is None
    assert error.__context__ is None


def test_memory_that_suffices_for_half_is_enough() -> None:
    """A list too large for memory is read in smaller lists, and nobody is to blame."""

    def at_most_ten(items: Sequence[int]) -> list[int]:
        if len(items) > 10:
            raise MemoryError
        return list(items)

    assert isolate(at_most_ten, range(64), blame=unreadable) == list(range(64))


def test_a_typed_error_stays_what_it_is() -> None:
    """An error of ours keeps its type, because that says whether to try again."""
    passing = BrokerUnavailable(kind="TimeoutError")
    found = isolate(Doubler({2: passing}), range(4), blame=unreadable)
    assert found == [0, 2, passing, 6]


def test_several_culprits_are_all_found() -> None:
    """Each of several bad items fails with its own error."""
    bad: dict[int, BaseException] = {3: ValueError(), 40: KeyError(), 41: RecursionError()}
    found = isolate(Doubler(bad), range(64), blame=unreadable)
    failed = {place: str(one) for place, one in enumerate(found) if isinstance(one, BiomedError)}
    assert {place: text.split("(")[1][:-2] for place, text in failed.items()} == {
        3: "ValueError",
        40: "KeyError",
        41: "RecursionError",
    }


def test_a_lost_database_is_not_asked_again_for_each_half() -> None:
    """What fails for all alike is raised at once."""
    double = Doubler({5: DatabaseUnavailable(kind="OperationalError")})
    with pytest.raises(DatabaseUnavailable):
        isolate(double, range(64), blame=unreadable)
    assert double.calls == 1


def test_a_wrong_number_of_results_is_an_error_of_all() -> None:
    """When results cannot be told apart, none is given to the wrong item."""
    found = isolate(lambda items: [0] * (len(items) + 1), [1, 2], blame=blame("read"))
    assert [type(one) for one in found] == [StepFailed, StepFailed]


def test_an_interrupt_is_not_swallowed() -> None:
    """Ctrl-C and the worker's own end are no bad items."""
    with pytest.raises(KeyboardInterrupt):
        isolate(Doubler({0: KeyboardInterrupt()}), [0], blame=unreadable)


def test_one_item_alone_returns_its_error() -> None:
    """Work on one item fails as it would in a list."""
    error = isolate_one(lambda item: 1 // item, 0, blame=blame("extract"))
    assert isinstance(error, StepFailed)
    assert str(error) == ("The step `extract` failed on this document alone (ZeroDivisionError).")
