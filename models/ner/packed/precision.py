"""How precisely the packed forward multiplies."""

import torch

_UNITS = ("avx512_bf16", "amx_bf16")


def fastest() -> torch.dtype:
    """Return bfloat16 where the processor multiplies it itself, else single precision.

    Elsewhere bfloat16 would be emulated, which costs both time and digits.
    """
    able = torch.cpu.get_capabilities()
    if any(able.get(unit, False) for unit in _UNITS) and torch._C._has_mkldnn:  # noqa: SLF001
        return torch.bfloat16
    return torch.float32


def spelled(precision: torch.dtype) -> str:
    """Return "fp32" or "bf16"."""
    return {torch.float32: "fp32", torch.bfloat16: "bf16"}[precision]
