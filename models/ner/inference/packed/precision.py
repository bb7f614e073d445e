"""How precisely the packed forward multiplies."""

import torch

_UNITS = ("avx512_bf16", "amx_bf16")
_SMALL, _SIZE = 1e-20, 64


def fastest() -> torch.dtype:
    """Return bfloat16 where the processor multiplies it itself, else single precision.

    Elsewhere bfloat16 would be emulated, which costs both time and digits: three and a half times
    the time of single precision was measured. What the processor can is not all that counts:
    `ONEDNN_MAX_CPU_ISA` may tell oneDNN to leave it unused.
    """
    able = torch.cpu.get_capabilities()
    if any(able.get(unit, False) for unit in _UNITS) and _multiplied_by_the_processor():
        return torch.bfloat16
    return torch.float32


def _multiplied_by_the_processor() -> bool:
    """Return whether oneDNN leaves products of bfloat16 to the processor's own instructions.

    Those take a product below the normal numbers of single precision for 0, whatever the mode of
    the unit (Intel SDM, VDPBF16PS and TDPBF16PS); an emulation keeps it.
    """
    if not torch._C._has_mkldnn or not torch.ops.mkldnn._is_mkldnn_bf16_supported():  # noqa: SLF001
        return False
    small = torch.full((_SIZE, _SIZE), _SMALL, dtype=torch.bfloat16)
    with torch.inference_mode():
        weight = torch.ops.mkldnn._reorder_linear_weight(small, _SIZE)  # noqa: SLF001
        run = torch.ops.mkldnn._linear_pointwise  # noqa: SLF001
        products: torch.Tensor = run(small, weight, None, "none", [], "none")
    return not products.any()


def spelled(precision: torch.dtype) -> str:
    """Return "fp32" or "bf16"."""
    return {torch.float32: "fp32", torch.bfloat16: "bf16"}[precision]
