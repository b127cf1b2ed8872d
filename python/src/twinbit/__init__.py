"""twinbit learns what is normal on the device, scores what it sees, raises alarms: the same bits in firmware and here.

>>> import twinbit
>>> monitor = twinbit.Monitor("kmeans", learn=0.5)
>>> monitor
Monitor(kmeans: KMeans, q15, 0 channels, scaling)

High score = anomalous, in octaves: 1 more is twice as far from normal.
"""

from twinbit import _core, drift
from twinbit._core import NUMERICS_VERSION
from twinbit.detectors import ELM, Autoencoder, Bank, KMeans, Mahalanobis, Subspace
from twinbit.detectors_plain import Boxes, Deviation, Distance, Seasonal, Univariate
from twinbit.errors import (
    DamagedImageError,
    FileError,
    FloatEnvironmentError,
    ImageError,
    MergeError,
    MissingValueError,
    NotFiniteError,
    RangeError,
    RecipeError,
    SelfTestError,
    ShapeError,
    StateError,
    TwinbitError,
    UnsupportedError,
)
from twinbit.monitor import Monitor
from twinbit.recipe import Channel, Cost, Decision, Input, Recipe, Scaler
from twinbit.recipe_parts import Layer, Policy

__version__ = _core.VERSION

__all__ = [
    "ELM",
    "NUMERICS_VERSION",
    "Autoencoder",
    "Bank",
    "Boxes",
    "Channel",
    "Cost",
    "DamagedImageError",
    "Decision",
    "Deviation",
    "Distance",
    "FileError",
    "FloatEnvironmentError",
    "ImageError",
    "Input",
    "KMeans",
    "Layer",
    "Mahalanobis",
    "MergeError",
    "MissingValueError",
    "Monitor",
    "NotFiniteError",
    "Policy",
    "RangeError",
    "Recipe",
    "RecipeError",
    "Scaler",
    "Seasonal",
    "SelfTestError",
    "ShapeError",
    "StateError",
    "Subspace",
    "TwinbitError",
    "Univariate",
    "UnsupportedError",
    "__version__",
    "drift",
]
