"""The options of who may come in and how much at a time, and the commands that make users; nothing heavy is loaded."""

from __future__ import annotations

import argparse
import ipaddress
import socket
import sys
from getpass import getpass
from pathlib import Path

from index.errors import UsageError
from page.door.audit import Audit
from page.door.rules import WAITING, Limits, Rules
from page.door.users import Users, password_entry, token_entry

_RATE = 120
"""Questions a minute of one client, where others than this machine may ask."""
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def add_door(parser: argparse.ArgumentParser) -> None:
    """The options."""
    door = parser.add_argument_group("who may come in")
    door.add_argument("--auth", type=Path, metavar="FILE", help="users who log in, as hash-password writes them")
    door.add_argument("--public", action="store_true", help="let in whoever reaches the address, without logging in")
    door.add_argument(
        "--behind-proxy",
        nargs="?",
        const="127.0.0.1,::1",
        metavar="ADDRESS",
        help="believe this proxy (default: one on this machine) about the client's address and https",
    )
    door.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="HOST",
        help="a name under which the page is reached; may be given again; others are refused then",
    )
    door.add_argument("--audit", type=Path, metavar="FILE", help="add a line there for whoever asks")
    door.add_argument("--audit-questions", action="store_true", help="with the questions, not only their hashes")
    limits = parser.add_argument_group("how much at a time")
    limits.add_argument(
        "--rate", type=_number, metavar="N", help=f"questions a minute of one client; 0: any; default {_RATE}, here 0"
    )
    limits.add_argument(
        "--waiting", type=_number, default=WAITING, metavar="N", help=f"questions that wait; default {WAITING}"
    )
    limits.add_argument(
        "--time-limit", type=_seconds, default=60.0, metavar="SECONDS", help="for a request; default 60"
    )


def add_entries(parser: argparse.ArgumentParser) -> None:
    """The commands that make lines of a users file."""
    commands = parser.add_subparsers(dest="command", metavar="{hash-password,make-token}")
    for command, told in (
        ("hash-password", "print the line of a users file for a password, read twice or from standard input"),
        ("make-token", "print the line of a users file for a script's new token, and the token to standard error"),
    ):
        commands.add_parser(command, help=told, description=told).add_argument("name", help="of the user")


def entry(given: argparse.Namespace) -> tuple[str, str | None]:
    """The line of a users file that a command asks for, and the token it is for, if any.

    Raises:
        UsageError: the name or password will not do, or was not typed twice alike.
    """
    if given.command == "make-token":
        return token_entry(given.name)
    if not sys.stdin.isatty():
        return password_entry(given.name, sys.stdin.readline().rstrip("\r\n")), None
    password = getpass("Password: ")
    if getpass("Again: ") != password:
        raise UsageError("the two passwords differ", "type the same twice")
    return password_entry(given.name, password), None


def rules_from(given: argparse.Namespace) -> Rules:
    """Who may come in.

    Raises:
        UsageError: others than this machine could, and nobody said that they may; or the users file will not do.
    """
    if given.auth and given.public:
        raise UsageError("--auth and --public exclude each other", "give the one you mean")
    if given.audit_questions and not given.audit:
        raise UsageError("--audit-questions needs --audit FILE", "say where to write them")
    if _is_open(given) and not given.auth and not given.public:
        raise UsageError(
            f"others than this machine could read the archive at {given.host}",
            "name users with --auth FILE, or let in everybody with --public",
        )
    users = Users.read(given.auth) if given.auth else None
    return Rules(_hosts(given), _per_minute(given), users, given.behind_proxy is not None, given.allow_upload)


def _hosts(given: argparse.Namespace) -> set[str]:
    """The names under which the page may be asked for, beside any number; empty for any.

    A proxy looks after the names it passes on. Without one and without users, whoever points a name of his own here
    could read the archive through a visitor's browser.
    """
    if given.name:
        return {*_LOCAL_NAMES, *(name.lower() for name in given.name)}
    if given.behind_proxy is not None or given.auth:
        return set()
    own = {socket.gethostname(), socket.getfqdn()} if _is_open(given) else set()
    return {*_LOCAL_NAMES, given.host.lower(), *(name.lower() for name in own)}


def limits_from(given: argparse.Namespace) -> Limits:
    """How much is taken on."""
    return Limits(_per_minute(given), given.waiting, given.time_limit)


def audit_from(given: argparse.Namespace) -> Audit | None:
    """The audit log, where one is asked for.

    Raises:
        UsageError: it cannot be written.
    """
    return Audit(given.audit, questions=given.audit_questions) if given.audit else None


def _per_minute(given: argparse.Namespace) -> int:
    if given.rate is not None:
        return int(given.rate)
    return _RATE if _is_open(given) else 0


def _is_open(given: argparse.Namespace) -> bool:
    """Whether others than this machine may get here."""
    try:
        local = given.host == "localhost" or ipaddress.ip_address(given.host).is_loopback
    except ValueError:
        local = False
    return not local or given.behind_proxy is not None


def _number(value: str) -> int:
    if not value.isdecimal() or len(value) > 6:
        raise argparse.ArgumentTypeError(f"{value} is not a number from 0 to 999999")
    return int(value)


def _seconds(value: str) -> float:
    if not value.isdecimal() or not 0 < int(value) <= 3600:
        raise argparse.ArgumentTypeError(f"{value} is not a number from 1 to 3600")
    return float(value)
