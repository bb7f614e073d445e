"""Cut each paragraph of a text at its headings, and what they head into units."""

from collections.abc import Iterator

from models.ner.text.layout import unit_drafts
from models.ner.text.layout.headings import Head, heads
from models.ner.text.layout.lines import Opening
from models.ner.text.layout.paragraphs import Paragraph
from models.ner.text.layout.sections import Outline
from models.ner.text.layout.unit_drafts import Draft, Piece

_LOOSE = " ,*_#"


class Cutter:
    """What a text is cut into so far: `drafts` of units, `loose` pieces in none, and its outline.

    The heading of a part or a test begins the unit of its words, which may follow on the next line.
    """

    def __init__(self, text: str) -> None:
        self.outline = Outline()
        self.drafts: list[Draft] = []
        self.loose: list[Piece] = []
        self._text = text
        self._ahead: Piece | None = None

    def add(self, paragraph: Paragraph, depth: int) -> None:
        """Cut the next paragraph."""
        if paragraph.after_blank or paragraph.opening.marked or paragraph.row:
            self.give_up()
        if paragraph.row:
            self.loose.extend(_marks(paragraph.opening))
            self.drafts.extend(unit_drafts.of_row(paragraph.row))
            return
        opening: Opening | None = paragraph.opening
        place = paragraph.opening.text
        around = self.outline.around(after_blank=paragraph.after_blank)
        for head in heads(self._text, place, paragraph.end, around):
            begin = head.start
            if opening and not self._text[place : head.start].strip(_LOOSE):
                self.loose.extend(_marks(opening))
                begin = opening.mark[0] if opening.mark else begin
            self._add_words((place, head.start), opening, depth)
            self._add_head(head, begin)
            opening, place = None, head.end
        self._add_words((place, paragraph.end), opening, depth)

    def give_up(self) -> None:
        """Leave a heading alone whose words do not follow."""
        if self._ahead:
            self.drafts.append(Draft("paragraph", [self._ahead]))
        self._ahead = None

    def _add_words(self, words: tuple[int, int], opening: Opening | None, depth: int) -> None:
        drafts = list(unit_drafts.of_words(self._text, *words, opening, depth))
        if drafts and self._ahead:
            drafts[0].pieces.insert(0, self._ahead)
            self._ahead = None
        self.drafts.extend(drafts)

    def _add_head(self, head: Head, begin: int) -> None:
        self.give_up()
        self.outline.add(head, begin)
        piece: Piece = (head.start, head.end, "heading" if head.known else "title")
        if head.known and head.name.role == "section":
            self.loose.append(piece)
        else:
            self._ahead = piece


def _marks(opening: Opening) -> Iterator[Piece]:
    if opening.mark:
        yield (*opening.mark, "marker")
    if opening.box:
        yield (*opening.box, "box")
