"""What can go wrong: one class a kind, each with the C status that it stands for."""

from __future__ import annotations

from twinbit import _core

__all__ = [
    "DamagedImageError",
    "FileError",
    "FloatEnvironmentError",
    "ImageError",
    "MergeError",
    "MissingValueError",
    "NotFiniteError",
    "RangeError",
    "RecipeError",
    "SelfTestError",
    "ShapeError",
    "StateError",
    "TwinbitError",
    "UnsupportedError",
]


class TwinbitError(ValueError):
    """The base of every error that twinbit raises.

    Attributes:
        status: the negative C status, 0 where the error arose in Python.
        name: the C name of the status, such as ``TB_ERR_SHAPE``; empty where there is none.
        frame: number of the frame in the batch that was refused, -1 if that is not known.
        channel: number of the channel in that frame, -1 if that is not known.
    """

    def __init__(self, message: str, status: int = 0, frame: int = -1, channel: int = -1) -> None:
        super().__init__(message)
        self.status = status
        self.name = _NAMES.get(status, "") if status else ""
        self.frame = frame
        self.channel = channel


class RecipeError(TwinbitError):
    """A recipe is not valid, or not complete yet."""


class ShapeError(TwinbitError):
    """An array has the wrong number of axes, columns or frames."""


class MissingValueError(TwinbitError):
    """A count is missing (TB_MISSING_I16, TB_MISSING_I32) and the recipe, or the call, refuses that."""


class NotFiniteError(TwinbitError):
    """A value is infinite, or it is missing (NaN) and the recipe, or the call, refuses that."""


class ImageError(TwinbitError):
    """An image can't be loaded here, although it may be sound."""


class DamagedImageError(ImageError):
    """The bytes of an image are cut, torn or changed."""


class MergeError(TwinbitError):
    """Two images can't be merged or unmerged."""


class UnsupportedError(MergeError):
    """The detector, or its arithmetic, does not offer this: not all of them merge, unmerge or prune."""


class RangeError(TwinbitError):
    """It learns no more (sums are full, patience is used up), or what is taken out of sums was never in them."""


class StateError(TwinbitError):
    """The monitor has not learned enough for this call, or is past it."""


class FloatEnvironmentError(TwinbitError):
    """The floating-point environment rounds or flushes differently."""


class SelfTestError(TwinbitError):
    """This build computes other bits than it promises."""


class FileError(TwinbitError):
    """A file or one of its columns can't be read."""


_NAMES: dict[int, str] = _core.status_names()

_KINDS: dict[str, tuple[type[TwinbitError], str]] = {
    "TB_ERR_ARGUMENT": (TwinbitError, "check the arguments against the docstring"),
    "TB_ERR_SHAPE": (ShapeError, "give a 2-D array (frames, channels) with one column for each channel of the recipe"),
    "TB_ERR_NOT_FINITE": (
        NotFiniteError,
        'NaN is a missing value: fill it before, or set missing = "hold" or "skip" in the recipe\'s input',
    ),
    "TB_ERR_MISSING": (MissingValueError, 'fill it before, or set missing = "hold" or "skip" in the recipe\'s input'),
    "TB_ERR_SIZE": (TwinbitError, "ask sizes() for the memory a recipe needs"),
    "TB_ERR_RECIPE": (RecipeError, "capi/RECIPE.md has each part's words and ranges"),
    "TB_ERR_TRUNCATED": (DamagedImageError, "copy the image again, whole"),
    "TB_ERR_MAGIC": (ImageError, "give the bytes that save() wrote"),
    "TB_ERR_FORMAT": (ImageError, "use the twinbit version that wrote it"),
    "TB_ERR_NUMERICS": (ImageError, "use the twinbit version that wrote it, or learn again"),
    "TB_ERR_LAYOUT": (ImageError, "load it with the recipe it was made with"),
    "TB_ERR_POLICY": (ImageError, "load it with set_policy() to keep what was learned under the new policy"),
    "TB_ERR_BASIS": (
        MergeError,
        "merge copies of one image that were made after new_epoch(), with the same units left",
    ),
    "TB_ERR_CRC": (DamagedImageError, "copy the image again; twinbit inspect shows what is left"),
    "TB_ERR_TORN": (DamagedImageError, "copy it again while the device does not update it"),
    "TB_ERR_UNSEALED": (ImageError, "seal it on the device with tb_seal(), or load it with raw=True"),
    "TB_ERR_CORRUPT": (DamagedImageError, "copy the image again, or go back to an older one"),
    "TB_ERR_RANGE": (RangeError, "begin a new epoch with new_epoch(), or unmerge only what was merged"),
    "TB_ERR_UNSUPPORTED": (
        UnsupportedError,
        "KMeans, Mahalanobis, ELM without forget and a bank of that merge; in q15 and q31 they unmerge; ELM prunes",
    ),
    "TB_ERR_STATE": (StateError, "give it more frames first; state tells where it stands"),
    "TB_ERR_ENVIRONMENT": (FloatEnvironmentError, "set round-to-nearest without flushing before"),
    "TB_ERR_SELFTEST": (SelfTestError, "build without -ffast-math and with -ffp-contract=off"),
}

_ADVICE = {
    ("TB_ERR_STATE", "rollback"): "there is no good model: one is kept when calibration ends and at each take-over",
    ("TB_ERR_UNSUPPORTED", "forget"): "autoencoders, boxes, Seasonal and Univariate forget by themselves",
    ("TB_ERR_UNSUPPORTED", "health"): "the policy keeps no trend; with_policy(kind, health=1024) does",
}
"""Better advice where it is known what was called."""


def from_status(status: int, what: str, frame: int = -1, channel: int = -1) -> TwinbitError:
    """The exception for a C status: what was called, where in the data, why, and what to do.

    >>> str(from_status(-4, "step", frame=12, channel=3)).split(";")[0]
    'step: frame 12, channel 3: a value is missing and the recipe refuses missing values'
    """
    name = _NAMES.get(status, "")
    kind, advice = _KINDS.get(name, (TwinbitError, "report it, with the input"))
    advice = _ADVICE.get((name, what), advice)
    place = f"frame {frame}" if frame >= 0 else ""
    if channel >= 0:
        place += f"{', ' if place else ''}channel {channel}"
    where = f"{what}: {place}: " if place else f"{what}: "
    return kind(f"{where}{_core.status_text(status)}; {advice}", status, frame, channel)
