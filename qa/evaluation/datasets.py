"""Reading data sets: BEIR folders and gold questions over files. Everything is checked before anything is measured."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.errors import QuestionError
from index.records import Article, Span
from qa.answer import read_question
from qa.evaluation.records import Dataset, DatasetError, DatasetKind, Document, GoldAnswer, GoldQuestion
from qa.records import Language

_MEND = "see «Data sets» in docs/evaluation.md"
_GRADE = re.compile(r"-?[0-9]{1,4}")
"""A whole number of up to four digits: greater ones make trec_eval's gains overflow."""


def read_dataset(path: Path, sources: Path) -> Dataset:
    """The data set at `path`: a BEIR folder, or a JSONL file of gold questions over the text files in `sources`.

    Raises:
        DatasetError: a file is missing or malformed; an id is repeated or unknown; a question is empty; gold text is
            not in its file. It names the file and the line.
    """
    if path.is_dir():
        return _read_beir(path)
    if path.is_file():
        return _read_gold(path, sources)
    raise DatasetError(f"there is no data set at {path}", "name a BEIR folder, a gold JSONL file or a TREC qrels file")


def _read_beir(folder: Path) -> Dataset:
    """``corpus.jsonl``, ``queries*.jsonl`` and ``qrels*.tsv`` (also in ``qrels/``); ``queries.it.jsonl`` goes with
    ``qrels.it.tsv`` and says that its questions are Italian.
    """
    documents: dict[str, Document] = {}
    for where, entry in _json_lines(folder / "corpus.jsonl"):
        identifier = _text(entry, "_id", where)
        if identifier in documents:
            raise DatasetError(f"{where} repeats the document id {identifier!r}", _MEND)
        title = _text(entry, "title", where) if entry.get("title") else None
        if title is not None and entry.get("text") in (None, ""):
            # BEIR's corpora have documents that are nothing but a title, which can be found and quoted all the same.
            entry, title = {"text": title}, None
        documents[identifier] = Document(identifier, _text(entry, "text", where), title)
    if not documents:
        raise DatasetError(f"{folder / 'corpus.jsonl'} has no documents", _MEND)
    questions: list[GoldQuestion] = []
    files = sorted(folder.glob("queries*.jsonl"))
    if not files:
        raise DatasetError(f"{folder} has no queries*.jsonl", _MEND)
    seen: set[tuple[str, Language]] = set()
    for file in files:
        for where, question in _beir_questions(file, _qrels_of(file), documents):
            # Two files of different languages may share ids: the same question in both.
            if (question.id, question.language) in seen:
                raise DatasetError(f"{where} repeats the question id {question.id!r}", _MEND)
            seen.add((question.id, question.language))
            questions.append(question)
    if questions and not any(grade > 0 for question in questions for grade in question.relevant.values()):
        raise DatasetError(f"nothing is relevant in the qrels of {folder}", _MEND)
    return _dataset(folder.name, DatasetKind.BEIR, tuple(documents.values()), questions)


def _qrels_of(queries: Path) -> Path:
    suffix = queries.name.removeprefix("queries").removesuffix(".jsonl")
    for path in (queries.with_name(f"qrels{suffix}.tsv"), queries.parent / "qrels" / f"test{suffix}.tsv"):
        if path.is_file():
            return path
    raise DatasetError(f"{queries.name} has no qrels{suffix}.tsv beside it", _MEND)


def _beir_questions(file: Path, qrels: Path, documents: dict[str, Document]) -> Iterator[tuple[str, GoldQuestion]]:
    """Each question with its place, for messages."""
    suffix = file.name.removeprefix("queries").removesuffix(".jsonl").strip(".")
    known = Language(suffix) if suffix in tuple(Language) else None
    grades: dict[str, dict[str, int]] = {}
    judged_at: dict[str, str] = {}
    for where, question, document, grade in _qrel_lines(qrels):
        if document not in documents:
            raise DatasetError(f"{where} names the document {document!r}, which is not in the corpus", _MEND)
        if grades.setdefault(question, {}).setdefault(document, grade) != grade:
            raise DatasetError(f"{where} gives the document {document!r} a second grade for {question!r}", _MEND)
        judged_at.setdefault(question, where)
    seen = set()
    for where, entry in _json_lines(file):
        identifier = _text(entry, "_id", where)
        if identifier in seen:
            raise DatasetError(f"{where} repeats the question id {identifier!r}", _MEND)
        seen.add(identifier)
        text, language = _question(entry, "text", where, known)
        grade_of = grades.get(identifier, {})
        relevant = [document for document, grade in grade_of.items() if grade > 0]
        spans = _answers(entry, where)
        # Offsets are those of the one relevant document; with several of them nobody could say whose.
        found = [_beir_answer(documents[relevant[0]], a, where) for a in spans] if len(relevant) == 1 else []
        # SQuAD-it has empty answers, which any quote would hold.
        answers = tuple(answer for answer in found if len(answer.span))
        yield where, GoldQuestion(identifier, text, language, grade_of, answers, None)
    for question, where in judged_at.items():
        if question not in seen:
            raise DatasetError(f"{where} names the question {question!r}, which is not in {file.name}", _MEND)


def _answers(entry: dict[str, Any], where: str) -> list[Any]:
    metadata = entry.get("metadata") or {}
    spans = metadata.get("answers", []) if isinstance(metadata, dict) else None
    if not isinstance(spans, list):
        raise DatasetError(f"{where}: «metadata» is to be an object, «answers» in it a list", _MEND)
    return spans


def _beir_answer(document: Document, answer: Any, where: str) -> GoldAnswer:
    try:
        start, end, text = answer
        span = Span(start, end)
        matches = span.of(document.text) == text
    except (TypeError, ValueError):
        matches = False
    if not matches:
        raise DatasetError(f"{where}: the answer {answer!r} is not at that place of {document.id}", _MEND)
    return GoldAnswer(document.id, span)


def _qrel_lines(path: Path) -> Iterator[tuple[str, str, str, int]]:
    """BEIR's three columns under a heading."""
    for number, line in enumerate(_lines(path), start=1):
        fields = line.rstrip("\n").split("\t")
        if not line.strip():
            continue
        if number == 1 and not _GRADE.fullmatch(fields[-1].strip()):
            continue
        if len(fields) != 3 or not _GRADE.fullmatch(fields[2].strip()):
            raise DatasetError(f"line {number} of {path} is not «query-id, corpus-id, score» with tabs", _MEND)
        yield f"line {number} of {path}", fields[0], fields[1], int(fields[2])


def _read_gold(path: Path, sources: Path) -> Dataset:
    """Lines of ``{"id", "lang", "question", "answerable", "gold": [{"file", "text"}], "near"?}``."""
    from index.ingest import read_sources

    articles: dict[str, Article] = {}
    for article in read_sources([sources]).whole():
        if articles.setdefault(article.source_file, article) is not article:
            raise DatasetError(f"{sources} has two files named {article.source_file}", _MEND)
    questions: list[GoldQuestion] = []
    seen = set()
    for where, entry in _json_lines(path):
        identifier = _text(entry, "id", where)
        if identifier in seen:
            raise DatasetError(f"{where} repeats the question id {identifier!r}", _MEND)
        seen.add(identifier)
        lang = entry.get("lang")
        if lang is not None and lang not in tuple(Language):
            raise DatasetError(f"{where} has an unknown «lang» {lang!r}", _MEND)
        text, language = _question(entry, "question", where, Language(lang) if lang else None)
        gold, answerable = entry.get("gold", []), entry.get("answerable", True)
        if not isinstance(gold, list) or answerable is not bool(gold):
            raise DatasetError(f"{where}: «gold» is to be a list, empty exactly when «answerable» is false", _MEND)
        answers = []
        for piece in gold:
            file, words = _text(piece, "file", where), _text(piece, "text", where)
            if file not in articles:
                raise DatasetError(f"{where} names the file {file!r}, which is not in {sources}", _MEND)
            places = list(_places(articles[file].text, words))
            if not places:
                raise DatasetError(f"{where}: the gold text {words[:60]!r} is not in {file}", _MEND)
            answers += [GoldAnswer(file, span) for span in places]
        relevant = {answer.document: 1 for answer in answers}
        near = bool(entry.get("near", False)) and not answerable
        questions.append(GoldQuestion(identifier, text, language, relevant, tuple(answers), answerable, near))
    documents = tuple(Document(article.source_file, article.text, article.title) for article in articles.values())
    return _dataset(path.stem, DatasetKind.GOLD, documents, questions)


def _places(text: str, words: str) -> Iterator[Span]:
    """Every occurrence of a gold text, overlapping ones too; gold is given as words, a quote never is."""
    for match in re.finditer(f"(?={re.escape(words)})", text):
        yield Span(match.start(), match.start() + len(words))


def _dataset(name: str, kind: DatasetKind, documents: tuple[Document, ...], questions: list[GoldQuestion]) -> Dataset:
    if not questions:
        raise DatasetError(f"the data set {name} has no questions", _MEND)
    digest = hashlib.sha256()
    for document in documents:
        digest.update(json.dumps([document.id, document.title, document.text]).encode())
    for question in questions:
        answers = [(answer.document, answer.span.start, answer.span.end) for answer in question.answers]
        known = [question.id, question.text, question.language.value, dict(question.relevant), answers]
        digest.update(json.dumps([*known, question.answerable]).encode())
    return Dataset(name, kind, documents, tuple(questions), digest.hexdigest()[:16])


def _json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each line's place, for messages, and its object."""
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        where = f"line {number} of {path}"
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DatasetError(f"{where} is not JSON", _MEND) from error
        if not isinstance(entry, dict):
            raise DatasetError(f"{where} is not a JSON object", _MEND)
        yield where, entry


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError as error:
        raise DatasetError(f"{path} is missing", _MEND) from error
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} cannot be read ({error})", "name a file in UTF-8") from error


def _text(entry: Any, name: str, where: str) -> str:
    value = entry.get(name) if isinstance(entry, dict) else None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise DatasetError(f"{where} has no «{name}», or an empty one", _MEND)
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise DatasetError(f"{where} has a «{name}» that is not valid text", _MEND)
    return value


def _question(entry: dict[str, Any], name: str, where: str, language: Language | None) -> tuple[str, Language]:
    """A question that can be asked, and its language: told from its words where the data set does not say."""
    text = _text(entry, name, where)
    try:
        return text, read_question(text, language).language
    except QuestionError as error:
        raise DatasetError(f"{where}: {error}", _MEND) from error
