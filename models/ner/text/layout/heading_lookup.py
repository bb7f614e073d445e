"""Which section a title names: looked up in the tables, whole or as several known names."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from models.ner.text.layout.names.affixes import JOINERS, LEADS, SHARED, TAILS
from models.ner.text.layout.names.body_systems import SYSTEMS, TESTS
from models.ner.text.layout.names.measures import LABS, VITALS
from models.ner.text.layout.names.section_kinds import KEYED, MERGED, NESTING, Name, SectionKind
from models.ner.text.layout.names.sections import SECTIONS

_LETTERS: Final = re.compile(r"\b([a-z])[ ]?[&/][ ]?([a-z])\b")  # "H&P", "A/P"
_DOT: Final = "\u0307"  # of a lower-case İ
_PAREN: Final = re.compile(r"\([^()]{0,60}\)|\[[^\[\]]{0,60}\]")
_TOKEN: Final = re.compile(r"[^\W_]+|[/&,+]")
_JOINING: Final = frozenset("/&,+")
_OF_A_PART: Final = frozenset({"examination", "exam", "auscultation", "palpation", "inspection"})
_BEFORE_A_PART: Final[dict[str, SectionKind]] = {
    "ros": "review_of_systems", "exam": "examination", "pe": "examination",
}  # fmt: skip
_TEST_WORDS: Final = 3
_OWN_KEYS: Final = frozenset(
    [
        "mother", "father", "sister", "brother", "sisters", "brothers", "siblings", "sibling",
        "mom", "dad", "son", "daughter", "children", "aunt", "uncle", "cousin", "parents",
        "spouse", "husband", "wife", "grandmother", "grandfather", "grandparents", "maternal",
        "paternal", "mgm", "mgf", "pgm", "pgf", "tobacco", "alcohol", "smoking", "smoker", "etoh",
        "drugs", "caffeine", "occupation", "exercise", "illicits", "vaping",
    ]
)  # fmt: skip


_ASKING: Final = frozenset({"return", "call", "seek", "go", "come", "contact", "notify", "see"})
_WATCHED: Final = frozenset(
    [
        "if", "for", "with", "any", "have", "has", "develop", "develops", "experience", "notice",
        "occur", "occurs", "happen", "happens", "following", "get", "observe", "these",
    ]
)  # fmt: skip


class Around(NamedTuple):
    """The section in which a title is found, and whether a blank line stands before it."""

    kind: SectionKind | None
    after_blank: bool

    @property
    def holds_others(self) -> bool:
        """Whether a title of no known name stays within the section."""
        return self.kind in NESTING

    @property
    def keyed(self) -> bool:
        """Whether titles with a text beside them are keys there ("PENICILLIN: rash")."""
        return self.kind in KEYED

    def lists_keys(self, title: str) -> bool:
        """Whether a title is a relative, a habit, or the name of a measurement."""
        words = words_of(title)
        return words[0] in _OWN_KEYS or " ".join(words) in _measures()


def words_of(title: str) -> list[str]:
    """Return the words of a title in lower case; "/", "&", "," and "+" are words too."""
    plain = (
        _PAREN.sub(" ", title.lower())
        .replace(".", "")
        .replace("'", "")
        .replace("’", "")
        .replace(_DOT, "")
    )
    return _TOKEN.findall(_LETTERS.sub(r"\1 \2", plain))


def name_of(title: str) -> Name | None:
    """Return what a title says, None where no name or several names that are known make it up."""
    words = words_of(title)
    if not words:
        return None
    return (
        _names().get(_key(words))
        or _parts(words)
        or _trimmed(words)
        or _asked(words)
        or _test(words)
        or _examined(words)
    )


def is_whole(title: str) -> bool:
    """Whether a title is a name as it stands in the tables."""
    return _key(words_of(title)) in _names()


def _key(words: list[str]) -> str:
    return " ".join(word for word in words if word not in JOINERS and word not in _JOINING)


@cache
def _names() -> dict[str, Name]:
    names: dict[str, Name] = {}
    for kind, tests in TESTS.items():
        names |= {_key(words_of(test)): Name(kind, "test") for test in tests}
    for system, parts in SYSTEMS.items():
        names |= {_key(words_of(part)): Name(None, "part", system) for part in parts}
    for section, titles in SECTIONS.items():
        names |= {_key(words_of(title)): Name(section) for title in titles}
    return names


@cache
def _measures() -> frozenset[str]:
    return frozenset(" ".join(words_of(measure)) for measure in (*VITALS, *LABS))


def _trimmed(words: list[str]) -> Name | None:
    """Look up words, then without what may stand before and after a name, the least first."""
    for begin, end in _trims(words):
        name = _names().get(_key(words[begin:end]))
        if name and (
            name.role == "section" or end - begin == len(words) or len(words) <= _TEST_WORDS
        ):
            return name
    return None


def _trims(words: list[str]) -> Iterator[tuple[int, int]]:
    begins = [0]
    while begins[-1] + 1 < len(words) and _loose(words[begins[-1]], LEADS):
        begins.append(begins[-1] + 1)
    for begin in begins:
        end = len(words)
        yield begin, end
        while end - 1 > begin and _loose(words[end - 1], TAILS):
            end -= 1
            yield begin, end


def _loose(word: str, among: frozenset[str]) -> bool:
    return word in among or word in _JOINING or word[0].isdigit()


def _parts(words: list[str]) -> Name | None:
    """Put together what several names say: "past medical and surgical history", "PMH/PSH"."""
    cut = list(_cut(words))
    if len(cut) == 1:
        return None
    last = words[-1] if words[-1] in SHARED else ""
    names = [_trimmed(part) or (_trimmed([*part, last]) if last else None) for part in cut]
    found = [name for name in names if name]
    if len(found) < len(cut):
        return None
    kinds = frozenset(name.kind for name in found)
    if {name.role for name in found} != {"section"}:
        return found[0] if len(kinds) == 1 else None
    return found[0] if len(kinds) == 1 else Name(MERGED.get(kinds, "mixed"))


def _cut(words: list[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for word in words:
        if word in _JOINING or word in JOINERS:
            if part:
                yield part
            part = []
        else:
            part.append(word)
    if part:
        yield part


def _asked(words: list[str]) -> Name | None:
    """Return what is to be watched for: "return to the ED if you develop", "call us for"."""
    asks = words[0] in _ASKING or (words[0] == "please" and words[1:2] and words[1] in _ASKING)
    ends = words[-1] in _WATCHED and ("if" in words or words[-1] in ("for", "with"))
    return Name("return_precautions") if asks and ends else None


def _test(words: list[str]) -> Name | None:
    """Return the test of a title that begins or ends with one: "CT of the head", "knee MRI"."""
    if len(words) > 2 * _TEST_WORDS + 1:
        return None
    for size in range(_TEST_WORDS, 0, -1):
        for some in (words[:size], words[-size:]):
            name = _names().get(_key(some))
            if name and name.role == "test":
                return name
    return None


def _examined(words: list[str]) -> Name | None:
    """Return the part of "cardiac exam", of "ROS neck", or of "examination of the right knee"."""
    if words[-1] in _OF_A_PART or words[0] in _BEFORE_A_PART:
        rest = words[:-1] if words[-1] in _OF_A_PART else words[1:]
        named = _names().get(_key([word for word in rest if word not in LEADS]))
        if named and named.role == "part":
            return named._replace(kind=_BEFORE_A_PART.get(words[0]))
    if words[0] in _OF_A_PART and words[1:2] == ["of"]:
        part = _names().get(_key([word for word in words[2:] if word not in LEADS]))
        return Name(None, "part", part.system if part else "")
    return None
