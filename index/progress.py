"""Progress bars on standard error, quiet where it is no terminal."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import Any

from tqdm import tqdm


def progress(task: str, total: int) -> AbstractContextManager[Any]:
    """A bar counting to `total`, named `task`; silent when standard error is no terminal or `task` is empty."""
    return tqdm(total=total, desc=task, disable=not (task and sys.stderr.isatty()), leave=False, file=sys.stderr)
