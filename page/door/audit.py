"""Who asked, read and changed what, when, in which archive: JSON lines that are only ever added to."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import os
import secrets
import stat
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from index.errors import UsageError
from page.door.caller import Caller

_KEY_BYTES = 32
_ASKED = ("ask", "export", "quotes")
"""What comes with a question, or words to search for."""
_ADDING = os.O_WRONLY | os.O_APPEND


class Audit:
    """The audit log.

    Questions are written as HMAC-SHA256 under a key that lies in a file beside the log: whoever has the key can tell
    whether a question was asked, and whoever has the log alone can guess none. Where the log is moved away, as by
    logrotate, the next line begins a new one.

    Args:
        path: the log; made, for its owner alone, where there is none.
        questions: whether they are written as they are as well; drafts never are.

    Raises:
        UsageError: it, or its key, cannot be written, or others may read it.
    """

    def __init__(self, path: Path, *, questions: bool = False) -> None:
        self._questions = questions
        self._lock = threading.Lock()
        self._path = path
        self._torn = False
        key = path.with_name(f"{path.name}.key")
        try:
            self._file = _opened(path, _ADDING)
            self._key = _key(key)
            shared = [str(one) for one in (path, key) if one.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
        except OSError as error:
            raise UsageError(f"the audit log {path} cannot be written ({error.strerror})", "see --audit") from error
        if shared:
            raise UsageError(f"others than its owner may open {shared[0]}", f"chmod 600 {' '.join(shared)}")
        if len(self._key) != _KEY_BYTES:
            raise UsageError(f"{key} is no key", f"move {path} and it away; both are made anew")

    def write(
        self,
        caller: Caller,
        kind: str,
        outcome: str,
        *,
        index_id: str = "",
        text: str | None = None,
        articles: Iterable[str] = (),
    ) -> None:
        """Add one line.

        Args:
            caller: who did it.
            kind: what, as `docs/page.md` lists them.
            outcome: as :class:`page.door.metrics.Metrics` counts it, or done, failed, wrong or slowed.
            index_id: of the archive that answered.
            text: the question, draft or words searched for, where there were any; of a wrong password the name.
            articles: ids of those that were shown, exported or changed.

        Raises:
            OSError: it cannot be written; then there is to be no answer either.
        """
        line: dict[str, Any] = {
            "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds"),
            "name": caller.name,
            "client": caller.client,
            "interface": caller.interface,
            "request_id": caller.request_id,
            "kind": kind,
            "archive": index_id,
            "outcome": outcome,
        }
        if ids := list(dict.fromkeys(articles)):
            line["articles"] = ids
        if text is not None:
            line["hmac_sha256"] = hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        if text is not None and self._questions and kind in _ASKED:
            line["question"] = text
        # ASCII, so that no control or bidirectional character reaches a terminal that shows the log.
        told = (json.dumps(line) + "\n").encode("ascii")
        with self._lock:
            self._follow()
            # What a full disk cut short is not to swallow the line after it.
            left = memoryview(b"\n" + told if self._torn else told)
            self._torn = True
            while left:
                left = left[os.write(self._file, left) :]
            self._torn = False

    def _follow(self) -> None:
        """Open the log anew where the one that is open has been moved away."""
        held = os.fstat(self._file)
        try:
            found = self._path.lstat()
        except FileNotFoundError:
            found = None
        if found is None or (found.st_dev, found.st_ino) != (held.st_dev, held.st_ino):
            fresh = _opened(self._path, _ADDING)
            os.close(self._file)
            self._file, self._torn = fresh, False


def _opened(path: Path, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _key(path: Path) -> bytes:
    if not path.exists():
        os.write(made := _opened(path, os.O_WRONLY | os.O_EXCL), secrets.token_bytes(_KEY_BYTES))
        os.close(made)
    return path.read_bytes()
