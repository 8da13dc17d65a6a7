"""How sure it is that the archive answers: by distance alone, by a reader's opinion, by a calibrated one."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.floor import Floor
from index.records import Article, Sentence, Span
from qa.confidence import confidence, signals
from qa.evidence import Evidence
from qa.reading.calibration import Calibration
from qa.reading.records import UNREAD
from qa.records import Hit, Language, Question
from qa.retrieve import Found, ReadSentence

TEXT = "Il museo sorgerà nel distretto di Hwasong. Lo ha detto Kim Jong Un, a Pyongyang, nel 2025."
SENTENCES = (Sentence(1, 1, 0, Span(0, 42)), Sentence(2, 1, 1, Span(43, len(TEXT))))
EMPTY = Question("il di la", Language.ITALIAN, "il di la", (Language.ITALIAN,))


def case(
    text: str, similarity: float, scores: Mapping[int, float], answerable: float | None
) -> tuple[Question, Found, Evidence]:
    """A question, one passage of two sentences with what a reader said of them, and its first sentence as evidence."""
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    source = Article("a", TEXT, "Pyongyang", None, None, None, "it", None, "a.txt", "/a.txt", digest, digest)
    hit = Hit(1, "a", Span(0, len(TEXT)), 1.0, {}, {1: similarity, 2: 0.0}, {1: 1.0, 2: 0.0})
    read = {i: ReadSentence(score, SENTENCES[i - 1].span) for i, score in scores.items()}
    found = Found((hit,), {"a": source}, {1: SENTENCES}, read, answerable)
    question = Question(text, Language.ITALIAN, text, (Language.ITALIAN,))
    return question, found, Evidence(hit, SENTENCES[0].span, similarity, 1.0, SENTENCES[0], None)


@given(*[st.floats(-1, 1, allow_nan=False)] * 3, st.floats(0.001, 1))
def test_distance_alone(one: float, other: float, mean: float, spread: float) -> None:
    """Without a reader it lies from 0 to 1 for every floor that can be measured, and the nearer is never less sure."""
    floor = Floor(mean, spread)
    low, high = (confidence(*case("Dove sorge?", nearness, {}, None), floor, None) for nearness in sorted((one, other)))

    assert 0 <= low <= high <= 1


@pytest.mark.parametrize(
    ("similarity", "value"),
    [(0.8, 0.18242552), (0.83, 0.5), (0.85, 0.73105858), (0.9, 0.97068777), (-1.0, 0.0), (0.0, 0.0)],
)
def test_distance_is_counted_in_spreads(similarity: float, value: float) -> None:
    """It is .5 at one and a half spreads above the mean, and 1/(1+exp(-x)) of the spreads from there."""
    assert confidence(*case("Dove sorge?", similarity, {}, None), Floor(0.8, 0.02), None) == pytest.approx(
        value, abs=1e-8
    )


@pytest.mark.parametrize(("similarity", "mean", "sure"), [(-1.0, 1.0, 0.0), (1.0, -1.0, 1.0)])
def test_the_narrowest_floor_does_not_overflow(similarity: float, mean: float, sure: float) -> None:
    """At thousands of spreads below or above the floor, confidence is 0 or 1 and no error."""
    assert confidence(*case("Dove sorge?", similarity, {}, None), Floor(mean, 0.001), None) == sure


@given(st.floats(-30, 30))
def test_another_reader_s_own_opinion(answerable: float) -> None:
    """Without a calibration a reader's log-odds are taken as they are."""
    sure = confidence(*case("Dove sorge?", 0.9, {1: 1.0, 2: 0.0}, answerable), Floor(0.8, 0.02), None)

    assert sure == pytest.approx(1 / (1 + math.exp(-answerable)))


def test_a_calibrated_opinion() -> None:
    """With one, each signal counts with its weight."""
    question, found, best = case("Dove sorgerà il museo?", 0.9, {1: 3.0, 2: -1.0}, 2.0)

    assert signals(found, best) == {"answerable": 2.0, "lead": 4.0}
    sure = confidence(question, found, best, Floor(0.8, 0.05), Calibration({"answerable": -1.0, "lead": 0.5}, 0.25))
    assert sure == pytest.approx(1 / (1 + math.exp(-0.25)))


def test_signals_of_what_was_not_read() -> None:
    """Where no window held a sentence, none leads and nothing answers."""
    _, found, best = case("Dove sorgerà?", 0.9, {}, None)

    assert signals(found, best) == {"answerable": UNREAD, "lead": 0.0}


@pytest.mark.parametrize("calibration", [None, Calibration({"answerable": 1.0}, 9.0)])
@pytest.mark.parametrize("answerable", [None, 9.0])
def test_a_question_without_a_word_of_content(calibration: Calibration | None, answerable: float | None) -> None:
    """Nothing answers it, whatever a reader says."""
    _, found, best = case("x", 1.0, {1: 9.0}, answerable)

    assert confidence(EMPTY, found, best, Floor(0.0, 0.1), calibration) == 0.0
