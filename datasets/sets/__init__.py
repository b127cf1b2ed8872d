"""Data sets, each one module NAME.py and one manifest NAME.toml.

A module has PARTS, the names of the parts that are published, and `parts(folder)`, which gives for each part that the
set's folder holds a function without arguments that loads it: also parts that no PARTS names.
"""
