"""RTF to text (RTF 1.9.1): one pass over its tokens, with a state for each open group."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar, Final

from fhir_mapping.documents.formats.rtf.fonts import FontTable
from fhir_mapping.documents.formats.rtf.group import FORM, STATES, Form, Group
from fhir_mapping.documents.formats.rtf.tables import (
    APART,
    CODE_PAGES,
    ESCAPED,
    LINE_ENDS,
    MARKS,
    PAGE_ENDS,
    PICTURES,
    SIGNS,
    SKIPPED,
    STARRED,
)
from fhir_mapping.documents.formats.rtf.text_run import TextRun
from fhir_mapping.documents.formats.rtf.tokens import Token
from fhir_mapping.documents.formats.sheet import Sheet
from models.errors import DocumentTooComplex

DEEPEST: Final = 1000
"""Groups within one another; Word writes some 20."""

_CHECK_BOX: Final = 1

_FAMILIES: Final = {b"mac": "mac-roman", b"pc": "cp437", b"pca": "cp850", b"ansi": "cp1252"}


class Reader:
    """Takes tokens and writes what a reader of the document sees to sheets.

    `raw_codec` is how letters outside ASCII are read that are not escaped, None: as escaped ones.
    `mapped` is as in TextRun.
    """

    def __init__(self, sheet: Sheet, index: int, raw_codec: str | None, *, mapped: bool) -> None:
        self.pictures = 0
        self.groups = [Group()]
        self._index = index
        self._raw_codec = raw_codec
        self._codec = "cp1252"
        self._fonts = FontTable()
        self._text = TextRun(mapped=mapped)
        self._page = sheet
        self._cells: list[Sheet] = []
        self._cell: Sheet | None = None
        self._in_row = self._in_heading = self._in_item = False
        self._starred = False
        self._to_skip = 0
        self._mark: list[Sheet] = []
        self._form = Form()

    def take(self, token: Token) -> None:
        """Take the next token.

        Raises:
            DocumentTooComplex: groups lie too deep in one another.
            NoteTooLarge: the text is too long.
        """
        if token.kind == "open":
            self._open()
        elif token.kind == "close":
            self._close()
        elif self.groups[-1].fonts:
            self._font_table(token)
        elif token.kind == "word":
            self._word(token)
        elif not (self.groups[-1].skipped or self._outside):
            self._TAKEN[token.kind](self, token)
        elif token.value == b"*":
            self._starred = True

    @property
    def _outside(self) -> bool:
        """Whether no group is open: what stands before or behind the document is none of it."""
        return len(self.groups) == 1

    def finish(self) -> None:
        """Write what is still collected."""
        self._flush()
        self._end_row()

    def _open(self) -> None:
        self._to_skip = 0
        self._starred = False
        if len(self.groups) > DEEPEST:
            raise DocumentTooComplex(
                index=self._index, what=f"groups in one another {DEEPEST} deep"
            )
        self.groups.append(replace(self.groups[-1]))

    def _close(self) -> None:
        self._to_skip = 0
        if self._outside:
            return
        closed = self.groups.pop()
        if closed.mark and not self.groups[-1].mark:
            self._end_mark()
        if closed.apart and not self.groups[-1].apart:
            self._set_off(closed)
        if closed.skipped and not self.groups[-1].skipped:
            self._end_form()

    def _font_table(self, token: Token) -> None:
        if token.kind == "word":
            if self._starred:
                self.groups[-1] = replace(self.groups[-1], fonts=False, skipped=True)
            self._fonts.word(token.value.decode(), token.number)
        elif token.kind == "text":
            self._fonts.text(token.value)
        self._starred = token.value == b"*"

    def _word(self, token: Token) -> None:
        name, group = token.value.decode(), self.groups[-1]
        starred, self._starred = self._starred, False
        if name in FORM:
            FORM[name](self._form, token.number or 0)
        elif group.skipped:
            return
        elif self._to_skip:
            self._to_skip -= 1
            self._text.passed_over((token.start, token.end))
        elif name == "fonttbl":
            group.fonts = True
        elif name in SKIPPED or (starred and name not in STARRED and name not in MARKS):
            group.skipped = True
            self.pictures += name in PICTURES
        else:
            self._seen_word(name, token, group)

    def _seen_word(self, name: str, token: Token, group: Group) -> None:
        if name in SIGNS:
            self._sign(SIGNS[name], token)
        elif name in LINE_ENDS or name in PAGE_ENDS:
            self._line_end(page=name in PAGE_ENDS)
        elif name in MARKS:
            self._flush()
            group.mark, self._mark = True, [self._page.part()]
        elif name in APART:
            self._set_off(group)
            group.apart = True
        elif name in STATES:
            STATES[name](group, token.number)
        elif name in self._STEPS:
            self._STEPS[name](self, token)

    def _set_off(self, group: Group) -> None:
        """Let what stands apart from the text, and what goes on behind it, begin anew."""
        if not group.unseen:
            sheet = self._sheet(group)
            self._text.flush(sheet)
            self._end_paragraph(sheet)
            sheet.block("hard")

    def _fallback_is_skipped(self, token: Token) -> bool:
        """Whether a token only repeats a Unicode letter for readers that know none."""
        if not self._to_skip:
            return False
        self._to_skip -= 1
        self._text.passed_over((token.start, token.end))
        return True

    def _plain(self, token: Token) -> None:
        data, start = token.value, token.start
        if self._to_skip:
            skipped = min(self._to_skip, len(data))
            self._to_skip -= skipped
            self._text.passed_over((start, start + skipped))
            data, start = data[skipped:], start + skipped
        if data:
            codec = None if data.isascii() else self._raw_codec
            self._bytes(data, (start, token.end), codec)

    def _hex(self, token: Token) -> None:
        if not self._fallback_is_skipped(token):
            self._bytes(bytes.fromhex(token.value.decode()), (token.start, token.end))

    def _symbol(self, token: Token) -> None:
        if token.value == b"*":
            self._starred = True
        elif self._fallback_is_skipped(token):
            return
        elif token.value in ESCAPED:
            self._sign(ESCAPED[token.value], token)
        elif token.value in b"\r\n":
            self._line_end(page=False)

    def _bytes(self, data: bytes, at: tuple[int, int], codec: str | None = None) -> None:
        group = self.groups[-1]
        if group.unseen:
            return
        face = self._fonts.face(group.font)
        self._text.bytes(data, face, codec or face.codec or self._codec, at, self._sheet(group))

    def _sign(self, sign: str, token: Token) -> None:
        if not self._fallback_is_skipped(token) and not self.groups[-1].unseen:
            self._text.text(sign, (token.start, token.end), self._sheet(self.groups[-1]))

    def _unicode(self, token: Token) -> None:
        group = self.groups[-1]
        self._to_skip = group.fallback
        if not group.unseen:
            face, place = self._fonts.face(group.font), (token.start, token.end)
            self._text.code_unit(token.number or 0, face, place, self._sheet(group))

    def _sheet(self, group: Group) -> Sheet:
        """Return the sheet on which the text of a group belongs."""
        if group.mark:
            return self._mark[0]
        if not (group.in_table or self._in_row):
            self._end_row()
            sheet = self._page
        else:
            sheet = self._cell = self._cell or self._page.part()
        if group.heading and not self._in_heading:
            sheet.block("hard")
            sheet.begin("heading")
            self._in_heading = True
        return sheet

    def _flush(self) -> None:
        self._text.flush(self._sheet(self.groups[-1]))

    def _line_end(self, *, page: bool) -> None:
        group = self.groups[-1]
        if group.unseen:
            return
        sheet = self._sheet(group)
        self._text.flush(sheet)
        if self._in_heading or self._in_item:
            self._end_paragraph(sheet)
        else:
            sheet.line_end()
        if page:
            sheet.block("hard")

    def _end_paragraph(self, sheet: Sheet) -> None:
        if self._in_item:
            sheet.end_item()
        if self._in_heading:
            sheet.end()
        self._in_heading = self._in_item = False

    def _end_mark(self) -> None:
        """Let the paragraph be an item, with the number or the bullet that was read."""
        sheet = self._mark[0]
        self._text.flush(sheet)
        mark = "".join(run.text for line in sheet.lines for run in line.runs).strip()
        seen = any(letter.isalnum() for letter in mark) and mark != "o"
        target = self._sheet(self.groups[-1])
        if mark and not self._in_item and not self.groups[-1].unseen:
            target.begin_item(f"{mark} " if seen else "- ")
            self._in_item = True

    def _end_form(self) -> None:
        """Write the check box of a form that was just read."""
        form, self._form = self._form, Form()
        if form.type == _CHECK_BOX and not self.groups[-1].unseen:
            self._flush()
            box = "[x] " if form.result == 1 else "[ ] "
            self._sheet(self.groups[-1]).words(box, None, as_typed=True)

    def _end_cell(self, _: Token) -> None:
        self._flush()
        cell = self._cell or self._page.part()
        self._end_paragraph(cell)
        self._cells.append(cell)
        self._cell = None

    def _end_inner_cell(self, _: Token) -> None:
        self._flush()
        self._sheet(self.groups[-1]).cell_gap()

    def _end_inner_row(self, _: Token) -> None:
        self._flush()
        self._sheet(self.groups[-1]).block()

    def _begin_row(self, _: Token) -> None:
        self._flush()
        self._in_row = True

    def _row(self, _: Token) -> None:
        self._flush()
        self._in_row = False
        self._end_row()

    def _end_row(self) -> None:
        if self._cell is not None and self._cell.lines:
            self._end_paragraph(self._cell)
            self._cells.append(self._cell)
        self._cell = None
        if self._cells:
            cells, self._cells = self._cells, []
            self._page.row(cells)

    def _code_page(self, token: Token) -> None:
        self._codec = CODE_PAGES.get(token.number or 0, self._codec)

    def _family(self, token: Token) -> None:
        self._codec = _FAMILIES[token.value]

    _STEPS: ClassVar[Mapping[str, Callable[["Reader", Token], None]]] = {
        "u": _unicode,
        "cell": _end_cell,
        "nestcell": _end_inner_cell,
        "nestrow": _end_inner_row,
        "trowd": _begin_row,
        "row": _row,
        "ansicpg": _code_page,
        **dict.fromkeys(("mac", "pc", "pca", "ansi"), _family),
    }
    """Control words that do something."""

    _TAKEN: ClassVar[Mapping[str, Callable[["Reader", Token], None]]] = {
        "text": _plain,
        "hex": _hex,
        "symbol": _symbol,
    }
