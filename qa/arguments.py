"""Options that several commands share; apart from what they open, so that ``--help`` loads nothing heavy."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.records import Filters


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Who reads what was found, and in what order."""
    parser.add_argument(
        "--reader", metavar="NAME", help="says which sentence answers: bundled (the default), none, or a name or folder"
    )
    parser.add_argument("--reranker", metavar="NAME", help="a cross-encoder that orders passages, by name or folder")


def add_answering(parser: argparse.ArgumentParser) -> None:
    """What answering takes."""
    add_reading(parser)
    parser.add_argument(
        "--min-confidence",
        type=_probability,
        metavar="P",
        help="answer from this confidence on, 0 to 1; default .25 with the bundled reader",
    )


def _probability(value: str) -> float:
    """An argument from 0 to 1."""
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{value} is not a number from 0 to 1")
    return number


def is_text(value: str) -> bool:
    """Whether `value` can be written as UTF-8; what came in as other bytes cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def filters_of(given: argparse.Namespace) -> Filters:
    """Which articles may answer, as the options say."""
    from qa.records import Filters

    return Filters(given.since, given.until, given.outlet, given.speaker, given.source_lang)
