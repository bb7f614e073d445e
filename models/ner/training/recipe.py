"""Training recipes: every hyperparameter that `biomed-ner train` knows."""

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Recipe:
    """The hyperparameters of a training run.

    The defaults are those of the card of BIOMed_NER: learning rate 3e-5, batches of 8, gradients
    accumulated over 2, cosine schedule with warm-up, 30 epochs, AdamW (0.9, 0.999, 1e-8).
    """

    base: Annotated[str, "encoder to start from: folder or hub id"] = "microsoft/deberta-v3-base"
    epochs: Annotated[int, "passes over the texts"] = 30
    learning_rate: Annotated[float, "highest rate of the encoder's last layer"] = 3e-5
    layer_decay: Annotated[float, "rate of a layer, as a multiple of the next one's"] = 1.0
    head_rate: Annotated[float, "rate of the new head, as a multiple of the encoder's"] = 1.0
    batch_size: Annotated[int, "windows in a batch"] = 8
    accumulate: Annotated[int, "batches before a step"] = 2
    warmup: Annotated[float, "share of the steps in which the rate rises"] = 0.1
    weight_decay: Annotated[float, "decoupled weight decay"] = 0.0
    beta1: Annotated[float, "AdamW, decay of the mean"] = 0.9
    beta2: Annotated[float, "AdamW, decay of the variance"] = 0.999
    epsilon: Annotated[float, "AdamW, added to the denominator"] = 1e-8
    clip: Annotated[float, "largest norm of the gradients"] = 1.0
    window: Annotated[int, "pieces in a window, the two special ones included"] = 256
    dropout: Annotated[float, "of the hidden states and before the head"] = 0.1
    attention_dropout: Annotated[float, "of the attention's probabilities"] = 0.1
    mask: Annotated[float, "share of the pieces that are hidden in training"] = 0.0
    label_smoothing: Annotated[float, "probability shared among the other labels"] = 0.0
    layout: Annotated[bool, "line ends and blank lines are pieces of their own"] = False
    rewrapped: Annotated[float, "share of the texts whose lines break elsewhere"] = 0.0
    average: Annotated[float, "decay of the averaged weights; 0 keeps the last ones"] = 0.0
    auxiliary_epochs: Annotated[int, "passes over the auxiliary corpora before"] = 0
    auxiliary_rate: Annotated[float, "highest rate in them"] = 2e-4
    teachers: Annotated[int, "models of other seeds whose mean the model learns; 0 for none"] = 0
    annotated_share: Annotated[float, "weight of the annotated labels beside the teachers'"] = 0.5
    bigrams: Annotated[float, "weight of how labels follow each other, in decoding"] = 0.0
    bf16: Annotated[bool, "compute in bfloat16 where it is safe and the processor has it"] = True
    half: Annotated[bool, "store the weights in half precision"] = True
    seed: Annotated[int, "the same seed and texts give the same run"] = 42


# The bundled model's: twelve layers, taught neighbouring corpora first, a faster head, more
# regularisation. docs/training.md has what each part gave.
_BUNDLED = Recipe(
    base="answerdotai/answerai-colbert-small-v1",
    epochs=10,
    learning_rate=3e-4,
    layer_decay=0.9,
    head_rate=5.0,
    batch_size=4,
    accumulate=1,
    weight_decay=0.01,
    beta2=0.98,
    epsilon=1e-6,
    dropout=0.15,
    attention_dropout=0.0,
    label_smoothing=0.05,
    rewrapped=0.3,
    average=0.99,
    auxiliary_epochs=1,
    bigrams=0.2,
)
RECIPES = {"biomed-ner": Recipe(), "bundled": _BUNDLED}
