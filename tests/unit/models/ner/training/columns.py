"""Two small tagged corpora, written for these tests."""

from pathlib import Path

DISEASES = """\
No\tO
pulmonary\tB-Disease
embolism\tI-Disease
.\tO

Fever\tB-Disease
persisted\tO
"""
DRUGS = """\
Aspirin\tB-Chemical
and\tO
metformin\tB-Chemical
"""


def tagged_corpora(folder: Path) -> Path:
    """Write the corpora as the auxiliary ones lie: a folder each, files in columns."""
    for name, columns in (("diseases", DISEASES), ("drugs", DRUGS)):
        (folder / name).mkdir(parents=True)
        (folder / name / "train.tsv").write_text(columns)
    return folder
