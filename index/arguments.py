"""Arguments of ``python -m index`` that several commands share, and how their values are read."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from index.records import Span


def span(value: str) -> Span:
    """START:END as a span."""
    start, _, end = value.partition(":")
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end)):
        raise argparse.ArgumentTypeError(f"{value} is not START:END, two offsets in the article's text")
    return Span(int(start), int(end))


def seconds(value: str) -> float:
    """A number of seconds between two looks."""
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0.1 <= number <= 86_400:
        raise argparse.ArgumentTypeError(f"{value} is not a number of seconds from 0.1 to 86400")
    return number


def add_patterns(sub: argparse.ArgumentParser) -> None:
    """Let `sub` choose among files."""
    for name, which in (("--include", "only files whose path or name matches"), ("--exclude", "no such files")):
        sub.add_argument(name, action="append", default=[], metavar="PATTERN", help=f"of folders, {which}")


def add_reading(sub: argparse.ArgumentParser) -> None:
    """Let `sub` choose among files, and only tell."""
    add_patterns(sub)
    sub.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
    sub.add_argument("--json", action="store_true", help="print one JSON object")


def add_workers(sub: argparse.ArgumentParser) -> None:
    """Let `sub` be helped by other processes."""
    sub.add_argument(
        "--workers",
        type=workers,
        metavar="N|ADDRESS",
        help="read and embed in N processes, or on the Dask cluster at tcp://HOST:PORT or tls://HOST:PORT",
    )
    sub.add_argument(
        "--shards",
        type=Path,
        metavar="DIR",
        help="where workers write, reached by all of them; default: beside the archive",
    )


def workers(value: str) -> int | str:
    """How many processes, or where a cluster listens."""
    if value.isdecimal() and 1 <= int(value) <= 256:
        return int(value)
    if re.fullmatch(r"(?:tcp|tls)://(?:\[[0-9A-Fa-f:]+\]|[^\s/:\[\]]+):[0-9]{1,5}", value):
        return value
    raise argparse.ArgumentTypeError(f"{value} is neither a number from 1 to 256 nor tcp:// or tls://HOST:PORT")
