"""What the GPU's compiler makes of the kernels, found without a GPU.

`python -m tests.compiled_kernels` prints, as JSON, what one program of each kernel takes on each
architecture. It is a process of its own because the tests have Triton interpret kernels.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from models.ner.inference.gpu.attention import STAGES, WARPS
from models.ner.inference.gpu.buckets import TILE
from models.ner.inference.gpu.kernels.attention import attend
from models.ner.inference.gpu.kernels.norm import normalise
from models.ner.inference.gpu.layer import NUMBERS

TOOLS = Path(triton.__file__).parent / "backends" / "nvidia" / "bin"
AMPERE, HOPPER = 80, 90
POINTERS = ("mixed", "to_keys", "from_keys", "found")
SPAN = {"block": TILE}


def attention(architecture: int, size: int, *, places: bool) -> dict[str, Any]:
    """Compile attention for heads of a size, with or without relative positions."""
    types = {**dict.fromkeys(POINTERS, "*bf16"), "tiles": "*i64"}
    types |= dict.fromkeys(("pieces", "heads", "reach"), "i32")
    fixed = {"by_keys": places, "by_queries": places, "size": size, "depth": size, **SPAN}
    made = compiled(attend, types, fixed, architecture, num_warps=WARPS, num_stages=STAGES)
    return {"kernel": "attend", "architecture": architecture, "size": size, **made}


def norm(architecture: int) -> dict[str, Any]:
    """Compile the norm for DeBERTa-v3-base."""
    types = {**dict.fromkeys(("change", "states", "found"), "*bf16"), "weight": "*fp32"}
    types |= {"bias": "*fp32", "rows": "i32", "epsilon": "fp32"}
    order = ("change", "states", "weight", "bias", "found", "rows", "epsilon")
    fixed = {"width": 768, "padded": 1024, "block": NUMBERS // 1024}
    made = compiled(normalise, {name: types[name] for name in order}, fixed, architecture)
    return {"kernel": "normalise", "architecture": architecture, **made}


def compiled(
    kernel: Any, types: dict[str, str], fixed: dict[str, Any], architecture: int, **options: int
) -> dict[str, int]:
    """Return the bytes of shared memory, the registers and the bytes spilled of one program."""
    aligned = {
        (place,): [["tt.divisibility", 16]]
        for place, kind in enumerate(types.values())
        if kind.startswith("*")
    }
    signature = types | dict.fromkeys(fixed, "constexpr")
    source = ASTSource(kernel, signature, fixed, aligned)
    made = triton.compile(source, target=GPUTarget("cuda", architecture, 32), options=options)
    used = re.search(r"REG:(\d+) STACK:(\d+)", dumped(made.asm["cubin"]))
    assert used
    return {"shared": made.metadata.shared, "registers": int(used[1]), "stack": int(used[2])}


def dumped(binary: bytes) -> str:
    """Return what the compiler's tool says of a binary."""
    with NamedTemporaryFile(suffix=".cubin") as file:
        file.write(binary)
        file.flush()
        asked = [str(TOOLS / "cuobjdump"), "--dump-resource-usage", file.name]
        done = subprocess.run(asked, capture_output=True, check=True, text=True)  # noqa: S603
    return done.stdout


def everything() -> Iterator[dict[str, Any]]:
    """Yield each kernel on each architecture."""
    for architecture in (AMPERE, HOPPER):
        yield attention(architecture, 64, places=True)
        yield attention(architecture, 32, places=False)
        yield norm(architecture)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(list(everything())))
