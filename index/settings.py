"""Where the archive is: the flag, else ``$VIRGOLETTATO_ARCHIVE``, else ``.virgolettato`` in the working folder."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

ARCHIVE_VARIABLE = "VIRGOLETTATO_ARCHIVE"
_DEFAULT = ".virgolettato"


def archive_path(flag: Path | None) -> Path:
    """The archive's folder; it need not exist."""
    return flag or Path(os.environ.get(ARCHIVE_VARIABLE) or _DEFAULT)


def add_archive(parser: argparse.ArgumentParser) -> None:
    """``--archive``; :func:`archive_path` says what it means left out."""
    parser.add_argument("--archive", type=Path, metavar="DIR", help=f"default: ${ARCHIVE_VARIABLE}, or {_DEFAULT}")
