"""The last part of a recipe: what the monitor does when normal moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol, TypeAlias, get_args

from twinbit.errors import RecipeError
from twinbit.recipe_detectors import Autoencoder, Bank, DetectorPart
from twinbit.recipe_drift import DRIFTS, MOST_DRIFTS, SCORE_UNIT, CentroidDrift, DriftKind, DriftPart, PageHinkley
from twinbit.recipe_fields import Q16, Q31, Part, part_words, read_part, word
from twinbit.recipe_plain import Boxes, Seasonal, Univariate
from twinbit.recipe_ranges import one_of, within

__all__ = [
    "LAYOUT_WORDS",
    "DriftLike",
    "Policy",
    "PolicyKind",
    "check_adapting",
    "check_loop",
    "drift_parts",
    "policy_of",
    "policy_words",
]

PolicyKind = Literal["tell", "freeze", "adapt", "relearn", "ask"]
MAX_FRAMES = 1048576
LAYOUT_WORDS = 3
"""Words before those of the policy itself: events, blocks, bytes of a block."""


@dataclass(frozen=True, kw_only=True)
class Policy(Part):
    """What the monitor does when normal moves.

    Attributes:
        kind: ``tell`` says so; ``freeze`` also stops all learning and following; ``adapt`` learns calm frames all the
            time, as far as its budget goes; ``relearn`` learns the new normal beside the model in charge, and takes it
            over once it has lasted; ``ask`` does so when it is told to.
        persist: frames that a drift lasts before a new normal may take over, 2 to 2^20.
        share: of them that are over the threshold, 0 to 1.
        tolerance: octaves by which their first and their second half may differ: a fault that grows differs by more.
        block: frames that ``adapt`` learns before they take over, and that `unlearn` takes out at once.
        forget: frames after which ``adapt`` halves what it knows; 0: never.
        budget: octaves by which ``adapt`` may let normal creep, judged by the model as it was calibrated; 0: no limit.
        creep: frames over which that is averaged.
        health: frames of the trend's memory; 0: no trend.
        events: records that are kept, 0 to 256.
        blocks: of ``adapt`` that can be unlearned, 0 to 16; each takes the memory of the detector.
    """

    kind: PolicyKind = word("tell", choices=get_args(PolicyKind))
    persist: int = word(200, 2, MAX_FRAMES, time="frames")
    share: float = word(0.5, 0.0, 1.0, Q31)
    tolerance: float = word(1.0, 0.0, 24.0, Q16)
    block: int = word(100, 1, 65535, time="frames")
    forget: int = word(0, 1, MAX_FRAMES, also=0, time="frames")
    budget: float = word(1.0, 0.0, 24.0, Q16)
    creep: int = word(1000, 1, MAX_FRAMES, time="frames")
    health: int = word(1024, 32, 2**28 - 1, also=0, time="frames")
    events: int = 32
    blocks: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        within("events", self.events, 0, 256)
        within("blocks", self.blocks, 0, 16)
        if self.blocks and self.kind != "adapt":
            raise RecipeError(f"recipe: blocks are what adapt has learned; with kind = {self.kind!r} leave blocks = 0")

    @property
    def attached(self) -> tuple[str, ...]:
        """Memories that it needs beside the image: candidate, good."""
        return ("candidate", "good") if self.kind in ("adapt", "relearn", "ask") else ("good",)

    @property
    def needs_drift(self) -> bool:
        """Whether it does nothing without a drift detector."""
        return self.kind in ("freeze", "relearn", "ask")


def policy_words(part: Policy, block_bytes: int) -> list[int]:
    """The words of a policy. block_bytes: of the detector's block in the image.

    >>> policy_words(Policy(kind="relearn", persist=300), 0)[:5]
    [32, 0, 0, 3, 300]
    """
    return [part.events, part.blocks, block_bytes if part.blocks else 0, *part_words(part)]


def policy_of(words: list[int]) -> Policy:
    """A policy from its words, which the core has checked."""
    return replace(read_part(Policy, iter(words[LAYOUT_WORDS:])), events=words[0], blocks=words[1])


def other_policy(before: Policy | None, kind: PolicyKind, words: dict[str, Any]) -> Policy:
    """A policy of a kind, with the words of the one before where none are given; blocks are for ``adapt`` only."""
    kept = {"blocks": 0} if kind != "adapt" else {}
    return replace(before or Policy(), **{"kind": kind, **kept, **words})


def check_adapting(detector: DetectorPart, policy: Policy) -> None:
    """Raises RecipeError where ``adapt`` could not do what it says: with detectors that adapt by themselves."""
    if policy.kind != "adapt":
        return
    inner = detector.of if isinstance(detector, Bank) else detector
    name = type(inner).__name__
    if isinstance(inner, Univariate) or (isinstance(inner, Boxes) and inner.adapt == "always"):
        raise RecipeError(
            f"recipe: {name} follows every frame by itself, so 'adapt' has nothing to bound; take another policy"
            f"{' or Boxes(adapt=' + repr('calm') + ')' if isinstance(inner, Boxes) else ''}"
        )
    if policy.forget and isinstance(inner, (Autoencoder, Boxes, Seasonal)):
        raise RecipeError(f"recipe: {name} forgets by itself and can't be halved; leave forget = 0")


class Watching(Protocol):
    """A drift detector by itself, such as those of `twinbit.drift`."""

    @property
    def part(self) -> DriftPart:
        """The same as a part of a recipe."""


DriftOne: TypeAlias = "DriftKind | DriftPart | Watching"
DriftLike: TypeAlias = "DriftOne | Sequence[DriftOne]"


def drift_parts(
    given: DriftLike | None, own: tuple[DriftPart, ...], policy: Policy, arithmetic: str
) -> tuple[DriftPart, ...]:
    """Drift detectors for a policy: the given one or ones, else the recipe's own, else one where it needs one."""
    if given is None:
        return own or ((PageHinkley(),) if policy.needs_drift else ())
    listed = given if isinstance(given, Sequence) and not isinstance(given, str) else (given,)
    return tuple(_drift_part(one, arithmetic) for one in listed)


def _drift_part(one: Any, arithmetic: str) -> DriftPart:
    """A drift detector as a part, from its kind or from one by itself. `check_loop` refuses what is none."""
    if isinstance(one, str):
        one_of("drift", one, list(DRIFTS))
        return DRIFTS[one]()
    if isinstance(one, type):
        raise RecipeError(
            f"recipe: drift = {one.__name__} is a class; give one that is made, {one.__name__}(), or a kind: "
            f"{', '.join(map(repr, DRIFTS))}"
        )
    if getattr(one, "arithmetic", arithmetic) != arithmetic:
        raise RecipeError(
            f"recipe: {type(one).__name__} works in {one.arithmetic} and this recipe in {arithmetic}; "
            f"give it arithmetic={arithmetic!r}, or take drift='centroid'"
        )
    part: DriftPart = getattr(one, "part", one)
    return part


def check_loop(drifts: tuple[DriftPart, ...], policy: Policy | None, raw: bool) -> None:
    """Raises RecipeError where drift detectors and policy do not go together. raw: nothing scales the frames."""
    within("number of drift detectors", len(drifts), 0, MOST_DRIFTS)
    for part in drifts:
        name = type(part).__name__
        if not isinstance(part, tuple(DRIFTS.values())):
            raise RecipeError(
                f"recipe: {name} is no drift detector; use {', '.join(k.__name__ for k in DRIFTS.values())}"
            )
        if getattr(part, "unit", SCORE_UNIT) != SCORE_UNIT:
            raise RecipeError(f"recipe: {name} watches scores here, in units of 2^-{SCORE_UNIT}; leave unit out")
    if raw and any(isinstance(part, CentroidDrift) for part in drifts):
        raise RecipeError(
            "recipe: CentroidDrift needs scaled frames; this detector brings its own scale: use PageHinkley"
        )
    if drifts and policy is None:
        raise RecipeError(
            "recipe: drift detectors need a policy that says what follows; add [policy] with kind = 'tell'"
        )
    if policy and policy.needs_drift and not drifts:
        raise RecipeError(
            f"recipe: policy {policy.kind!r} is never told of a drift; add [[drift]] with kind = 'page_hinkley'"
        )
