import pytest

from fhir_mapping.elements.partial_dates import partial_date


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("2014", "2014"),
        ("in 2014", "2014"),
        ("March 2014", "2014-03"),
        ("Sept. 2014", "2014-09"),
        ("march, 2014", "2014-03"),
        ("November 18, 2015", "2015-11-18"),
        ("12th December 2007", "2007-12-12"),
        ("the 3rd of May 2019", "2019-05-03"),
        ("3-May-2019", "2019-05-03"),
        ("2014-03-05", "2014-03-05"),
        ("2014-03", "2014-03"),
        ("03/2014", "2014-03"),
        ("13/04/2015", "2015-04-13"),
        ("04/13/2015", "2015-04-13"),
        ("04/04/2015", "2015-04-04"),
        ("February 29, 2016", "2016-02-29"),
    ],
)
def test_a_date_is_as_partial_as_its_words(words: str, date: str) -> None:
    """What the words leave open stays open."""
    assert partial_date(words) == date


@pytest.mark.parametrize(
    "words",
    [
        "03/04/2015",
        "early 2014",
        "March",
        "March 3",
        "31 February 2014",
        "February 29, 2015",
        "2014-13",
        "2014-3",
        "14",
        "1850",
        "20145",
        "2014 or 2015",
        "2014?",
        "two days later",
        "postoperative day 3",
        "January and June 2002",
        "late January, 2017",
        "١٢/٣/2014",
        "",
    ],
)
def test_what_is_no_one_date_is_none(words: str) -> None:
    """A day that could be two, that no calendar has, or that is relative, is not written."""
    assert partial_date(words) is None
