"""Data for twinbit: a synthetic machine, synthetic vectors, and loaders for public recordings.

Nothing here contains third-party data. Loaders read a folder that the user has (see `data_root`), manifests say where
each set comes from, under which licence, and which bytes were checked.
"""

from .bearing import SKF_6205, Bearing, FaultFrequencies
from .drift_streams import DRIFTS, drift_stream
from .faults import Fault
from .features import axis_features, log_band_means
from .fetch import FetchError, fetch
from .machine import FAULTS, rotating_machine
from .manifest import Manifest, manifest
from .operation import STEADY, Operation
from .readers import ReadError
from .recording import Recording
from .registry import available, load, names, parts, set_names
from .root import DataNotFoundError, data_root
from .stationary import stationary
from .waveform import machine_waveform
from .windows import in_windows

__all__ = [
    "DRIFTS",
    "FAULTS",
    "SKF_6205",
    "STEADY",
    "Bearing",
    "DataNotFoundError",
    "Fault",
    "FaultFrequencies",
    "FetchError",
    "Manifest",
    "Operation",
    "ReadError",
    "Recording",
    "available",
    "axis_features",
    "data_root",
    "drift_stream",
    "fetch",
    "in_windows",
    "load",
    "log_band_means",
    "machine_waveform",
    "manifest",
    "names",
    "parts",
    "rotating_machine",
    "set_names",
    "stationary",
]
