"""A report of recordings as one HTML file that needs no other: figures, pictures, and how they were made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader

from twinbit import _core
from twinbit.errors import FileError
from twinbit.evaluate import Outcome, loop_text, short_names, summary
from twinbit.plot import contributions, contributions_figure, data_uri, recording_figure

__all__ = ["render", "write"]


def _number(value: Any, digits: int = 2, suffix: str = "") -> str:
    """A figure for people; a dash where it is not defined."""
    if value is None:
        return "-"
    return f"{value:,.{digits}f}{suffix}" if isinstance(value, float) else f"{value:,}{suffix}"


def _section(name: str, outcome: Outcome) -> dict[str, Any]:
    shares = contributions(outcome)
    return {
        "name": name,
        "figures": summary([outcome]),
        "first_alarm": outcome.first_alarm,
        "loop": loop_text(outcome),
        "picture": data_uri(recording_figure(outcome)),
        "shares": data_uri(contributions_figure(shares)) if len(shares) else None,
    }


def render(outcomes: Sequence[Outcome], title: str) -> str:
    """The report as HTML text.

    In: outcomes, one or more; title, for the head of the page.
    """
    environment = Environment(loader=PackageLoader("twinbit"), autoescape=True, trim_blocks=True)
    environment.filters["number"] = _number
    first, names = outcomes[0].monitor, short_names([outcome.name for outcome in outcomes])
    return environment.get_template("report.html.j2").render(
        title=title,
        total=summary(outcomes),
        sections=[_section(name, outcome) for name, outcome in zip(names, outcomes, strict=True)],
        labelled=any(outcome.labels is not None for outcome in outcomes),
        cost=first.cost(),
        recipe=first.recipe,
        recipe_text=first.recipe.to_toml(),
        version=_core.VERSION,
        numerics=_core.NUMERICS_VERSION,
    )


def write(outcomes: Sequence[Outcome], path: str | Path, title: str = "twinbit") -> None:
    """Writes the report. Raises FileError if it can't be written."""
    text = render(outcomes, title)
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileError(f"{path}: it can't be written ({error.strerror}); choose another folder") from error
