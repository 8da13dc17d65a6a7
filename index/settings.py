"""Where the archive is: flags, else the environment.

In a folder of this machine (``--archive``, ``$VIRGOLETTATO_ARCHIVE``, else ``.virgolettato`` in the working folder);
and, for many machines to read, in an engine for its vectors and a database for its texts (``--engine``,
``--database``), both or neither.
"""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from index.errors import UsageError

ARCHIVE_VARIABLE, ENGINE_VARIABLE, DATABASE_VARIABLE = (
    f"VIRGOLETTATO_{name}" for name in ("ARCHIVE", "ENGINE", "DATABASE")
)
_DEFAULT = ".virgolettato"
_SECRET = re.compile(r"(?<=//).*@|(?<=password=)[^&]*")
"""What of an address may be nobody's business; a password that makes no address is no less secret."""
_ENGINE = re.compile(r"https?://[^\s/]+(/\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an archive is.

    Attributes:
        path: its folder on this machine; it need not exist.
        engine, database: where its vectors and its texts are for others to read; None where there are none.
    """

    path: Path
    engine: str | None = None
    database: str | None = None

    def __str__(self) -> str:
        if self.engine is None or self.database is None:
            return str(self.path)
        return f"{without_secrets(self.database)} and {without_secrets(self.engine)}"


def without_secrets(address: str) -> str:
    """`address` without user name and password."""
    return _SECRET.sub("", address)


def archive_path(flag: Path | None) -> Path:
    """The archive's folder; it need not exist."""
    return flag or Path(os.environ.get(ARCHIVE_VARIABLE) or _DEFAULT)


def place_of(given: argparse.Namespace) -> Place:
    """Where the archive is, as flags and environment say.

    Raises:
        UsageError: an engine without a database or the other way round, a password among the flags, or no address.
    """
    for address in filter(None, (given.engine, given.database)):
        if ":" in address.partition("//")[2].rpartition("@")[0] or "password=" in address:
            raise UsageError(
                "a password on the command line can be read by others",
                f"set ${ENGINE_VARIABLE} or ${DATABASE_VARIABLE}, or see docs/scale.md",
            )
    engine = given.engine or os.environ.get(ENGINE_VARIABLE) or None
    database = given.database or os.environ.get(DATABASE_VARIABLE) or None
    if (engine is None) != (database is None):
        missing = "database" if database is None else "engine"
        raise UsageError(
            f"an archive for many machines has an engine and a database: the {missing} is not named",
            f"add --{missing}, or leave out the other",
        )
    if engine is not None and not _is_address(engine):
        raise UsageError(
            f"{without_secrets(engine)} is no address of an engine", "write it as http://host:19530, or with https://"
        )
    return Place(archive_path(given.archive), engine, database)


def _is_address(engine: str) -> bool:
    try:
        return _ENGINE.fullmatch(engine) is not None and urlsplit(engine).port != 0
    except ValueError:
        # A port that is none.
        return False


def add_archive(parser: argparse.ArgumentParser) -> None:
    """``--archive``, ``--engine`` and ``--database``; :func:`place_of` says what they mean left out."""
    parser.add_argument("--archive", type=Path, metavar="DIR", help=f"default: ${ARCHIVE_VARIABLE}, or {_DEFAULT}")
    add_shared(parser)


def add_shared(parser: argparse.ArgumentParser) -> None:
    """``--engine`` and ``--database``."""
    parser.add_argument(
        "--engine", metavar="URI", help=f"Milvus, for many machines to read; default: ${ENGINE_VARIABLE}"
    )
    parser.add_argument(
        "--database", metavar="URL", help=f"PostgreSQL, likewise, for the texts; default: ${DATABASE_VARIABLE}"
    )
