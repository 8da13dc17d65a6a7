"""``python -m qa``: its commands and their options; each command's own module is loaded when it runs."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from index.reporting import report_errors
from index.settings import add_archive, place_of
from index.terminal import Parser
from qa.arguments import add_answering, is_text
from qa.check.arguments import add_arguments as add_check_arguments
from qa.evaluation.arguments import add_arguments
from qa.export_arguments import add_cap, add_export, add_style, add_verify


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 0 answered, 1 an error, 2 wrong usage, 3 not found."""
    words = sys.argv[1:] if arguments is None else arguments
    given = _parser().parse_args(words)
    return report_errors(lambda: _run(given, words))


def _run(given: argparse.Namespace, words: Sequence[str]) -> int:
    """Let the process that serves the archive run a command that needs its models; run it here where there is none."""
    if given.command in _SERVED:
        from qa.serving import handed_over

        status = handed_over(place_of(given), words)
        if status is not None:
            return status
    return int(given.command(given))


def _run_here(words: Sequence[str]) -> int:
    try:
        given = _parser().parse_args(words)
    except SystemExit as refused:
        return int(refused.code or 0)
    return report_errors(lambda: int(given.command(given)))


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m qa", description="Answer questions by quoting the archive.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], summary: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        add_archive(sub)
        sub.add_argument("--since", type=_day, metavar="DATE", help="published on DATE (2025-04-28) or later")
        sub.add_argument("--until", type=_day, metavar="DATE", help="published on DATE or earlier")
        sub.add_argument("--outlet", type=_name, metavar="NAME", help="from outlets whose name holds NAME")
        sub.add_argument(
            "--speaker", type=_name, metavar="NAME", help="direct speech of a speaker whose name holds NAME"
        )
        sub.add_argument(
            "--source-lang", type=_code, metavar="CODE", help="from articles in this language, as it or en"
        )
        sub.set_defaults(command=run)
        return sub

    sub = command("ask", _ask, "answer one question with quotes and their sources")
    sub.add_argument("question", metavar="QUESTION", help="in Italian or English; - reads standard input")
    sub.add_argument(
        "--lang", choices=("auto", "it", "en"), default="auto", help="the question's language; default auto"
    )
    sub.add_argument("-k", type=_count, metavar="N", help="quotes at most; default 5")
    sub.add_argument("--json", action="store_true", help="print one JSON object")
    add_answering(sub)
    add_cap(sub)
    add_style(sub)
    add_export(sub)
    sub = command("batch", _batch, 'answer a file of questions, one {"id", "question", "lang"?} a line')
    sub.add_argument("questions", metavar="QUESTIONS.jsonl", help="- reads standard input")
    sub.add_argument("-o", "--output", type=Path, metavar="FILE", help="write there, whole or not at all")
    sub.add_argument("-k", type=_count, metavar="N", help="quotes at most; default 5")
    add_answering(sub)
    add_cap(sub)
    sub = command("quotes", _quotes, "direct speech and who said it, newest first")
    sub.add_argument("text", nargs="?", type=_name, metavar="TEXT", help="words the quotation holds")
    sub.add_argument("--grouped", action="store_true", help="the same words in several articles together")
    _add_forms(sub)
    add_cap(sub)
    add_export(sub)
    sub = command("speakers", _speakers, "who speaks, most quoted first, with the spellings seen")
    _add_forms(sub)
    sub = commands.add_parser("check", help="is this quotation exact? compare a quotation or a draft with the archive")
    add_check_arguments(sub)
    sub.set_defaults(command=_check)
    sub = commands.add_parser("verify-export", help="check that each exported quotation still stands in the archive")
    add_verify(sub)
    sub.set_defaults(command=_verify_export)
    sub = commands.add_parser(
        "serve", help="keep the models open, so that other commands over the archive start at once"
    )
    add_archive(sub)
    sub.set_defaults(command=_serve)
    sub = commands.add_parser("evaluate", help="measure retrieval, quotes and abstention on a data set")
    add_arguments(sub)
    sub.set_defaults(command=_evaluate)
    return parser


def _add_forms(sub: argparse.ArgumentParser) -> None:
    forms = sub.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print one JSON object a line")
    forms.add_argument("--csv", action="store_true", help="print a table that a spreadsheet opens safely")


def _ask(given: argparse.Namespace) -> int:
    from qa.ask_command import ask

    return ask(given)


def _batch(given: argparse.Namespace) -> int:
    from qa.ask_command import batch

    return batch(given)


def _quotes(given: argparse.Namespace) -> int:
    from qa.quotes_command import quotes

    return quotes(given)


def _speakers(given: argparse.Namespace) -> int:
    from qa.quotes_command import speakers

    return speakers(given)


def _check(given: argparse.Namespace) -> int:
    from qa.check.command import check

    return check(given)


def _evaluate(given: argparse.Namespace) -> int:
    from qa.evaluation.command import evaluate

    return evaluate(given)


def _serve(given: argparse.Namespace) -> int:
    from qa.serving import serve

    return serve(given, _run_here)


def _verify_export(given: argparse.Namespace) -> int:
    from qa.export_command import verify_export

    return verify_export(given)


_SERVED = (_ask, _batch, _quotes, _speakers, _check)
"""Commands that a serving process may run; an evaluation takes long, and others would wait for it."""


def _count(value: str) -> int:
    from qa.limits import MAX_QUOTES

    if not value.isdecimal() or not 1 <= int(value) <= MAX_QUOTES:
        raise argparse.ArgumentTypeError(f"{value} is not a number from 1 to {MAX_QUOTES}")
    return int(value)


def _day(value: str) -> str:
    try:
        return datetime.datetime.strptime(value, "%Y-%m-%d").date().isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value} is not a date like 2025-04-28") from None


def _name(value: str) -> str:
    if not is_text(value):
        raise argparse.ArgumentTypeError(f"{value!r} is not valid UTF-8 text")
    if not any(character.isalnum() for character in value):
        raise argparse.ArgumentTypeError("it holds no letter or digit")
    return value


def _code(value: str) -> str:
    if not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise argparse.ArgumentTypeError(f"{value!r} is not a language's code of two letters, like it")
    return value.lower()
