"""What ``python -m qa check`` is given."""

from __future__ import annotations

import argparse
from pathlib import Path

from index.settings import add_archive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments to `parser`; nothing else is imported."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "quotation", nargs="?", metavar="QUOTATION", help="a quotation, or a draft with some; - reads standard input"
    )
    source.add_argument("--file", type=Path, metavar="DRAFT", help="a draft in UTF-8, up to 50,000 words")
    add_archive(parser)
    parser.add_argument(
        "--lang", choices=("auto", "it", "en"), default="auto", help="of what is printed; default the draft's own"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
