"""One processor as four: the forward pass with the libraries told to use less than there is."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import torch

from models.ner.inference.packed.precision import fastest, spelled

ROOT = Path(__file__).parents[2]
TESTS = ("tests/contract/test_company.py", "tests/contract/test_forward.py")
CHOSEN = "company or place_in_a_block or rounds or moves_probabilities or precision_is_chosen"
RUN = """
import sys, pytest
from models.ner.inference.packed.precision import fastest, spelled
print("reads in", spelled(fastest()))
sys.exit(pytest.main(sys.argv[1:]))
"""


class Less(NamedTuple):
    """Instructions that oneDNN may use at most, those of torch and MKL, and what they need."""

    onednn: str
    torch: str
    mkl: str
    needed: str
    precision: str


SETS = (
    Less("AVX2", "avx2", "AVX2", "avx2", "fp32"),
    Less("AVX512_CORE", "avx512", "AVX512", "avx512_bw", "fp32"),
    Less("AVX512_CORE_BF16", "avx512", "AVX512", "avx512_bf16", "bf16"),
    Less("AVX512_CORE_AMX", "avx512", "AVX512", "amx_bf16", "bf16"),
)


def there(less: Less) -> bool:
    """Return whether this processor has what a set of instructions needs."""
    return bool(torch.cpu.get_capabilities().get(less.needed, False))


@pytest.mark.parametrize("less", SETS, ids=lambda less: less.onednn)
def test_scores_hold_with_fewer_instructions(less: Less) -> None:
    """Company, precision and agreement with transformers, as on a processor that has no more."""
    if not there(less):
        pytest.skip(f"this processor has no {less.needed}")
    told = {
        "ONEDNN_MAX_CPU_ISA": less.onednn,
        "ATEN_CPU_CAPABILITY": less.torch,
        "MKL_ENABLE_INSTRUCTIONS": less.mkl,
    }
    if less == [*filter(there, SETS)][-1] and not os.environ.keys() & told:
        # What the processor does untold: those tests have run so in this process already.
        assert spelled(fastest()) == less.precision
        return
    found = subprocess.run(  # noqa: S603 this interpreter
        [sys.executable, "-c", RUN, *TESTS, "-q", "-p", "no:cacheprovider", "-k", CHOSEN],
        cwd=ROOT,
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout[-4000:] + found.stderr[-2000:]
    assert found.stdout.startswith(f"reads in {less.precision}\n")
