"""Helpers of tests/run. Standard library only: they run before anything is installed."""
