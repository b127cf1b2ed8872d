"""What a recipe costs: the memory that its monitor takes."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Cost"]


@dataclass(frozen=True)
class Cost:
    """Memory of a monitor in bytes. Exact, on every target.

    Attributes:
        image: what was learned; the only part that is saved.
        scratch: needed during a call; monitors that are never used at once may share it.
        plan: derived at start.
        attached: candidate and last good image of a policy with their plans; 0 without a policy.
    """

    image: int
    scratch: int
    plan: int
    attached: int = 0

    @property
    def ram(self) -> int:
        """All together."""
        return self.image + self.scratch + self.plan + self.attached
