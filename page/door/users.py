"""Who may come in: a file of names with hashes of their passwords and tokens.

::

    # one entry a line
    anna:scrypt$32768$8$1$<salt>$<hash>      python app.py hash-password anna
    robot:token$<SHA-256>                    python app.py make-token robot
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
import stat
from pathlib import Path

from index.errors import UsageError

SHORTEST = 10
"""Characters of a password, at least."""
LONGEST = 1_000
"""Characters of a password, at most."""
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._@-]{0,62}[A-Za-z0-9])?")
_COST = (2**15, 8, 1)
"""Of scrypt: 32 MiB of memory, about a tenth of a second."""
_MEMORY = 64 * 2**20
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MAKE = "make entries with python app.py hash-password NAME, or make-token NAME"


class Users:
    """The entries of a users file.

    Args:
        entries: (name, hash) as the file has them, checked.
    """

    def __init__(self, entries: list[tuple[str, str]]) -> None:
        self._passwords = {name: told for name, told in entries if told.startswith("scrypt$")}
        self._tokens = {told.removeprefix("token$"): name for name, told in entries if told.startswith("token$")}
        # Whoever guesses is not to learn from the time an answer takes which names there are.
        self._nobody = _scrypt(secrets.token_hex(), secrets.token_bytes(16), _COST)

    @classmethod
    def read(cls, path: Path) -> Users:
        """The users in the file at `path`.

        Raises:
            UsageError: it is missing, open to others, or a line is no entry.
        """
        try:
            mode = path.stat().st_mode
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise UsageError(f"the users file {path} cannot be read ({error.strerror})", _MAKE) from error
        except UnicodeDecodeError as error:
            raise UsageError(f"the users file {path} is no text", _MAKE) from error
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise UsageError(f"others than its owner may open the users file {path}", f"chmod 600 {path}")
        entries: list[tuple[str, str]] = []
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            name, _, told = line.strip().partition(":")
            if not _NAME.fullmatch(name) or not (_is_scrypt(told) or _is_token(told)):
                raise UsageError(f"line {number} of the users file {path} is no entry", _MAKE)
            if told.startswith("scrypt$") and any(told.startswith("scrypt$") for one, told in entries if one == name):
                raise UsageError(f"line {number} of the users file {path} gives {name} a second password", _MAKE)
            entries.append((name, told))
        if not entries:
            raise UsageError(f"the users file {path} has no entry", _MAKE)
        return cls(entries)

    def knows(self, name: str, password: str) -> bool:
        """Whether `password` is that of `name`; takes as long for a name that is not there."""
        told = self._passwords.get(name, self._nobody)
        _, n, r, p, salt, _ = told.split("$")
        given = _scrypt(password[:LONGEST], base64.b64decode(salt), (int(n), int(r), int(p)))
        return secrets.compare_digest(given, told) and name in self._passwords

    def bearer(self, token: str) -> str | None:
        """Whose `token` is; None for one that nobody has."""
        # The digest of a secret of 256 bits tells nothing of it, and neither does the time it takes to look it up.
        return self._tokens.get(_digest(token))


def password_entry(name: str, password: str) -> str:
    """The line for `name` with `password`.

    Raises:
        UsageError: the name or the password will not do.
    """
    _require_name(name)
    if not SHORTEST <= len(password) <= LONGEST or not password.isprintable():
        raise UsageError(f"a password has {SHORTEST} to {LONGEST} printable characters", "take a longer one")
    return f"{name}:{_scrypt(password, secrets.token_bytes(16), _COST)}"


def token_entry(name: str) -> tuple[str, str]:
    """The line for `name` with a new token, and the token.

    Raises:
        UsageError: the name will not do.
    """
    _require_name(name)
    token = f"vrg_{secrets.token_urlsafe(32)}"
    return f"{name}:token${_digest(token)}", token


def _require_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name", "1 to 64 letters without accents, digits, and . _ @ - between them")


def _scrypt(password: str, salt: bytes, cost: tuple[int, int, int]) -> str:
    n, r, p = cost
    derived = hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32
    )
    return f"scrypt${n}${r}${p}${base64.b64encode(salt).decode()}${base64.b64encode(derived).decode()}"


def _is_scrypt(told: str) -> bool:
    """Whether it is a hash that can be compared, and not one so costly that comparing would stop the program."""
    parts = told.split("$")
    if len(parts) != 6 or parts[0] != "scrypt" or not all(part.isdecimal() and len(part) < 8 for part in parts[1:4]):
        return False
    n, r, p = (int(part) for part in parts[1:4])
    try:
        salt, derived = (base64.b64decode(part, validate=True) for part in parts[4:])
    except binascii.Error:
        return False
    power_of_two = n > 1 and n & (n - 1) == 0
    return power_of_two and r > 0 and 0 < p <= 16 and 128 * n * r < _MEMORY and len(salt) >= 8 and len(derived) == 32


def _is_token(told: str) -> bool:
    kind, _, digest = told.partition("$")
    return kind == "token" and _DIGEST.fullmatch(digest) is not None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
