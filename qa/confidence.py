"""How sure it is that the first quote answers.

With the bundled reader that is a probability, calibrated on questions it was not trained on. With another reader it is
that reader's own opinion. Without one it is the distance from the floor (:mod:`index.floor`), which tells questions
about other things from questions about these, and no more. ``docs/reader.md`` has the figures.
"""

from __future__ import annotations

import math

from index.analysis import passage_terms
from index.floor import Floor
from index.keys import question_keys
from qa.evidence import MARGIN, Evidence, above
from qa.reading.calibration import Calibration
from qa.reading.records import UNREAD
from qa.records import Question
from qa.retrieve import Found

ANSWERED = 0.5
"""Confidence from which a question counts as answered, unless somebody asks for more."""


def confidence(
    question: Question, found: Found, best: Evidence, floor: Floor, calibration: Calibration | None
) -> float:
    """0 to 1; a probability where there is a `calibration`. 0 for a question without a word of content."""
    if not question_keys(question.searched, tuple(question.sources)):
        return 0.0
    if found.answerable is None:
        return _logistic(above(best, floor) - MARGIN)
    if calibration is None:
        return _logistic(found.answerable)
    return calibration.probability(signals(question, found, best, floor))


def signals(question: Question, found: Found, best: Evidence, floor: Floor) -> dict[str, float]:
    """What reader and retrieval know about `best`, the first quote.

    ``score`` is its sentence's log-odds and ``lead`` how far that lies before the next sentence's; ``answerable`` those
    of the likeliest window; ``above`` the distance from the floor; ``named`` and ``words`` the shares of the
    question's names and numbers, and of all its words, that the passage or its title holds.
    """
    article = found.articles[best.hit.article_id]
    held = set(passage_terms(f"{article.title or ''}\n{best.hit.span.of(article.text)}", article.language))
    keys = question_keys(question.searched, tuple(question.sources))
    named = [key for key in keys if key.named]
    scores = {i: told.score for i, told in found.read.items()}
    own = scores.pop(best.sentence.id, UNREAD)
    return {
        "score": own,
        "lead": own - max(scores.values(), default=UNREAD),
        "answerable": UNREAD if found.answerable is None else found.answerable,
        "above": above(best, floor),
        "named": sum(bool(key.terms & held) for key in named) / len(named) if named else 1.0,
        "words": sum(bool(key.terms & held) for key in keys) / len(keys) if keys else 0.0,
    }


def _logistic(odds: float) -> float:
    # By the form that cannot overflow.
    return 0.5 + 0.5 * math.tanh(odds / 2)
