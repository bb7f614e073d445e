"""Tables of the RTF 1.9.1 specification: code pages, signs, destinations."""

from collections.abc import Mapping
from typing import Final

CODE_PAGES: Final[Mapping[int, str]] = {
    437: "cp437", 708: "iso8859-6", 819: "latin-1", 850: "cp850", 852: "cp852", 860: "cp860",
    862: "cp862", 863: "cp863", 864: "cp864", 865: "cp865", 866: "cp866", 874: "cp874",
    932: "cp932", 936: "gbk", 949: "cp949", 950: "cp950", 1250: "cp1250", 1251: "cp1251",
    1252: "cp1252", 1253: "cp1253", 1254: "cp1254", 1255: "cp1255", 1256: "cp1256",
    1257: "cp1257", 1258: "cp1258", 1361: "johab", 10000: "mac-roman", 65001: "utf-8",
}  # fmt: skip
"""Codecs of `\\ansicpg` and `\\cpg`."""

CHARSETS: Final[Mapping[int, str]] = {
    0: "cp1252", 77: "mac-roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk",
    136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""Codecs of `\\fcharset`."""

SYMBOLS: Final = 2
"""The `\\fcharset` of fonts whose letters are signs."""

SIGNS: Final[Mapping[str, str]] = {
    "tab": "\t", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ",
    "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip
"""Control words that stand for a sign."""

ESCAPED: Final[Mapping[bytes, str]] = {b"\\": "\\", b"{": "{", b"}": "}", b"~": " ", b"_": "-"}
"""Control symbols that stand for a sign; `\\-` is a hyphen that is not shown."""

LINE_ENDS: Final = frozenset({"par", "line", "lbr", "softline"})
PAGE_ENDS: Final = frozenset({"page", "sect", "column", "softpage"})

SKIPPED: Final = frozenset(
    {"fonttbl", "colortbl", "stylesheet", "info", "pict", "nonshppict", "objdata", "objclass",
     "listtable", "listoverridetable", "rsidtbl", "generator", "xmlnstbl", "filetbl", "revtbl",
     "themedata", "colorschememapping", "datastore", "latentstyles", "tc", "tcn", "xe", "rxe",
     "txe", "private", "template", "pgdsctbl", "mmathPr", "ftnsep", "ftnsepc", "ftncn", "aftnsep",
     "aftnsepc", "aftncn", "userprops", "fldinst", "bkmkstart", "bkmkend", "annotation", "atnid",
     "atnauthor", "atntime", "atndate", "atnref", "atnparent", "atnicn", "atrfstart", "atrfend",
     "nonesttables", "sp", "comment", "operator", "author", "title", "subject", "keywords",
     "doccomm", "company", "manager", "category", "hlinkbase", "pnseclvl", "pntxta", "pntxtb",
     "listname", "do", "shppict", "passwordhash", "protusertbl", "oldcprops", "oldpprops",
     "oldtprops", "oldsprops", "wgrffmtfilter", "ud"}
)  # fmt: skip
"""Destinations whose text is none of the document's: tables, pictures, fields, remarks."""

STARRED: Final = frozenset({"shpinst", "nesttableprops", "shptxt", "pn"})
"""Destinations behind `\\*` that hold text or rows of the document; any other is skipped."""

PICTURES: Final = frozenset({"pict", "shppict", "nonshppict"})
"""Those of them that are pictures."""

APART: Final = frozenset(
    {"header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf",
     "footnote"}
)  # fmt: skip
"""Destinations whose text stands apart from what is around them in the file."""

MARKS: Final = frozenset({"listtext", "pntext"})
"""Destinations that hold the number or bullet of an item."""

FONTS: Final[Mapping[str, Mapping[int, str]]] = {
    "symbol": {
        **dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
        **dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)),
        **{sign: chr(sign) for sign in (*range(0x20, 0x22), 0x23, *range(0x25, 0x27),
                                        *range(0x28, 0x2A), *range(0x2B, 0x2D),
                                        *range(0x2E, 0x40), 0x5B, 0x5D, 0x5F, *range(0x7B, 0x7E))},
        0x2A: "∗", 0x2D: "−", 0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→",
        0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠",
        0xBB: "≈", 0xBC: "…", 0xD6: "√",
    },
    "wingdings": {
        0x20: " ", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖",
        0x77: "◆", 0x9F: "•", 0xA7: "▪", 0xA8: "□", 0xD8: "➢", 0xE0: "→", 0xE8: "➔", 0xFB: "✗",
        0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    },
}  # fmt: skip
"""What the letters of symbol fonts show, by the font's name: an "m" is a micro sign in Symbol."""

UNKNOWN_SIGN: Final = "\ufffd"
