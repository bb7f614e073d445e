"""Readings as JSON lines and as brat standoff."""

import orjson

from gateway.cli.formats import Text, brat, jsonl
from models.clinical import Assertion, Coverage, Link, Mention, ModelIdentity, Reading

TEXT = "No chest\r\npain. 5 mg"
READING = Reading(
    mentions=(
        Mention(3, 14, "chest\r\npain", "Sign_symptom", 0.9),
        Mention(16, 20, "5 mg", "Dosage", 0.5),
    ),
    assertions=(Assertion(negated=True, experiencer="family"), Assertion()),
    links=(Link("MODIFY", 1, 0, 0.75),),
    coverage=Coverage(20, 20),
    model=ModelIdentity("m", "r", "s", ("Dosage",), "c"),
)


def test_a_line_of_json() -> None:
    """The line is what the design promises, and one line whatever the text holds."""
    line = jsonl(Text("n", TEXT), READING)
    assert line.count(b"\n") == 1
    never = dict.fromkeys(("negated", "uncertain", "historical", "hypothetical"), False)
    assert orjson.loads(line) == {
        "id": "n",
        "mentions": [
            {
                "id": "T1",
                "start": 3,
                "end": 14,
                "text": "chest\r\npain",
                "label": "Sign_symptom",
                "score": 0.9,
                "assertion": {**never, "negated": True, "experiencer": "family"},
            },
            {
                "id": "T2",
                "start": 16,
                "end": 20,
                "text": "5 mg",
                "label": "Dosage",
                "score": 0.5,
                "assertion": {**never, "experiencer": "patient"},
            },
        ],
        "links": [{"type": "MODIFY", "from": "T2", "to": "T1", "score": 0.75}],
        "model": {"name": "m", "revision": "r", "weights_sha256": "s", "code_version": "c"},
    }


def test_brat() -> None:
    """Entities, attributes and relations, one a line; line breaks in a mention become spaces."""
    assert brat(READING).splitlines() == [
        "T1\tSign_symptom 3 14\tchest  pain",
        "T2\tDosage 16 20\t5 mg",
        "A1\tNegated T1",
        "A2\tExperiencer T1 family",
        "R1\tMODIFY Arg1:T2 Arg2:T1",
    ]
