"""What a note scores is its own: the same bytes alone, beside another note, among a hundred."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from models.errors import CheckpointError
from models.ner.checkpoint.loading import Checkpoint, load
from models.ner.inference.engine_choice import forward_for
from models.ner.inference.forward import Forward
from models.ner.inference.packed.blocks import BLOCK
from models.ner.inference.packed.dense import Dense, FusedDense, PlainDense
from models.ner.inference.packed.precision import fastest, spelled
from models.ner.inference.passages import passages
from models.ner.inference.scoring import InTurn
from models.ner.text.encoding import encode
from tests import checkpoints

WORDS = " ".join(checkpoints.SENTENCES).split()
NOTE = "\n".join(checkpoints.SENTENCES * 3)  # several windows of most models
HUNDRED = [" ".join((WORDS * 2)[n : n + 1 + 7 * n % 60]) for n in range(100)]
PRECISIONS = sorted({torch.float32, fastest()}, key=spelled)


@pytest.fixture(scope="module", params=["bundled", "deberta"])
def checkpoint(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Checkpoint:
    """The bundled model, and a small DeBERTa."""
    torch.set_num_threads(1)
    if request.param == "deberta":
        return load(str(checkpoints.deberta(Path(tmp_path_factory.mktemp("deberta")))))
    try:
        return load("bundled")
    except CheckpointError as error:
        pytest.skip(f"no bundled model: {error}")


@pytest.mark.parametrize("precision", PRECISIONS, ids=spelled)
def test_company_changes_no_bit_of_a_score(checkpoint: Checkpoint, precision: torch.dtype) -> None:
    """Alone, with one neighbour, with two long ones, with a hundred of all lengths: equal bytes."""
    forward = forward_for(checkpoint, torch.device("cpu"), precision)
    alone = scored(checkpoint, forward, [NOTE])
    assert len(alone) > 1
    for company in ([HUNDRED[1]], [NOTE + WORDS[0], NOTE * 2], HUNDRED):
        assert scored(checkpoint, forward, [NOTE, *company]) == alone


@pytest.mark.parametrize("precision", PRECISIONS, ids=spelled)
@pytest.mark.parametrize("inputs", [32, 64, 384, 768, 1536])
@pytest.mark.parametrize("outputs", [32, 83, 384])
def test_the_place_in_a_block_changes_no_bit(
    inputs: int, outputs: int, precision: torch.dtype
) -> None:
    """The same row at every place of a block comes out of a linear layer the same."""
    torch.manual_seed(0)
    weight, bias = torch.randn(outputs, inputs), torch.randn(outputs)
    halved = precision == torch.bfloat16
    dense: Dense = (FusedDense if halved else PlainDense)(weight, bias, None)
    with torch.inference_mode():
        found = dense(torch.randn(1, inputs).expand(BLOCK, -1).to(precision).contiguous())
    assert torch.equal(found, found[:1].expand_as(found))


def scored(checkpoint: Checkpoint, forward: Forward, texts: Sequence[str]) -> list[bytes]:
    """Return the scores of the first text's windows, while all the texts are read."""
    encodings = [encode(text, checkpoint.tokenizer) for text in texts]
    found = [
        (int(passage.rows[0]), scores.tobytes())
        for passage, scores in InTurn(forward)(passages(encodings))
        if passage.text == 0 and not isinstance(scores, Exception)
    ]
    return [scores for _, scores in sorted(found)]
