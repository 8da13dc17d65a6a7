"""How sure it is that the archive answers.

With the bundled reader that is a probability, calibrated on questions it was not trained on. With another reader it is
that reader's own opinion. Without one it is the distance from the floor (:mod:`index.floor`), which tells questions
about other things from questions about these, and no more. ``docs/reader.md`` has the figures.
"""

from __future__ import annotations

from index.floor import Floor
from index.keys import question_keys
from qa.evidence import MARGIN, Evidence, above
from qa.reading.calibration import Calibration, logistic
from qa.reading.records import UNREAD
from qa.records import Question
from qa.retrieve import Found

ANSWERED = 0.25
"""Calibrated confidence from which a question counts as answered, unless somebody asks for more: .93 of the answerable
held-out questions about news reach it, and half of the unanswerable ones about the same people and events do not. A
needless *not found* costs more than a quote that its reader can judge."""


def confidence(
    question: Question, found: Found, best: Evidence, floor: Floor, calibration: Calibration | None
) -> float:
    """0 to 1; a probability where there is a `calibration`. 0 for a question without a word of content."""
    if not question_keys(question.searched, tuple(question.sources)):
        return 0.0
    if found.answerable is None:
        return logistic(above(best, floor) - MARGIN)
    if calibration is None:
        return logistic(found.answerable)
    return calibration.probability(signals(found, best))


def signals(found: Found, best: Evidence) -> dict[str, float]:
    """What the reader says of `best`, the first quote, and of all that it read.

    ``answerable`` are the log-odds that the likeliest window answers, ``lead`` how far those of the first quote's
    sentence lie before the next sentence's.
    """
    scores = {i: told.score for i, told in found.read.items()}
    lead = scores.pop(best.sentence.id, UNREAD) - max(scores.values(), default=UNREAD)
    return {"answerable": UNREAD if found.answerable is None else found.answerable, "lead": lead}
