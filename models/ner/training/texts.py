"""What a model learns from: annotated texts, in the lines that each epoch sees."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from transformers import PreTrainedTokenizerFast

from models.ner.brat import AnnotatedText
from models.ner.checkpoint.labels import TYPES
from models.ner.training.corpora import Corpus, examples
from models.ner.training.dataset import UNLISTED, Example, Labels, example
from models.ner.training.recipe import Recipe
from models.ner.training.rewrapping import rewrapped

# A past illness, and one of the family, is told by a status where these types are not marked.
TOLD_BY_STATUS = {"History", "Family_history"}


@dataclass(frozen=True, slots=True)
class TrainingTexts:
    """Everything that a run of training reads.

    `annotated` are texts in which every type is marked, `partly` those whose annotators marked
    some types only. `corpora` are what the encoder is taught before, where a recipe has
    `auxiliary_epochs`. Where there are teachers, they are asked about all texts, those of the
    corpora and `unannotated` among them; `teachers` are models, by folder or hub id, that were
    trained before and teach this one instead of those that the recipe would train.
    """

    annotated: Sequence[AnnotatedText]
    partly: Sequence[AnnotatedText] = ()
    corpora: Sequence[Corpus] = ()
    unannotated: Sequence[str] = ()
    teachers: Sequence[str] = ()

    @property
    def all_annotated(self) -> list[AnnotatedText]:
        """The texts of both kinds."""
        return [*self.annotated, *self.partly]

    @property
    def unlisted(self) -> Labels:
        """The labels that a word outside all mentions of `partly` may have: shape [some].

        That is O, and those of the types that were never marked there.
        """
        marked = {entity.label for text in self.partly for entity in text.entities}
        passed_over = [each not in marked | TOLD_BY_STATUS for each in TYPES]
        return np.flatnonzero([True, *np.repeat(passed_over, 2)])

    def examples(self, tokenizer: PreTrainedTokenizerFast) -> list[Example]:
        """Label the pieces of the annotated texts."""
        whole = [example(text, tokenizer) for text in self.annotated]
        return [*whole, *(example(text, tokenizer, UNLISTED) for text in self.partly)]

    def unlabelled(self, tokenizer: PreTrainedTokenizerFast) -> list[Example]:
        """Return the texts of which only teachers can say what is in them."""
        of_corpora = [each for corpus in self.corpora for each in examples(corpus, tokenizer)]
        bare = (AnnotatedText("", text, (), (), ()) for text in self.unannotated)
        return [*of_corpora, *(example(text, tokenizer) for text in bare)]

    def epochs(self, tokenizer: PreTrainedTokenizerFast, recipe: Recipe) -> Iterator[list[Example]]:
        """Yield the examples of each epoch, a share of them in other lines than their own."""
        rng = random.Random(recipe.seed)  # noqa: S311  # repeatable, not secret

        def seen(text: AnnotatedText) -> AnnotatedText:
            return rewrapped(text, rng) if rng.random() < recipe.rewrapped else text

        for _ in range(recipe.epochs):
            annotated, partly = (
                [seen(text) for text in texts] for texts in (self.annotated, self.partly)
            )
            yield TrainingTexts(annotated, partly).examples(tokenizer)
