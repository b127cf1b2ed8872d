"""Files of NumPy arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .root import DataNotFoundError


def read_npz(path: Path) -> dict[str, npt.NDArray[Any]]:
    """All arrays of an .npz file.

    Raises:
        DataNotFoundError: it is not there.
    """
    if not path.is_file():
        raise DataNotFoundError(f"{path} is missing")
    with np.load(path, allow_pickle=False) as content:
        return dict(content)
