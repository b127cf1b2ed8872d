"""What a monitor's image can do beside others of its kind: epochs, merging, pruning."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from twinbit import model
from twinbit.monitor_base import MonitorBase
from twinbit.pruning import check_keep, compact

if TYPE_CHECKING:
    from twinbit.monitor import Monitor

__all__ = ["Fleet"]

Self = TypeVar("Self", bound="Fleet")


class Fleet(MonitorBase):
    """Epochs, merging and pruning."""

    def new_epoch(self: Self) -> Self:
        """Begins an epoch: statistics are emptied, and copies that are made from now on can be merged.

        Autoencoders and subspaces go on from what they have learned; rate and patience begin anew. A bank's modes and
        scalers stand still from now on.
        """
        self._ready().new_epoch()
        return self

    def merge(self: Self, other: Fleet | bytes) -> Self:
        """Adds what another monitor (or its sealed image) learned on the same basis, and calibrates again.

        Raises MergeError if bases differ or sums would overflow, ImageError for another recipe.
        """
        self._ready().merge(other.image if isinstance(other, Fleet) else bytes(other))
        return self

    def unmerge(self: Self, other: Fleet | bytes) -> Self:
        """Takes out again what `merge` added. q15 and q31 only."""
        self._ready().unmerge(other.image if isinstance(other, Fleet) else bytes(other))
        return self

    def forget(self: Self) -> Self:
        """Halves what the detector has learned, so that later frames count twice as much; its scores stay.

        Raises StateError before the detector has learned, UnsupportedError for detectors that forget by themselves.
        """
        self._ready().forget()
        return self

    def prune(self: Self, keep: int) -> Self:
        """Leaves the `keep` hidden units of an ELM that explain most, solves again with them, and calibrates again.

        Frames cost less; recipe and image keep their size, `pruned` makes them smaller.
        Raises StateError before the detector has learned, UnsupportedError for other detectors.
        """
        core = self._ready()
        check_keep(keep, self._recipe.detector)
        core.prune(keep)
        return self

    def pruned(self) -> Monitor:
        """A copy whose recipe and image lack the units that `prune` put out of use. Scores are the same bits.

        Its images merge with those of the same smaller recipe only.
        Raises RecipeError for other detectors than ELM.
        """
        from twinbit.monitor import Monitor

        return Monitor._of(compact(model.Model(self._recipe, self.image)))
