"""Draw what runs of :mod:`benchmarks.growth` measured: ``python -m benchmarks.plots GROWTH.json [...] FILE.svg``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_PLOTS = (
    (
        "answer against encoding its question",
        {"answer / encoding, processor": "all", "answer with filters / encoding, processor": "with filters"},
    ),
    ("processor seconds", {"build, processor s": "built", "adding 100 articles, processor s": "100 articles added"}),
    ("MB on disk", {"disk, MB": "archive"}),
    (
        "bytes of memory a vector",
        {"memory, own bytes a vector": "own", "memory, with mapped files, bytes a vector": "with mapped files"},
    ),
)


def main() -> None:
    """Draw."""
    parser = argparse.ArgumentParser(description="Draw how archives grow.")
    parser.add_argument("figures", nargs="+", type=Path, metavar="GROWTH.json")
    parser.add_argument("target", type=Path, metavar="FILE.svg")
    given = parser.parse_args()
    draw([row for path in given.figures for row in json.loads(path.read_text(encoding="utf-8"))], given.target)


def draw(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Plot times, memory and disk against the number of passages."""
    import matplotlib
    from matplotlib.figure import Figure

    # The same figures make the same file.
    matplotlib.rcParams["svg.hashsalt"] = "growth"
    rows = sorted(rows, key=_size)
    sizes = [_size(row) for row in rows]
    figure = Figure(figsize=(12, 3), layout="constrained")
    for axes, (title, names) in zip(figure.subplots(1, len(_PLOTS)), _PLOTS, strict=True):
        for name, label in names.items():
            axes.plot(sizes, [row[name] for row in rows], marker="o", label=label)
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        if title in ("processor seconds", "MB on disk"):
            axes.set_yscale("log")
        axes.set_xlabel("passages")
        axes.set_title(title, fontsize=9)
        axes.legend(fontsize=7)
    figure.savefig(path, metadata={"Date": None})


def _size(row: dict[str, Any]) -> int:
    return int(row["articles, passages, sentences"].split()[1])


if __name__ == "__main__":
    main()
