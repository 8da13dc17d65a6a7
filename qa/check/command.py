"""``python -m qa check``: is this quotation exact?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from index.errors import SourceError
from index.language import detect_language
from index.opening import open_archive
from index.settings import place_of
from index.terminal import json_line
from qa.check.checker import Checker
from qa.check.report import check_json, check_text
from qa.records import Language

_SOUND, _UNSOUND = 0, 3


def check(given: argparse.Namespace) -> int:
    """Print the check of a draft; 0 where every quotation stands in the archive as given, 3 where one does not."""
    text = _read(given.quotation, given.file)
    done = Checker(open_archive(place_of(given))).check(text)
    language = _language(text) if given.lang == "auto" else Language(given.lang)
    print(json_line(check_json(done)) if given.json else check_text(done, language).rstrip("\n"))
    return _SOUND if done.sound else _UNSOUND


def _read(quotation: str | None, path: Path | None) -> str:
    if path is None and quotation != "-":
        return quotation or ""
    name = "standard input" if path is None else str(path)
    try:
        return (sys.stdin.buffer.read() if path is None else path.read_bytes()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{name} is not UTF-8 text (byte {error.start})", "save it as UTF-8") from error
    except OSError as error:
        raise SourceError(f"{name} cannot be read ({error.strerror})", "name a file with the draft") from error


def _language(text: str) -> Language:
    return Language.ENGLISH if detect_language(text) == Language.ENGLISH else Language.ITALIAN
