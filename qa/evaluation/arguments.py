"""The options of ``python -m qa evaluate``; apart from the command, so that ``--help`` loads nothing heavy."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from index.errors import UsageError
from index.settings import add_shared
from qa.arguments import add_reading
from qa.evaluation.records import DEFAULT_MEASURES, System


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``evaluate``."""
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="BEIR folder, gold JSONL, or TREC qrels file")
    parser.add_argument("--archive", type=Path, metavar="DIR", help="keep the indexed documents there")
    add_shared(parser)
    parser.add_argument("--sources", type=Path, metavar="DIR", help="files of a gold JSONL; default seeds")
    parser.add_argument("--model", help="embed with this one; default bundled")
    parser.add_argument("--system", metavar="NAME,…", help=f"{', '.join(System)}; default {System.DEFAULT}")
    parser.add_argument(
        "--measures", default=DEFAULT_MEASURES, help=f"as ir-measures writes them; default {DEFAULT_MEASURES}"
    )
    add_reading(parser)
    parser.add_argument("--run", type=Path, metavar="FILE", help="write TREC runs; with TREC qrels, the run to score")
    parser.add_argument("--report", type=Path, metavar="DIR", help="write an HTML page with plots and its CSV")
    parser.add_argument("--per-question", type=Path, metavar="FILE", help="write every question's values as CSV")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def require_apart(files: Iterable[Path | None], folders: Iterable[Path | None] = ()) -> None:
    """Nothing is written over what is read, nor one output over another, nor into a folder that appears as a whole."""
    named = [path.resolve() for path in files if path is not None]
    if len(set(named)) < len(named):
        raise UsageError("one file is named twice", "give --run and --per-question files of their own")
    for folder in (path.resolve() for path in folders if path is not None):
        if (inside := _first_inside(named, folder)) is not None:
            raise UsageError(f"{inside.name} lies in {folder.name}, which is written as a whole", "name another folder")


def require_outside(outputs: Iterable[Path | None], read: Path) -> None:
    """Nothing is written into the folder that the data set is read from, where it would replace or join the texts."""
    if (inside := _first_inside((path for path in outputs if path is not None), read)) is not None:
        raise UsageError(f"{inside.name} would be written into {read}, which is read", "name a place outside it")


def _first_inside(paths: Iterable[Path], folder: Path) -> Path | None:
    return next((path for path in paths if path.resolve().is_relative_to(folder.resolve())), None)
