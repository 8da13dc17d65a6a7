"""The options of taking quotations away; apart from what they do, so that ``--help`` loads nothing heavy."""

from __future__ import annotations

import argparse
from pathlib import Path

from index.settings import add_archive

STYLES = ("newsroom", "apa", "chicago", "bibtex", "html", "markdown")
FORMATS = (".csv", ".json", ".md", ".docx")


def add_style(parser: argparse.ArgumentParser) -> None:
    """``--style``."""
    parser.add_argument("--style", choices=STYLES, default="newsroom", help="how references are written")


def add_cap(parser: argparse.ArgumentParser) -> None:
    """``--max-quoted``."""
    parser.add_argument(
        "--max-quoted",
        type=_characters,
        metavar="CHARS",
        help="quote at most so much from one article; default: $VIRGOLETTATO_MAX_QUOTED, or no cap",
    )


def _characters(value: str) -> int:
    if not value.isdecimal() or not int(value):
        raise argparse.ArgumentTypeError(f"{value} is not a number from 1")
    return int(value)


def add_export(parser: argparse.ArgumentParser) -> None:
    """``--export``."""
    parser.add_argument(
        "--export", type=_export_file, metavar="FILE", help=f"write the quotations there as well: {', '.join(FORMATS)}"
    )


def add_verify(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``verify-export``."""
    parser.add_argument("file", type=_export_file, metavar="FILE", help="what --export wrote")
    add_archive(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _export_file(value: str) -> Path:
    path = Path(value)
    if path.suffix.lower() not in FORMATS:
        raise argparse.ArgumentTypeError(f"{value} does not end in {', '.join(FORMATS)}")
    return path
