"""The engine: from a question to an answer made of quotes."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.archive import Archive
from index.errors import QuestionError, QuestionProblem, UsageError
from qa.cap import capped, without_sentences
from qa.confidence import ANSWERED, confidence
from qa.copies import collapsed
from qa.disagreements import find_disagreements
from qa.evidence import Evidence, find_evidence, is_related, matching_words
from qa.followup import searched_text
from qa.language import question_languages
from qa.limits import DEFAULT_QUOTES, MAX_QUESTION, MAX_QUOTES
from qa.quotations import speech_within
from qa.reading.records import Reader
from qa.reading.windows import read
from qa.records import Answer, Citation, Filters, Language, Question, Quote, Reason, Status
from qa.retrieve import Found, retrieve
from qa.saying import asked_speaker

if TYPE_CHECKING:
    from qa.reading.reranker import Reranker

_NEAREST = 3
_COPIES = 4
"""Quotes looked for, for each one shown: near-copies of one fall together."""
_ALL = Filters()


@dataclass(frozen=True, slots=True)
class Engine:
    """Answers questions over one generation of an archive. Thread-safe; the same question gets the same answer.

    Attributes:
        archive: what answers.
        reader: says which sentence answers; without one, nearness and words alone decide.
        reranker: orders passages before they are read.
        least: confidence from which a question counts as answered; None leaves it to the reader, or to the distance
            from the floor.
        max_quoted: characters quoted from one article at most, context included; None for no cap.
    """

    archive: Archive
    reader: Reader | None = None
    reranker: Reranker | None = None
    least: float | None = None
    max_quoted: int | None = None

    def ask(
        self,
        text: str,
        *,
        k: int = DEFAULT_QUOTES,
        language: Language | None = None,
        filters: Filters = _ALL,
        former: str | None = None,
    ) -> Answer:
        """Answer `text` with at most `k` citations.

        Args:
            text: the question.
            k: citations at most, 1 to :data:`qa.limits.MAX_QUOTES`.
            filters: which articles may answer.
            language: of the question; told from its words when None.
            former: the question before it in the same chat, for follow-ups.

        Raises:
            QuestionError: the question is empty, too long or no text.
            UsageError: `k` is out of range.
            ArchiveError: the archive is damaged, or its model has changed.
            ModelError: its model cannot be opened.
        """
        begun = time.perf_counter()
        question = replace(read_question(text, language, former), filters=filters)
        if not 1 <= k <= MAX_QUOTES:
            raise UsageError(f"cannot give {k} quotes", f"ask for 1 to {MAX_QUOTES}")
        vector = self.archive.encoder.encode_questions([question.searched])[0]
        encoded = time.perf_counter()
        found = retrieve(self.archive, question, vector, filters)
        searched = time.perf_counter()
        answer = self.answer_from(question, self.read(question, found), k)
        done = time.perf_counter()
        timings = {
            "encode": encoded - begun,
            "search": searched - encoded,
            "read": done - searched,
            "total": done - begun,
        }
        return replace(answer, timings_ms={name: 1000 * seconds for name, seconds in timings.items()})

    def read(self, question: Question, found: Found) -> Found:
        """`found` in the order of reranker and reader, where there are any."""
        if self.reranker is not None:
            found = self.reranker.rank(question, found)
        return found if self.reader is None else read(self.reader, question, found)

    def answer_from(self, question: Question, found: Found, k: int) -> Answer:
        """The answer to `question` out of what was `found` for it; without timings."""
        index_id = self.archive.manifest.index_id
        saying = asked_speaker(self.archive, question, found.articles)
        evidence = find_evidence(found, _COPIES * max(k, _NEAREST), saying)
        if not evidence:
            reason = Reason.FILTERED if self.archive.manifest.articles else Reason.EMPTY_ARCHIVE
            return Answer(question, Status.NOT_FOUND, 0.0, (), (), reason, index_id, {})
        floor = self.archive.manifest.floors[question.language.value]
        # Whose words come first does not decide whether anything answers.
        best = evidence[0] if saying is None else find_evidence(found, 1)[0]
        article = found.articles[best.hit.article_id]
        related = is_related(question, best, best.hit.span.of(article.text), best.hit.language, floor)
        calibration = None if self.reader is None else self.reader.calibration
        sure = confidence(question, found, best, floor, calibration)
        calibrated = calibration is not None and found.answerable is not None
        least = ANSWERED if self.least is None and calibrated else self.least
        answered = related if least is None else sure >= least
        shown = collapsed(evidence, found, k if answered else _NEAREST)
        withheld = 0
        if self.max_quoted is not None:
            shown, withheld = capped(shown, found, self.max_quoted)
        cited = self._citations(question, found, shown)
        if not answered or not cited:
            reason = Reason.CAPPED if answered else Reason.UNANSWERED if related else Reason.UNRELATED
            return Answer(question, Status.NOT_FOUND, sure, (), cited, reason, index_id, {}, (), withheld)
        differing = find_disagreements(question, cited, found)
        differing = differing if self.max_quoted is None else without_sentences(differing)
        return Answer(question, Status.ANSWERED, sure, cited, (), None, index_id, {}, differing, withheld)

    def _citations(
        self, question: Question, found: Found, shown: Sequence[tuple[Evidence, tuple[Quote, ...]]]
    ) -> tuple[Citation, ...]:
        """Evidence, with its near-copies, as citations; under a cap they have no context but themselves."""
        articles = sorted({piece.hit.article_id for piece, _ in shown})
        speech = self.archive.store.direct_quotes(articles)
        citations = []
        for number, (piece, also) in enumerate(shown, start=1):
            article = found.articles[piece.hit.article_id]
            quote = Quote(article, piece.span)
            around = piece.hit.span if self.max_quoted is None else piece.span
            matches = matching_words(question, article.text, around, piece.hit.language)
            score = min(1.0, max(0.0, piece.similarity))
            context = Quote(article, around)
            said = speech_within([s for s in speech if s.article_id == article.id], piece.span)
            answer = piece.answer if piece.answer and piece.span.covers(piece.answer) else None
            citations.append(Citation(number, quote, context, score, matches, piece.hit.ranks, said, answer, also))
        return tuple(citations)


def read_question(text: str, language: Language | None = None, former: str | None = None) -> Question:
    """The question in `text`; control characters count as spaces.

    Raises:
        QuestionError: it is blank, has no letter or digit, is longer than :data:`MAX_QUESTION`, or is not valid text.
    """
    if len(text) > MAX_QUESTION:
        raise QuestionError(
            QuestionProblem.TOO_LONG, f"the question has {len(text)} characters", f"ask in at most {MAX_QUESTION}"
        )
    if any(unicodedata.category(character) == "Cs" for character in text):
        raise QuestionError(QuestionProblem.NOT_TEXT, "the question is not valid UTF-8 text", "send it as UTF-8")
    plain = " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())
    if not any(character.isalnum() for character in plain):
        raise QuestionError(QuestionProblem.EMPTY, "the question is empty", "ask something, in Italian or English")
    sources = (language,) if language is not None else question_languages(plain)
    searched = searched_text(plain, former)
    return Question(text, sources[0], searched, sources, former if searched != plain else None)
