"""How well links are found between gold mentions: `python -m tests.benchmarks.links_modify CORPUS`.

MODIFY links are counted by the rule of `biomed-ner evaluate`. OVERLAP
links (Date, Duration, Time) are counted beside them: right is one to a member of the same OVERLAP
group or of a MODIFY relation. With `--folds N` train is read by scorers that never saw the report.
The plain rule is the nearest head, of the labels that a label belongs to in more than 5 % of its
relations, learned from the same reports.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from models.clinical import Link, Mention
from models.ner.evaluation.counts import Counts
from models.ner.evaluation.links import ALL, Table, modify, totals
from models.ner.links.candidates import MODIFY, OVERLAP, TEMPORAL
from models.ner.links.corpus import LinkedText, read_folder
from models.ner.links.fitting import fit
from models.ner.links.link_attributes import link_all, linked
from models.ner.links.link_bounds import stretches

Linker = Callable[[str, Sequence[Mention]], Sequence[Link]]
ADMISSIBLE = 0.05
CLINICAL = ("Sign_symptom", "Disease_disorder", "Diagnostic_procedure", "Medication",
            "Therapeutic_procedure", "Clinical_event", "Coreference")  # fmt: skip


def overlap(text: LinkedText, links: Sequence[Link]) -> tuple[Counts, int]:
    """Count a report's OVERLAP links, and how many mentions of time got a right one."""
    given = {(link.source, link.target) for link in links if link.type == OVERLAP}
    found = stretches(text.text, text.mentions)
    near = {
        (source, target)
        for source, mention in enumerate(text.mentions)
        if mention.label in TEMPORAL
        for target in found.candidates(source)
    }
    gold = text.links & near
    right = given & gold
    return Counts(len(right), len(given), len({s for s, _ in gold})), len({s for s, _ in right})


def summed(texts: Sequence[LinkedText], answers: Sequence[Sequence[Link]]) -> Table:
    """Sum the counts of the reports."""
    return totals(modify(text, links) for text, links in zip(texts, answers, strict=True))


def nearest(train: Sequence[LinkedText]) -> Linker:
    """Return the plain rule."""
    pairs = Counter((t.mentions[s].label, t.mentions[h].label) for t in train for s, h in t.modify)
    heads: Counter[str] = Counter()
    for (source, _), count in pairs.items():
        heads[source] += count

    def link(text: str, mentions: Sequence[Mention]) -> Iterator[Link]:
        found = stretches(text, mentions)
        for source, mention in enumerate(mentions):
            least = ADMISSIBLE * heads[mention.label]
            fit = [
                (max(mention.start, mentions[h].start) - min(mention.end, mentions[h].end), h)
                for h in found.candidates(source)
                if pairs[mention.label, mentions[h].label] > least
            ]
            if fit and mention.label not in {*TEMPORAL, *CLINICAL}:
                yield Link(MODIFY, source, min(fit)[1], 1.0)

    return lambda text, mentions: tuple(link(text, mentions))


def crossed(
    texts: Sequence[LinkedText], folds: int, learn: Callable[[Sequence[LinkedText]], Linker]
) -> list[Sequence[Link]]:
    """Link every report by what was learned from the other folds."""
    answers: list[Sequence[Link]] = [()] * len(texts)
    for fold in range(folds):
        linker = learn([text for i, text in enumerate(texts) if i % folds != fold])
        for i in range(fold, len(texts), folds):
            answers[i] = linker(texts[i].text, texts[i].mentions)
    return answers


def report(title: str, texts: Sequence[LinkedText], answers: Sequence[Sequence[Link]]) -> None:
    """Print the figures of a set of reports."""
    sums = summed(texts, answers)
    say(f"{title}: {sums.pop(ALL)}")
    for pair, figures in [*sums.items()][:24]:
        say(f"  {pair:48} {figures}")
    times = [overlap(text, links) for text, links in zip(texts, answers, strict=True)]
    right, given, gold = (
        sum(column) for column in zip(*((t.right, t.given, t.due) for t, _ in times), strict=True)
    )
    met = sum(found for _, found in times)
    say(f"  OVERLAP: {right} of {given} right; {met} of {gold} mentions of time have a right one")
    calibration(texts, answers)


def calibration(texts: Sequence[LinkedText], answers: Sequence[Sequence[Link]]) -> None:
    """Print how many links of a score are right."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for text, links in zip(texts, answers, strict=True):
        for link in links:
            right = (link.source, link.target) in text.links
            bins[min(9, int(link.score * 10))].append((link.score, right))
    for _, seen in sorted(bins.items()):
        score, right = (sum(column) / len(seen) for column in zip(*seen, strict=True))
        say(f"  score {score:.2f}: {right:.2f} right ({len(seen)} links)")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="folder of MACCROBAT: train and dev")
    parser.add_argument("--folds", type=int, default=0, help="cross-validate on train")
    asked = parser.parse_args()
    train, dev = read_folder(asked.corpus / "train"), read_folder(asked.corpus / "dev")
    say(f"plain rule, dev: {summed(dev, [nearest(train)(t.text, t.mentions) for t in dev])[ALL]}")
    report("dev", dev, [link_all(text.text, text.mentions) for text in dev])
    if asked.folds:
        plain = summed(train, crossed(train, asked.folds, nearest))[ALL]
        say(f"plain rule, train, {asked.folds} folds: {plain}")
        report(f"train, {asked.folds} folds", train, crossed(train, asked.folds, _learned))


def _learned(texts: Sequence[LinkedText]) -> Linker:
    scorer = fit([texts])
    return lambda text, mentions: linked(text, mentions, scorer)


if __name__ == "__main__":
    main()
