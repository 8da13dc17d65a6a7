"""``python -m qa``: ask one question, or a file of them."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.cli import DONE, FAILED, report_errors
from index.errors import QuestionError, SourceError, UsageError
from index.settings import archive_path
from qa.arguments import add_answering
from qa.check.arguments import add_arguments as add_check_arguments
from qa.evaluation.arguments import add_arguments
from qa.export_arguments import add_cap, add_export, add_style, add_verify

if TYPE_CHECKING:
    from qa.answer import Engine
    from qa.records import Filters, Language

NOT_FOUND = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 0 answered, 1 an error, 2 wrong usage, 3 not found."""
    given = _parser().parse_args(arguments)
    return report_errors(lambda: int(given.command(given)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qa", description="Answer questions by quoting the archive.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], summary: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        sub.add_argument("--archive", type=Path, metavar="DIR", help="default: $VIRGOLETTATO_ARCHIVE, or .virgolettato")
        sub.add_argument("--since", type=_day, metavar="DATE", help="published on DATE (2025-04-28) or later")
        sub.add_argument("--until", type=_day, metavar="DATE", help="published on DATE or earlier")
        sub.add_argument("--outlet", type=_name, metavar="NAME", help="from outlets whose name holds NAME")
        sub.add_argument(
            "--speaker", type=_name, metavar="NAME", help="direct speech of a speaker whose name holds NAME"
        )
        sub.add_argument(
            "--source-lang", type=_code, metavar="CODE", help="from articles in this language, as it or en"
        )
        add_cap(sub)
        sub.set_defaults(command=run)
        return sub

    sub = command("ask", _ask, "answer one question with quotes and their sources")
    sub.add_argument("question", metavar="QUESTION", help="in Italian or English; - reads standard input")
    sub.add_argument(
        "--lang", choices=("auto", "it", "en"), default="auto", help="the question's language; default auto"
    )
    sub.add_argument("-k", type=_count, metavar="N", help="quotes at most; default 5")
    sub.add_argument("--json", action="store_true", help="print one JSON object")
    add_style(sub)
    add_export(sub)
    sub = command("batch", _batch, 'answer a file of questions, one {"id", "question", "lang"?} a line')
    sub.add_argument("questions", metavar="QUESTIONS.jsonl", help="- reads standard input")
    sub.add_argument("-o", "--output", type=Path, metavar="FILE", help="write there, whole or not at all")
    sub.add_argument("-k", type=_count, metavar="N", help="quotes at most; default 5")
    add_answering(sub)
    sub = command("quotes", _quotes, "direct speech and who said it, newest first")
    sub.add_argument("text", nargs="?", type=_name, metavar="TEXT", help="words the quotation holds")
    sub.add_argument("--grouped", action="store_true", help="the same words in several articles together")
    _add_forms(sub)
    add_export(sub)
    sub = command("speakers", _speakers, "who speaks, most quoted first, with the spellings seen")
    _add_forms(sub)
    sub = commands.add_parser("check", help="is this quotation exact? compare a quotation or a draft with the archive")
    add_check_arguments(sub)
    sub.set_defaults(command=_check)
    sub = commands.add_parser("verify-export", help="check that each exported quotation still stands in the archive")
    add_verify(sub)
    sub.set_defaults(command=_verify_export)
    sub = commands.add_parser("evaluate", help="measure retrieval, quotes and abstention on a data set")
    add_arguments(sub)
    sub.set_defaults(command=_evaluate)
    return parser


def _add_forms(sub: argparse.ArgumentParser) -> None:
    forms = sub.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print one JSON object a line")
    forms.add_argument("--csv", action="store_true", help="print a table that a spreadsheet opens safely")


def _check(given: argparse.Namespace) -> int:
    from qa.check.command import check

    return check(given)


def _evaluate(given: argparse.Namespace) -> int:
    from qa.evaluation.command import evaluate

    return evaluate(given)


def _verify_export(given: argparse.Namespace) -> int:
    from qa.export_command import verify_export

    return verify_export(given)


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
    if not _is_text(value):
        raise argparse.ArgumentTypeError(f"{value!r} is not valid UTF-8 text")
    if not any(character.isalnum() for character in value):
        raise argparse.ArgumentTypeError("it holds no letter or digit")
    return value


def _code(value: str) -> str:
    if not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise argparse.ArgumentTypeError(f"{value!r} is not a language's code of two letters, like it")
    return value.lower()


def _is_text(value: str) -> bool:
    """Whether `value` can be written as UTF-8; what came in as other bytes cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _ask(given: argparse.Namespace) -> int:
    from qa.language import is_foreign
    from qa.messages import message
    from qa.records import Status
    from qa.render import answer_json, answer_text, json_line
    from qa.styles import Style

    # Bytes that are no UTF-8 become lone surrogates, which the engine refuses in its own words.
    read = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").strip() if given.question == "-" else None
    text = given.question if read is None else read
    answer = _engine(given).ask(text, **_options(given), language=_language(given.lang))
    if given.lang == "auto" and is_foreign(text):
        print(f"note: {message('foreign', answer.question.language)}", file=sys.stderr)
    if given.export:
        from qa.export_command import export_answer

        export_answer(given.export, answer)
    style = Style(given.style)
    print(json_line(answer_json(answer, style)) if given.json else answer_text(answer, style).rstrip("\n"))
    return DONE if answer.status is Status.ANSWERED else NOT_FOUND


def _engine(given: argparse.Namespace) -> Engine:
    from index.archive import Archive
    from qa.reading.opening import open_engine

    return open_engine(Archive.open(archive_path(given.archive)), given.reader, given.reranker, given.min_confidence)


def _options(given: argparse.Namespace) -> dict[str, Any]:
    from qa.cap import max_quoted
    from qa.limits import DEFAULT_QUOTES

    return {"k": given.k or DEFAULT_QUOTES, "filters": _filters(given), "max_quoted": max_quoted(given.max_quoted)}


def _filters(given: argparse.Namespace) -> Filters:
    from qa.records import Filters

    return Filters(given.since, given.until, given.outlet, given.speaker, given.source_lang)


def _quotes(given: argparse.Namespace) -> int:
    from index.archive import Archive
    from qa.cap import capped_quotations, max_quoted
    from qa.grouping import grouped
    from qa.messages import message
    from qa.quotations import find_quotations
    from qa.records import Language
    from qa.render import group_json, groups_text, json_line, quotation_json, quotations_text
    from qa.spreadsheet import quotations_csv

    if given.grouped and given.csv:
        raise UsageError("a table has no groups", "leave out --grouped or --csv")
    archive = Archive.open(archive_path(given.archive))
    found = find_quotations(archive, given.text, _filters(given))
    limit = max_quoted(given.max_quoted)
    if limit is not None:
        kept = capped_quotations(found, limit)
        if len(kept) < len(found):
            count = str(len(found) - len(kept))
            print(f"note: {message('withheld', Language.ENGLISH, count=count)}", file=sys.stderr)
        found = kept
    if given.export:
        from qa.export_command import export_quotations

        export_quotations(given.export, given.text, found, archive)
    if given.grouped:
        groups = grouped(found)
        print(
            "".join(json_line(group_json(group)) + "\n" for group in groups) if given.json else groups_text(groups),
            end="",
        )
    elif given.json:
        print("".join(json_line(quotation_json(quotation)) + "\n" for quotation in found), end="")
    else:
        print(quotations_csv(found) if given.csv else quotations_text(found), end="")
    return DONE if found else NOT_FOUND


def _speakers(given: argparse.Namespace) -> int:
    from index.archive import Archive
    from qa.quotations import voices
    from qa.render import json_line, voice_json, voices_text
    from qa.spreadsheet import voices_csv

    found = voices(Archive.open(archive_path(given.archive)), _filters(given))
    if given.json:
        print("".join(json_line(voice_json(voice)) + "\n" for voice in found), end="")
    else:
        print(voices_csv(found) if given.csv else voices_text(found), end="")
    return DONE if found else NOT_FOUND


def _language(code: str | None) -> Language | None:
    from qa.records import Language

    return None if code in (None, "auto") else Language(code)


def _batch(given: argparse.Namespace) -> int:
    """Answers in the order of the questions; one that cannot be asked gives ``{"id", "error"}`` and exit status 1."""
    from index.progress import progress
    from qa.outputs import Outputs

    questions = _read_questions(given.questions)
    engine, options = _engine(given), _options(given)
    failed = False
    with Outputs() as outputs, progress("answering", len(questions)) as bar:
        lines = outputs.file(given.output) if given.output else sys.stdout
        for entry in questions:
            answered = _answered(engine, entry, options)
            failed = failed or "error" in answered
            lines.write(json.dumps(answered, ensure_ascii=False) + "\n")
            bar.update(1)
    return FAILED if failed else DONE


def _answered(engine: Engine, entry: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    from qa.render import answer_json

    try:
        answer = engine.ask(entry["question"], **options, language=_language(entry.get("lang")))
    except QuestionError as error:
        return {"id": entry["id"], "error": str(error)}
    return {"id": entry["id"], "answer": answer_json(answer)}


def _read_questions(name: str) -> list[dict[str, Any]]:
    """The questions of the file `name`, all of them checked before the first is asked."""
    try:
        text = (sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"the questions in {name} cannot be read ({error})", "name a file of JSON lines in UTF-8"
        ) from error
    questions: list[dict[str, Any]] = []
    seen: set[Any] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        problem = None
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry, problem = {}, "is not JSON"
        if problem is None:
            problem = _problem(entry, seen)
        if problem:
            raise SourceError(
                f"line {number} of {name} {problem}", 'write lines like {"id": "1", "question": "…", "lang": "it"}'
            )
        seen.add(entry["id"])
        questions.append(entry)
    return questions


def _problem(entry: Any, seen: set[Any]) -> str | None:
    if not isinstance(entry, dict):
        return "is not an object"
    if not isinstance(entry.get("id"), str | int) or not isinstance(entry.get("question"), str):
        return "has no «id» or no «question»"
    if not _is_text(str(entry["id"])):
        return "has an «id» that is not valid text"
    if entry["id"] in seen:
        return f"repeats the id {entry['id']!r}"
    if entry.get("lang") not in (None, "auto", "it", "en"):
        return f"has an unknown «lang» {entry['lang']!r}"
    return None
