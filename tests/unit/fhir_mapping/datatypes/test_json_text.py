"""Which JSON text is taken in at all."""

import pytest

from fhir_mapping.datatypes.json_text import DEEPEST, checked
from models.errors import BiomedError, NotJson, TooComplex


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


@pytest.mark.parametrize("raw", [b'{"a": 1}', b'\xef\xbb\xbf{"a": 1}', '\ufeff{"a": 1}'])
def test_a_byte_order_mark_is_left_out(raw: bytes | str) -> None:
    """The text is the same with a mark and without."""
    assert checked(raw).text == '{"a": 1}'


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff{}", "not UTF-8"),
        ('"\ud800"', "not UTF-8"),
        (b'"\\ud800"', "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b'{"a": -Infinity}', "not JSON"),
        (b'{"a": 1e999}', "not JSON"),
        (b"9" * 400, "not JSON"),
        (b'\n{"a": }', "line 2"),
        (b'{"a": 1, "b": {}, "a": 2}', "twice"),
        (b'[{"status": "x", "\\u0073tatus": "y"}]', "twice"),
        (nested(DEEPEST + 1), "deeply"),
        (nested(100_000)[:100_000], "deeply|not JSON"),
        ("[" * 1_000_000, "deeply|not JSON"),
    ],
)
def test_what_readers_take_differently_is_refused(raw: bytes | str, reason: str) -> None:
    """What is not strict JSON, is ambiguous, or is deep enough to break a parser has its reason."""
    with pytest.raises(NotJson, match=reason):
        checked(raw, most_elements=10_000_000)


@pytest.mark.parametrize("raw", [nested(DEEPEST), '{"a": "{[,\\"{[,"}', "[" + "1," * 9 + "1]"])
def test_what_only_looks_like_much_is_taken(raw: str) -> None:
    """Brackets and commas within strings are no elements, and depth has its room."""
    assert checked(raw, most_elements=DEEPEST).text == raw


@pytest.mark.parametrize("one", ["{}", "[]", "1", '"a,b"', '{"url":"x"}'])
def test_elements_are_counted_before_anything_is_built(one: str) -> None:
    """So many values are taken, and twice as many refused, whatever they are."""
    few, many = (f"[{','.join([one] * number)}]" for number in (300, 1500))
    assert checked(few, most_elements=1000).text == few
    with pytest.raises(TooComplex):
        checked(many, most_elements=1000)


def test_the_errors_hold_no_words() -> None:
    """Neither names nor values of what is refused are repeated."""
    for raw in (b'{"Oduya": 1, "Oduya": 2}', b'{"Oduya": Oduya}'):
        with pytest.raises(BiomedError) as caught:
            checked(raw)
        assert "Oduya" not in str(caught.value)
