"""The command line, one file a command. Errors are one line on stderr and exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from twinbit.cli.app import app
from twinbit.errors import TwinbitError

__all__ = ["app", "main", "run"]


def run(arguments: Sequence[str]) -> int:
    """Runs the command line and returns its exit code."""
    try:
        code = app(args=list(arguments), prog_name="twinbit", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except TwinbitError as error:
        print(f"twinbit: error: {error}", file=sys.stderr)
        return 2
    except Exception as error:  # the command line library's own: it says what was wrong with the arguments
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        if text := message().strip().rstrip("."):  # without arguments it has shown the help and says nothing
            print(f"twinbit: error: {text}; see {_help(arguments)}", file=sys.stderr)
        return 2


def _help(arguments: Sequence[str]) -> str:
    """The command that shows the help for these arguments."""
    groups = (group.name for group in app.registered_groups)
    known = [*(command.name for command in app.registered_commands), *groups]
    command = next((word for word in arguments if word in known), None)
    return f"twinbit {command} --help" if command else "twinbit --help"


def main() -> None:
    """What the installed `twinbit` script calls."""
    sys.exit(run(sys.argv[1:]))
