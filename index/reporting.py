"""How a command ends: its exit status, and an error as one line and its mend."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from index.errors import UsageError, VirgolettatoError
from index.terminal import printable

DONE, FAILED, MISUSED, NOT_FOUND = 0, 1, 2, 3


def report_errors(command: Callable[[], int]) -> int:
    """Run `command`; an error of ours becomes one line and a hint on standard error, and exit status 1.

    Options that do not go together end with status 2, as those that argparse refuses.
    """
    # JSON and articles are UTF-8, whatever the terminal's locale says.
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        status = command()
        # Here and not at exit, so that a reader who has gone is noticed in time.
        sys.stdout.flush()
        return status
    except VirgolettatoError as error:
        complain_of(error)
        return MISUSED if isinstance(error, UsageError) else FAILED
    except KeyboardInterrupt:
        _complain("interrupted; what was there before still answers")
        return FAILED
    except BrokenPipeError:
        # The reader of our output has gone, as in `| head`. What is still buffered would be written at exit, and fail
        # again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def complain_of(error: VirgolettatoError) -> None:
    """Say on standard error what is wrong and how to mend it; of refused sources, each in its line."""
    from index.ingest import SourcesRefusedError

    if isinstance(error, SourcesRefusedError):
        for refusal in error.refusals:
            _complain(str(refusal))
    else:
        _complain(f"{error} — {error.hint}")


def _complain(line: str) -> None:
    print(f"error: {printable(line)}", file=sys.stderr)
