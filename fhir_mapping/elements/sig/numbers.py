"""Numbers of a sig that JSON can write with the very digits of the text."""

from typing import Final

NUMBER_WORDS: Final[dict[str, int]] = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
}
_MOST_DIGITS: Final = 9


def exact(digits: str) -> int | float | None:
    """Return the number that JSON writes as `digits`, or None where there is none above 0.

    FHIR's decimals keep their digits: 2.50 is not 2.5, and a float could not hold the difference.
    """
    if len(digits) > _MOST_DIGITS:
        return None
    number = float(digits) if "." in digits else int(digits)
    return number if number and str(number) == digits else None
