"""What the elements of HTML and of CDA narrative do to a text.

Sources: WHATWG HTML (15, Rendering; 13.1.2, void elements and optional tags), HL7 CDA R2 Narrative
Block (4.3.5).
"""

from typing import Final

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend", "summary"})
PARAGRAPHS: Final = frozenset({"p", "paragraph", "blockquote", "figure", "address", "figcaption"})
LISTS: Final = frozenset({"ul", "ol", "list", "menu", "dir"})
ITEMS: Final = frozenset({"li", "item"})
CELLS: Final = frozenset({"td", "th"})
AS_TYPED: Final = frozenset({"pre", "textarea", "listing", "xmp"})
BLOCKS: Final = frozenset(
    {"html", "body", "div", "section", "article", "main", "header", "footer", "aside", "nav",
     "center", "form", "fieldset", "details", "dl", "dt", "dd", "hr", "table", "thead", "tbody",
     "tfoot", "tr", "option", "optgroup", "address", "text", "footnote"}
)  # fmt: skip
"""Elements that begin a line, besides those above."""

UNSEEN: Final = frozenset(
    {"head", "script", "style", "template", "title", "meta", "link", "noframes", "iframe", "audio",
     "video", "canvas", "object", "applet", "param", "source", "track", "datalist", "colgroup",
     "col", "area", "base", "rp", "frameset", "noembed", "footnoteref", "rendermultimedia"}
)  # fmt: skip
"""Elements whose content no reader sees."""

TAKEN_BACK: Final = frozenset({"del", "s", "strike"})
"""What is no longer said (HTML 4.5.5, 4.7.2)."""

VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
     "track", "wbr", "basefont", "bgsound", "frame", "keygen"}
)  # fmt: skip

HIDING_STYLES: Final = frozenset({"hidden", "xhidden", "strike", "xstrike", "strikethrough"})
"""Words of `styleCode` in CDA, in lower case, that take content out of what is shown."""
