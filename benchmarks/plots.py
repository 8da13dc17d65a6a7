"""Draw what runs of :mod:`benchmarks.growth` measured: ``python -m benchmarks.plots GROWTH.json [...] FILE.svg``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIZES = "articles, passages, sentences"
_PLOTS = (
    (
        "answer / encoding, processor time",
        {"answer / encoding, processor": "all", "answer with new filters / encoding, processor": "with new filters"},
    ),
    ("an answer, ms", {"answer, median ms": "median", "answer, 95th percentile ms": "95 in a hundred within"}),
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
    """Plot `rows` into the SVG file `path`; see :func:`picture`."""
    import matplotlib

    # The same figures make the same file.
    matplotlib.rcParams["svg.hashsalt"] = "growth"
    picture(rows).savefig(path, metadata={"Date": None})


def picture(rows: Sequence[dict[str, Any]]) -> Figure:
    """Times, memory and disk against the number of passages; points are hollow where vectors are made up.

    A row may lack figures: of an archive that was there its building is not known.
    """
    from matplotlib.figure import Figure

    rows = sorted(rows, key=_size)
    figure = Figure(figsize=(15, 3), layout="constrained")
    for axes, (title, names) in zip(figure.subplots(1, len(_PLOTS)), _PLOTS, strict=True):
        for name, label in names.items():
            known = [row for row in rows if name in row]
            # What was built had fewer passages than what was asked, to which articles had been added.
            at = [row["passages built"] if name.startswith("build") else _size(row) for row in known]
            (line,) = axes.plot(at, [row[name] for row in known], label=label)
            for place, row in zip(at, known, strict=True):
                filled = line.get_color() if row["vectors"] == "real" else "white"
                axes.plot([place], [row[name]], marker="o", color=line.get_color(), markerfacecolor=filled)
        axes.set_xscale("log")
        if title in ("an answer, ms", "processor seconds", "MB on disk"):
            axes.set_yscale("log")
        else:
            axes.set_ylim(bottom=0)
        axes.set_xlabel("passages")
        axes.set_title(title, fontsize=9)
        axes.legend(fontsize=7)
    return figure


def _size(row: dict[str, Any]) -> int:
    return int(row[_SIZES].split()[1])


if __name__ == "__main__":
    main()
