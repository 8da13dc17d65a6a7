"""How far a task is: bars on standard error, quiet where it is no terminal, or wherever else somebody looks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from tqdm import tqdm

Bars = Callable[[str, int], AbstractContextManager[Any]]
"""Given a task's name and its number of steps, something whose ``update(steps)`` is called as they are done."""


def progress(task: str, total: int) -> AbstractContextManager[Any]:
    """A bar counting to `total`, named `task`; silent when standard error is no terminal or `task` is empty."""
    return tqdm(total=total, desc=task, disable=not (task and sys.stderr.isatty()), leave=False, file=sys.stderr)
