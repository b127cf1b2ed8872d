"""The proof of same bits: one recording through the host and through firmware, every result and the image compared."""

from .build import BuildError
from .compare import Difference
from .execute import RunError
from .runs import Run, choose_frames, run_parity
from .targets import find_targets

__all__ = ["BuildError", "Difference", "Run", "RunError", "choose_frames", "find_targets", "run_parity"]
