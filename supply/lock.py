"""``requirements.lock``: every package, direct or not, at one version with the hashes of its files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s\\;]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Locked:
    """A package as the lock has it.

    Attributes:
        name: normalised, as ``python-docx``.
        hashes: SHA-256 of each file that may be installed, in hexadecimal.
    """

    name: str
    version: str
    hashes: tuple[str, ...]


def normalised(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(text: str) -> list[Locked]:
    """The packages of a lock, in its order."""
    found = list(_PINNED.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [
        Locked(normalised(match[1]), match[2], tuple(_HASH.findall(text[match.end() : end])))
        for match, end in zip(found, ends, strict=True)
    ]
