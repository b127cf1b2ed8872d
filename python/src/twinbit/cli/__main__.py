"""Lets `python -m twinbit.cli` run the command line."""

from twinbit.cli import main

main()
