"""``python -m qa ask`` and ``batch``: questions answered by quoting."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from index.errors import QuestionError, SourceError
from index.opening import open_archive
from index.progress import progress
from index.reporting import DONE, FAILED, NOT_FOUND
from index.settings import place_of
from index.terminal import json_line
from qa.answer import Engine
from qa.arguments import filters_of, is_text
from qa.cap import max_quoted
from qa.language import is_foreign
from qa.limits import DEFAULT_QUOTES
from qa.messages import message
from qa.outputs import Outputs
from qa.reading.opening import open_engine
from qa.records import Language, Status
from qa.render import answer_json, answer_text
from qa.styles import Style


def ask(given: argparse.Namespace) -> int:
    """Print the answer; 0 answered, 3 not found."""
    # Bytes that are no UTF-8 become lone surrogates, which the engine refuses in its own words.
    read = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").strip() if given.question == "-" else None
    text = given.question if read is None else read
    answer = _engine(given).ask(text, **_options(given), language=_language(given.lang))
    if given.lang == "auto" and is_foreign(text):
        print(f"note: {message('foreign', answer.question.language)}", file=sys.stderr)
    if given.export:
        from qa.excerpts import answer_excerpts, answer_heading
        from qa.export_command import export

        export(given.export, answer_excerpts(answer), answer_heading(answer))
    style = Style(given.style)
    print(json_line(answer_json(answer, style)) if given.json else answer_text(answer, style).rstrip("\n"))
    return DONE if answer.status is Status.ANSWERED else NOT_FOUND


def batch(given: argparse.Namespace) -> int:
    """Answers in the order of the questions; one that cannot be asked gives ``{"id", "error"}`` and exit status 1."""
    questions = _read_questions(given.questions)
    engine, options = _engine(given), _options(given)
    failed = False
    with Outputs() as outputs, progress("answering", len(questions)) as bar:
        lines = outputs.file(given.output) if given.output else sys.stdout
        for entry in questions:
            answered = _answered(engine, entry, options)
            failed = failed or "error" in answered
            lines.write(json_line(answered) + "\n")
            bar.update(1)
    return FAILED if failed else DONE


def _answered(engine: Engine, entry: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
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
    if not is_text(str(entry["id"])):
        return "has an «id» that is not valid text"
    if entry["id"] in seen:
        return f"repeats the id {entry['id']!r}"
    if entry.get("lang") not in (None, "auto", "it", "en"):
        return f"has an unknown «lang» {entry['lang']!r}"
    return None


def _engine(given: argparse.Namespace) -> Engine:
    archive = open_archive(place_of(given))
    limit = max_quoted(given.max_quoted)
    return open_engine(archive, given.reader, given.reranker, given.min_confidence, limit)


def _options(given: argparse.Namespace) -> dict[str, Any]:
    return {"k": given.k or DEFAULT_QUOTES, "filters": filters_of(given)}


def _language(code: str | None) -> Language | None:
    return None if code in (None, "auto") else Language(code)
