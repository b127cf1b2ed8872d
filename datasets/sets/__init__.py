"""Data sets, each one module NAME.py with its PARTS (part -> loader) and one manifest NAME.toml."""
