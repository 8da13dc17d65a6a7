"""Who asked what, when, of which archive: JSON lines that are only ever added to."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import os
import secrets
import threading
from pathlib import Path

from index.errors import UsageError
from page.door.caller import Caller

_KEY_BYTES = 32


class Audit:
    """The audit log.

    Questions are written as HMAC-SHA256 under a key that lies in a file beside the log: whoever has the key can tell
    whether a question was asked, and whoever has the log alone can guess none.

    Args:
        path: the log; made, for its owner alone, where there is none.
        questions: whether they are written as they are as well; drafts never are.

    Raises:
        UsageError: it, or its key, cannot be written.
    """

    def __init__(self, path: Path, *, questions: bool = False) -> None:
        self._questions = questions
        self._lock = threading.Lock()
        self._path = path
        key = path.with_name(f"{path.name}.key")
        try:
            self._file = _opened(path, os.O_WRONLY | os.O_APPEND)
            self._key = _key(key)
        except OSError as error:
            raise UsageError(f"the audit log {path} cannot be written ({error.strerror})", "see --audit") from error
        if len(self._key) != _KEY_BYTES:
            raise UsageError(f"{key} is no key", f"move {path} and it away; both are made anew")

    def write(self, caller: Caller, kind: str, text: str, index_id: str, outcome: str) -> None:
        """Add one line.

        Args:
            caller: who asked.
            kind: ask or check.
            text: the question or draft.
            index_id: of the archive that answered.
            outcome: as :class:`page.door.metrics.Metrics` counts it.

        Raises:
            OSError: it cannot be written; then there is to be no answer either.
        """
        at = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        plain = {"question": text} if self._questions and kind == "ask" else {}
        who = {"name": caller.name, "client": caller.client, "interface": caller.interface}
        line = {"at": at, **who, "request_id": caller.request_id, "kind": kind, "archive": index_id, "outcome": outcome}
        hashed = hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        with self._lock:
            # ASCII, so that no control or bidirectional character reaches a terminal that shows the log.
            os.write(self._file, (json.dumps({**line, "hmac_sha256": hashed, **plain}) + "\n").encode("ascii"))


def _opened(path: Path, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _key(path: Path) -> bytes:
    if not path.exists():
        os.write(made := _opened(path, os.O_WRONLY | os.O_EXCL), secrets.token_bytes(_KEY_BYTES))
        os.close(made)
    return path.read_bytes()
