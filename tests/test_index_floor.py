"""The floor of an archive: what questions about things that do not exist score in it."""

from __future__ import annotations

import faiss
import numpy as np
import pytest

from index.encoder import HashingEncoder, Vectors
from index.floor import INVENTED, Floor, encode_invented, measure_floor
from index.vectors import FaissIndex, SegmentVectors


def index_of(vectors: Vectors) -> FaissIndex:
    """An index of `vectors`, numbered from 1."""
    numbers = np.arange(1, 1 + len(vectors))
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return FaissIndex([SegmentVectors(np.array([numbers, numbers]), vectors, index)])


def test_invented_questions_are_asked_in_both_languages() -> None:
    """There are as many questions in each language, each once, all of them questions."""
    assert {language: len(questions) for language, questions in INVENTED.items()} == {"it": 12, "en": 12}
    assert all(len(set(questions)) == 12 for questions in INVENTED.values())
    assert all(question.endswith("?") for questions in INVENTED.values() for question in questions)


def test_invented_questions_are_encoded_as_questions() -> None:
    """The rows by language are the encoder's vectors of those questions, in order."""
    encoder = HashingEncoder()

    vectors = encode_invented(encoder)

    assert list(vectors) == ["it", "en"]
    for language, questions in INVENTED.items():
        np.testing.assert_array_equal(vectors[language], encoder.encode_questions(questions))


def test_floor_is_mean_and_spread_of_the_best() -> None:
    """By language: the mean and standard deviation of each question's best inner product, six decimals."""
    sentences = index_of(np.array([[1, 0], [0.6, 0.8]], np.float32))
    rows = np.array([[1, 0], [0, 1]], np.float32)

    floors = measure_floor({"it": rows, "en": rows[:1]}, sentences)

    assert floors == {"it": Floor(0.9, 0.1), "en": Floor(1.0, 0.001)}


def test_floor_of_an_empty_archive_is_zero() -> None:
    """Where there are no sentences the floor is zero with the least spread, and no warning is given."""
    empty = index_of(np.empty((0, 2), np.float32))

    assert measure_floor({"it": np.eye(2, dtype=np.float32)}, empty) == {"it": Floor(0.0, 0.001)}


@pytest.mark.parametrize("language", ["it", "en"])
def test_question_of_the_archive_is_above_the_floor(language: str) -> None:
    """A sentence asked for in its own words is nearer than nonsense by many spreads."""
    encoder = HashingEncoder()
    texts = {"it": "Il museo sorgerà nel distretto di Hwasong.", "en": "The museum will rise in the Hwasong district."}
    sentences = index_of(encoder.encode_passages(list(texts.values())))
    floor = measure_floor(encode_invented(encoder), sentences)[language]

    ((_, best),) = sentences.search(encoder.encode_questions([texts[language]])[0], 1)

    assert best == pytest.approx(1)
    assert best > floor.mean + 5 * floor.spread
