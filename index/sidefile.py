"""Side files: ``NAME.meta.json`` beside a source overrides or completes what the source says of itself."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

from index.claims import SURENESS, Claim, Field, Origin, is_text
from index.readers.source import UnreadableError

ENDING = ".meta.json"
_FIRST = (Field.TITLE, Field.OUTLET, Field.AUTHOR, Field.PUBLISHED, Field.LANGUAGE, Field.URL)
_NAMES = [*_FIRST, *(field for field in Field if field not in _FIRST)]
_MEND = "see «Metadata» in the README"


def side_file(source: Path) -> Path:
    """Where the side file of `source` lies, if it has one."""
    return source.with_name(source.stem + ENDING)


def side_claims(source: Path) -> list[Claim]:
    """What the side file of `source` says; nothing where there is none. ``null`` takes a value away.

    Raises:
        UnreadableError: it cannot be used.
    """
    path = side_file(source)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadableError(f"its side file {path.name} is not readable JSON ({error})", _MEND) from error
    if not isinstance(content, dict):
        raise UnreadableError(f"its side file {path.name} is not a JSON object", _MEND)
    return [_claim(name, value, path) for name, value in content.items()]


def _claim(name: str, value: Any, path: Path) -> Claim:
    if name not in _NAMES:
        raise UnreadableError(f"its side file {path.name} has an unknown field {name!r}", f"use {', '.join(_NAMES)}")
    if value is not None and not (isinstance(value, str) and is_text(value)):
        raise UnreadableError(f"{name!r} in its side file {path.name} is neither text nor null", _MEND)
    field = Field(name)
    if value is not None and field in (Field.PUBLISHED, Field.UPDATED):
        value = _iso_or_refused(name, value, path)
    if value is not None and field is Field.LANGUAGE and not re.fullmatch(r"[a-z]{2,3}", value):
        raise UnreadableError(f"'language' in its side file {path.name} is not a code like 'it'", _MEND)
    return Claim(field, value, Origin.SIDE_FILE, SURENESS[Origin.SIDE_FILE])


def _iso_or_refused(name: str, value: str, path: Path) -> str:
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError as error:
        mend = "write it as 2025-10-24 or 2025-10-24T18:30"
        raise UnreadableError(f"{name!r} in its side file {path.name} is not an ISO 8601 date", mend) from error
    return moment.isoformat(timespec="minutes")
