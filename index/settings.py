"""Where the archive is: the flag, else ``$VIRGOLETTATO_ARCHIVE``, else ``.virgolettato`` in the working folder."""

from __future__ import annotations

import os
from pathlib import Path

ARCHIVE_VARIABLE = "VIRGOLETTATO_ARCHIVE"


def archive_path(flag: Path | None) -> Path:
    """The archive's folder; it need not exist."""
    return flag or Path(os.environ.get(ARCHIVE_VARIABLE) or ".virgolettato")
