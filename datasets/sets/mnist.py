"""MNIST: images of 28 x 28 pixels, 0 to 255. No labels: the user says which digit is anomalous."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ..files import Parts
from ..readers import read_idx
from ..recording import Recording

PARTS = ("t10k", "train")
IMAGES = "-images-idx3-ubyte.gz"


def _images(folder: Path, part: str) -> list[Recording]:
    """One recording; the column `digit` of `truth` says which digit an image shows."""
    pixels = read_idx(folder / (part + IMAGES))
    digits = read_idx(folder / f"{part}-labels-idx1-ubyte.gz")
    names = [f"{row},{column}" for row in range(pixels.shape[1]) for column in range(pixels.shape[2])]
    frames = pd.DataFrame(pixels.reshape(len(pixels), -1).astype(np.float64), columns=names)
    return [Recording(name=part, frames=frames, truth=pd.DataFrame({"digit": digits.astype(np.int8)}))]


def parts(folder: Path) -> Parts:
    """One part a pair of files."""
    found = sorted(path.name.removesuffix(IMAGES) for path in folder.glob(f"*{IMAGES}"))
    return {part: partial(_images, folder, part) for part in found}
