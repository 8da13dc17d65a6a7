"""``python -m qa quotes`` and ``speakers``: direct speech and who said it."""

from __future__ import annotations

import argparse
import sys

from index.errors import UsageError
from index.opening import open_archive
from index.reporting import DONE, NOT_FOUND
from index.settings import place_of
from index.terminal import json_line, printable
from qa.arguments import filters_of
from qa.cap import capped_quotations, max_quoted
from qa.grouping import grouped
from qa.messages import message
from qa.quotations import find_quotations, voices
from qa.records import Language
from qa.render import (
    group_json,
    groups_text,
    quotation_json,
    quotations_text,
    voice_json,
    voices_text,
)
from qa.spreadsheet import quotations_csv, voices_csv


def quotes(given: argparse.Namespace) -> int:
    """Print the quotations; 0 where there are some, else 3."""
    if given.grouped and given.csv:
        raise UsageError("a table has no groups", "leave out --grouped or --csv")
    archive = open_archive(place_of(given))
    found = find_quotations(archive, given.text, filters_of(given))
    if not found:
        print(f"note: {message('no_speech', Language.ENGLISH)}", file=sys.stderr)
    limit = max_quoted(given.max_quoted)
    if limit is not None:
        kept = capped_quotations(found, limit)
        if len(kept) < len(found):
            count = str(len(found) - len(kept))
            print(f"note: {message('withheld', Language.ENGLISH, count=count)}", file=sys.stderr)
        found = kept
    if given.export:
        from qa.excerpts import quotation_excerpts
        from qa.export_command import export

        export(given.export, quotation_excerpts(found, given.text, archive.manifest.index_id))
    if given.grouped:
        groups = grouped(found)
        print(
            "".join(json_line(group_json(group)) + "\n" for group in groups) if given.json else groups_text(groups),
            end="",
        )
    elif given.json:
        print("".join(json_line(quotation_json(quotation)) + "\n" for quotation in found), end="")
    else:
        print(_shown(quotations_csv(found)) if given.csv else quotations_text(found), end="")
    return DONE if found else NOT_FOUND


def speakers(given: argparse.Namespace) -> int:
    """Print the speakers; 0 where there are some, else 3."""
    found = voices(open_archive(place_of(given)), filters_of(given))
    if given.json:
        print("".join(json_line(voice_json(voice)) + "\n" for voice in found), end="")
    else:
        print(_shown(voices_csv(found)) if given.csv else voices_text(found), end="")
    return DONE if found else NOT_FOUND


def _shown(table: str) -> str:
    """A table of the very words for a file or a program; a terminal gets what would steer it as escapes."""
    return printable(table, keep="\r\n") if sys.stdout.isatty() else table
