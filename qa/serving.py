"""A process that keeps the models open and runs other processes' commands, so that these need not load them.

``python -m qa serve`` listens on a socket of the file system that only its user can reach. A command that finds it
sends its arguments, working folder and settings, and its three standard streams: what runs is the same code on the
same streams, one command at a time. Where nobody serves the archive, commands run by themselves.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import signal
import socket
import stat
import struct
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from index.errors import ServingError
from index.settings import Place, place_of

_SETTINGS = ("VIRGOLETTATO_", "PG", "COLUMNS", "LINES", "NO_COLOR")
"""How the names of variables begin that a command brings along; libpq's are among them."""
_LENGTH = struct.Struct("!I")
_MOST = 1 << 22
"""Bytes of a message: arguments are far shorter."""


def handed_over(archive: Place, arguments: Sequence[str]) -> int | None:
    """The exit status of a command run by whoever serves `archive`; None where nobody does.

    Raises:
        ServingError: it ended before the command did.
    """
    if not hasattr(socket, "send_fds"):
        return None
    place = address(archive)
    if not _is_own(place.parent):
        return None
    try:
        streams = [stream.fileno() for stream in (sys.stdin, sys.stdout, sys.stderr)]
    except (io.UnsupportedOperation, AttributeError, ValueError):
        return None
    wanted = {
        "arguments": list(arguments),
        "folder": str(Path.cwd()),
        "settings": {name: value for name, value in os.environ.items() if name.startswith(_SETTINGS)},
    }
    message = json.dumps(wanted).encode()
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(str(place))
            socket.send_fds(line, [_LENGTH.pack(len(message))], streams)
            line.sendall(message)
            answer = line.recv(1)
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except OSError:
            answer = b""
    if not answer:
        raise ServingError("the process that serves the archive ended", "ask again: python -m qa serve is not needed")
    return answer[0]


def serve(given: argparse.Namespace, run: Callable[[Sequence[str]], int]) -> int:
    """Open the archive's models and `run` commands until told to stop (SIGTERM, SIGINT).

    Raises:
        ServingError: somebody serves the archive already, or this system has no such sockets.
        ArchiveError: the archive cannot be read.
        ModelError: its models cannot be opened.
    """
    from index.opening import open_archive, staying_open
    from qa.reading.opening import open_engine

    place = place_of(given)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # Before the models are opened: that somebody serves already is told at once, and whoever asks meanwhile waits.
    with _listening(place) as listener, staying_open():
        # Commands are answered from the archive as it stands then.
        open_engine(open_archive(place)).archive.encoder.encode_questions(["?"])
        print(f"serving {place}: commands over it no longer load the models", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                line, _ = listener.accept()
                # Whoever goes away before the status is told does not want it.
                with line, contextlib.suppress(ConnectionError):
                    _attend(line, run)
    return 0


def address(archive: Place) -> Path:
    """The socket of whoever serves `archive`, in a folder of the user's own."""
    parent = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    where = f"{archive.engine} {archive.database}" if archive.engine else str(archive.path.resolve())
    name = hashlib.sha256(where.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return Path(parent) / f"virgolettato-{os.getuid()}" / name


@contextlib.contextmanager
def _listening(archive: Place) -> Iterator[socket.socket]:
    if not hasattr(socket, "send_fds"):
        raise ServingError("this system cannot hand streams from process to process", "use the page: python app.py")
    place = address(archive)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    if not _is_own(place.parent):
        raise ServingError(f"others can write in {place.parent}", f"remove it: rm -r {place.parent}")
    with socket.socket(socket.AF_UNIX) as listener:
        try:
            listener.bind(str(place))
        except OSError:
            if _answers(place):
                raise ServingError("somebody serves this archive already", "use it, or stop that process") from None
            place.unlink(missing_ok=True)
            listener.bind(str(place))
        listener.listen()
        try:
            yield listener
        finally:
            place.unlink(missing_ok=True)


def _is_own(folder: Path) -> bool:
    """Whether nobody but this user can put anything into `folder`, which may be missing."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o077


def _answers(place: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(str(place))
        except OSError:
            return False
        return True


def _attend(line: socket.socket, run: Callable[[Sequence[str]], int]) -> None:
    """Run one command on its own streams and tell its exit status."""
    start, streams, _, _ = socket.recv_fds(line, _LENGTH.size, 3)
    try:
        wanted = _message(line, start) if len(streams) == 3 else None
        if wanted is not None:
            with _in_place_of(streams, wanted):
                try:
                    status = run(wanted["arguments"])
                except Exception:
                    # What is wrong with one command is told to whoever asked for it, and the next one is run.
                    traceback.print_exc()
                    status = 1
            line.sendall(bytes([status]))
    finally:
        for stream in streams:
            os.close(stream)


def _message(line: socket.socket, start: bytes) -> dict[str, Any] | None:
    """What is to run; None where the other end said something else, or only looked whether anybody is here."""
    if len(start) != _LENGTH.size or _LENGTH.unpack(start)[0] > _MOST:
        return None
    left, parts = _LENGTH.unpack(start)[0], []
    while left:
        part = line.recv(left)
        if not part:
            return None
        parts.append(part)
        left -= len(part)
    wanted: dict[str, Any] = json.loads(b"".join(parts))
    return wanted


@contextlib.contextmanager
def _in_place_of(streams: Sequence[int], wanted: dict[str, Any]) -> Iterator[None]:
    """Lend this process another's standard streams, working folder and settings."""
    own = sys.stdin, sys.stdout, sys.stderr
    folder, environment = Path.cwd(), dict(os.environ)
    files = [os.fdopen(os.dup(stream), mode, encoding="utf-8") for stream, mode in zip(streams, "rww", strict=True)]
    for name in [name for name in os.environ if name.startswith(_SETTINGS)]:
        del os.environ[name]
    os.environ.update(wanted["settings"])
    sys.stdin, sys.stdout, sys.stderr = files
    try:
        os.chdir(wanted["folder"])
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = own
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        for file in files:
            with contextlib.suppress(OSError):
                file.close()
