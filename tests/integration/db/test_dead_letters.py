"""What other applications sent and is no note."""

import pytest
from sqlalchemy import Engine

from models.db.inbox.dead_letters import DeadLetters
from models.errors import NotANote, NotFound, NotIngestible

WHY = NotANote(reason="patient: missing")


def test_a_letter_is_kept_once_with_all_that_is_known_of_it(engine: Engine) -> None:
    """The same of one task is one; another task or content is another; any character is kept."""
    letters = DeadLetters(engine)
    for task, payload in (("a", "{}"), ("a", "{}"), ("b", "{}"), ("a", '"\\u0000"')):
        letters.keep(task, payload, WHY)
    found = letters.all(10)
    assert [(one.task_id, one.code, one.payload) for one in found] == [
        (task, "not-a-note", "") for task in ("a", "b", "a")
    ]
    assert "patient: missing" in found[0].reason
    assert found[0].received_at.tzinfo is not None
    assert letters.one(letters.ids()[-1]).payload == '"\\u0000"'
    assert len(letters.all(2)) == 2


def test_the_id_of_a_task_may_be_anything(engine: Engine) -> None:
    """A sender chooses it; what no database keeps as text is replaced."""
    letters = DeadLetters(engine)
    letters.keep("a\0\ud800" + "x" * 300, "{}", WHY)
    assert letters.all(1)[0].task_id == "a??" + "x" * 197


def test_a_letter_is_refused_again_or_discarded(engine: Engine) -> None:
    """The new reason takes the place of the old; what is deleted is gone."""
    letters = DeadLetters(engine)
    letters.keep("a", "{}", WHY)
    [number] = letters.ids()
    letters.refuse_again(number, NotIngestible(reason="other"))
    assert letters.one(number).code == "not-ingestible"
    assert (letters.discard([number, 9]), letters.discard([number])) == (1, 0)
    with pytest.raises(NotFound):
        letters.one(number)


def test_letters_are_of_one_tenant(engine: Engine) -> None:
    """Nobody else lists, reads or deletes them."""
    DeadLetters(engine, tenant="a").keep("a", "{}", WHY)
    [number] = DeadLetters(engine, tenant="a").ids()
    other = DeadLetters(engine, tenant="b")
    assert (other.ids(), other.all(9), other.discard([number])) == ([], [], 0)
    with pytest.raises(NotFound):
        other.one(number)
