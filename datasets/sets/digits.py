"""Handwritten digits: 1,797 images of 8 x 8 pixels, 0 to 16. No labels: the user says which digit is anomalous."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ..files import Parts
from ..readers import read_npz
from ..recording import Recording

PARTS = ("images",)
SIDE = 8


def _images(path: Path) -> list[Recording]:
    """One recording; the column `digit` of `truth` says which digit an image shows."""
    content = read_npz(path)
    names = [f"{row},{column}" for row in range(SIDE) for column in range(SIDE)]
    return [
        Recording(
            name="digits",
            frames=pd.DataFrame(content["X"].astype(np.float64), columns=names),
            truth=pd.DataFrame({"digit": content["y"].astype(np.int8)}),
        )
    ]


def parts(folder: Path) -> Parts:
    """One part: all images."""
    path = folder / "digits.npz"
    return {"images": partial(_images, path)} if path.is_file() else {}
