"""Decodes the bundled encoder into a folder for training: ``python -m training.unpack DIR``."""

from __future__ import annotations

import argparse
from pathlib import Path

from index.bundled import unpack


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    target: Path = parser.parse_args().target
    target.mkdir(parents=True, exist_ok=True)
    unpack(target)


if __name__ == "__main__":
    main()
