"""What a benchmark found: printed a line each, and as JSON where ``--json FILE`` asks for it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

Figures: TypeAlias = Mapping[str, Any]
"""By what was measured, its unit in the name: strings and numbers."""


def add_json(parser: ArgumentParser) -> None:
    """The option that names the file; see :func:`keep`."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")


def tell(figures: Figures, file: Path | None) -> None:
    """Print `figures`, and :func:`keep` them."""
    show(figures)
    keep(figures, file)


def show(figures: Figures) -> None:
    """Print `figures`, one a line, in two columns."""
    width = max(map(len, figures), default=0)
    print("\n".join(f"{name:<{width}} {value!s:>14}" for name, value in figures.items()), flush=True)


def keep(figures: Figures | Sequence[Figures], file: Path | None) -> None:
    """Write `figures`, or those of several runs, into `file`, if there is one."""
    if file is not None:
        file.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
