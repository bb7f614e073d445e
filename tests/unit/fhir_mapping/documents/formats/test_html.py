"""HTML to text: what a reader of the page sees, and nothing that could bring a worker down."""

import pytest

from tests.unit.fhir_mapping.documents.formats.conversions import code, converted, text

HTML = "text/html"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<h2>Past Medical History</h2><p>Gout.</p>", "Past Medical History:\nGout.\n"),
        ("<h2>Plan:</h2>Rest", "Plan:\nRest\n"),
        ("<ul><li>Gout<li>Asthma</ul>", "- Gout\n- Asthma\n"),
        ("<ol><li>Gout<ul><li>left toe</ul><li>Asthma</ol>", "1. Gout\n  - left toe\n2. Asthma\n"),
        ("<ol><li value=4>Gout</ol>", "4. Gout\n"),
        (
            "<table><tr><th>Drug<th>Dose<tr><td>Aspirin<td>81 mg<br>daily</table>",
            "Drug\tDose\nAspirin\t81 mg daily\n",
        ),
        ("<table><tr><td>Gout<br>Asthma<td>Rest</table>", "Gout; Asthma\tRest\n"),
        ("<table><tr><th>Allergies</th><td>none</td></tr></table>", "Allergies: none\n"),
        (
            "<table><tr><td><h3>Plan</h3>Rest<td><h3>Labs</h3>Na 130</table>",
            "Plan:\nRest\n\nLabs:\nNa 130\n",
        ),
        ("<dl><dt>Allergies<dd>Penicillin</dl>", "Allergies: Penicillin\n"),
        ("No<br>fever<br><br>now", "No\nfever\n\nnow\n"),
        ("<pre>Na   130\n K     4</pre>", "Na   130\n K     4\n"),
        ("pneu&shy;monia &lt; 3&nbsp;days &amp; more", "pneumonia < 3 days & more\n"),
        ("a <b>b</b><i>c</i>\n\n d", "a bc d\n"),
        ("<input type=checkbox checked>Smoker <input type=checkbox>Alcohol",
         "[x] Smoker [ ] Alcohol\n"),
        ("<input value='62 kg'> <select><option>no<option selected>yes</select>", "62 kg yes\n"),
        ("<p>" + "Long prose. " * 6 + "<p>Short", "Long prose. " * 5 + "Long prose.\n\nShort\n"),
    ],
)  # fmt: skip
def test_a_page_is_written_as_a_note_is_typed(page: str, expected: str) -> None:
    """Headings, items, rows, keys and lines stand as the reader of layouts knows them."""
    assert text(page, HTML) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>asthma</p>",
        "<p style='color:red; display : none'>asthma</p>",
        "<p style='visibility:hidden'>asthma</p>",
        "<style>.x { display: none }</style><p class='y x'>asthma</p>",
        "<style>#x{display:none}</style><p id=x>asthma</p>",
        "<!-- asthma -->",
        "<script>asthma</script>",
        "<style>asthma</style>",
        "<template><p>asthma</p></template>",
        "<title>asthma</title>",
        "<del>asthma</del><s>asthma</s><strike>asthma</strike>",
        "<span style='text-decoration: line-through'>asthma</span>",
        "<input type=hidden value=asthma>",
        "<div style='display:none'><p>asthma</div>",
    ],
)
def test_what_is_hidden_or_taken_back_stays_out(hidden: str) -> None:
    """Nobody who looks at the page reads it there, or it is struck through."""
    assert text(f"<p>No fever.{hidden}</p><p>Gout.</p>", HTML).split() == ["No", "fever.", "Gout."]


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("display:none;display:block", True),
        ("display:block;display:none", False),
        ("display:none;color:red", False),
        ("display:nonexistent", True),
        ("display:none;display:nonexistent", False),
        ("display:none !important;display:block", False),
        ("display:none;display:block!important", True),
        ("display:/* not */none", False),
        ("DISPLAY:NONE", False),
        ("visibility:hidden;visibility:visible", True),
        ("display:none;visibility:visible", False),
        ("text-decoration:line-through red;text-decoration-line:none", True),
        ("text-decoration:underline line-through", False),
        ("x-display:none", True),
    ],
)
@pytest.mark.parametrize(
    "page", ["<p style='{}'>asthma</p>", "<style>.x{{{}}}</style><p class=x>asthma</p>"]
)
def test_the_last_declaration_that_is_one_counts(page: str, style: str, shown: bool) -> None:  # noqa: FBT001
    """In an element's own style and in a rule for its class (CSS 2.2, 4.2 and 6.4.1)."""
    assert ("asthma" in text(page.format(style), HTML)) is shown


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("<select><option>no<option>yes</select>", "no"),
        ("<select><option disabled>Choose<option>no</select>", "no"),
        ("<select><optgroup disabled><option>a</optgroup><option>no</select>", "no"),
        ("<select size=1><optgroup><option>no<option>yes</select>", "no"),
        ("<select><option>no<option selected>yes</select>", "yes"),
        ("<select multiple><option>no<option>yes</select>", ""),
        ("<select size=4><option>no<option>yes</select>", ""),
        ("<select></select>", ""),
    ],
)
def test_a_list_shows_what_a_browser_shows_as_chosen(options: str, expected: str) -> None:
    """A drop-down list in which nothing was chosen shows its first option that can be chosen."""
    assert text(f"<p>Smoker: {options}</p>", HTML).split() == ["Smoker:", *expected.split()]


@pytest.mark.parametrize(
    "seen",
    [
        "<style>@media print { .x { display: none } }</style><p class=x>asthma</p>",
        "<style>.x{display:none} .x{display:block}</style><p class=x>asthma</p>",
        "<style>div .x{display:none}</style><p class=x>asthma</p>",
        "<p hidden>gone<p>asthma</p>",
        "<details><summary>More</summary>asthma</details>",
        "<p>asthma",
        "</div></p></table>asthma",
        "<noscript>asthma</noscript>",
        "<textarea>asthma</textarea>",
    ],
)
def test_what_is_seen_is_not_lost(seen: str) -> None:
    """Rules for paper, rules that are taken back, and unclosed tags hide nothing."""
    assert "asthma" in text(seen, HTML)


@pytest.mark.parametrize(
    ("page", "declared"),
    [
        ("<p>Ménière</p>".encode("cp1252"), HTML),
        ("<p>Ménière</p>".encode("cp1252"), "text/html; charset=windows-1252"),
        ("<meta charset='utf-8'><p>Ménière</p>".encode(), HTML),
        ("<meta charset=iso-8859-1><p>Ménière</p>".encode("cp1252"), HTML),
        ("<p>Ménière</p>".encode("utf-16"), HTML),
        ("<meta charset=macintosh><p>Ménière</p>".encode("mac-roman"), HTML),
    ],
)
def test_the_charset_is_declared_or_tried(page: bytes, declared: str) -> None:
    """By the content type, a byte order mark, the page; else UTF-8, else windows-1252."""
    assert text(page, declared) == "Ménière\n"


def test_a_place_is_an_xpath() -> None:
    """Words of inline elements belong to their block; signs of the converter's own to none."""
    found = converted("<h1>A</h1><p>No <b>fe</b>ver<p>x", HTML)
    assert [(found.text[p.start : p.end], p.place) for p in found.source] == [
        ("A", "/html[1]/body[1]/h1[1]"),
        ("No fever", "/html[1]/body[1]/p[1]"),
        ("x", "/html[1]/body[1]/p[2]"),
    ]


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 50_000,
        "<p><b>x" * 50_000,
        "<p><font size=1>x" * 50_000,
        "<table><tr><td>" * 50_000,
        "<ul><li>" * 50_000,
        "<span><div></span></div>" * 50_000,
        "<span><p></span></p>" * 50_000,
        "<div><object></div></object>" * 50_000,
        "<table><td><span></table>" * 50_000 + "<table><td>" * 500,
    ],
)
def test_50000_nested_elements_are_refused_before_a_tree_is_made(page: str) -> None:
    """The parser's time grows with the square of their depth."""
    assert code(page, HTML) == "document-too-complex"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>x" * 5_000, 5_000),
        ("<ul>" + "<li>x" * 5_000, 10_000),
        ("<ul>" + "<li><b>x<p>y</b>" * 1_000, 3_000),
        ("<dl>" + "<dt>a<dd>b" * 1_000, 2_000),
        ("<table>" + "<tr><th>a<td>b" * 1_000, 2_000),
        ("<table><tbody>" + "<tr><td>a<td>b</tbody><tbody>" * 1_000, 2_000),
        ("<div><b><i>x</b></i></div>" * 1_000, 1_000),
        ("<select>" + "<option selected>x" * 1_000, 1_000),
        ("<div><p>x<div>y</div></div>" * 1_000, 2_000),
    ],
)
def test_unclosed_tags_are_no_depth(page: str, words: int) -> None:
    """Paragraphs and items may be left open: HTML closes them."""
    assert len(text(page, HTML).split()) == words


def test_a_long_page_is_refused_while_it_is_written() -> None:
    """The limit of characters holds for HTML too."""
    assert code("<p>fever" * 1000, HTML, most=500) == "note-too-large"


def test_a_page_of_pictures_alone_is_unread() -> None:
    """A scan in a page is words that nobody read; a page without anything has none."""
    assert code('<p><img src="scan.png"></p>', HTML) == "no-text-in-document"
    assert text('<p>Gout.</p><img src="logo.png">', HTML) == "Gout.\n"
    assert text("<p></p>", HTML) == ""
